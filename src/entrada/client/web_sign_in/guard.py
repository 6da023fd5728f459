"""May this person see that page?  Signed in, with the roles, scopes and groups it takes, and proved well enough.

Whoever could become so by signing in again is sent to; whoever lacks a role is refused, because no sign-in mends that.
"""

import json
from collections.abc import Collection
from typing import Final, cast

from attrs import evolve, field, frozen

from entrada.client.authority import Shape
from entrada.client.errors import InteractionRequired
from entrada.client.flow import Flow
from entrada.client.id_token import LEEWAY
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.error_pages import Page
from entrada.client.web_sign_in.exchange import Request, Response
from entrada.client.web_sign_in.session import Session
from entrada.client.web_sign_in.sessions.sessions import Found
from entrada.client.web_sign_in.sign_in import Asked
from entrada.client.web_sign_in.signing_in import SigningIn
from entrada.client.web_sign_in.tokens import token_for
from entrada.client.web_sign_in.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds

_TRIED: Final = Seconds(10 * 60)  # a step-up that the authority did not give is not asked for again at once


def _set(values: Collection[str]) -> frozenset[str]:
    return frozenset({values}) if isinstance(values, str) else frozenset(values)


@frozen(kw_only=True)
class Needs:
    """What a page takes.  Of several roles, or groups, one will do unless *every* is said."""

    roles: frozenset[str] = field(default=frozenset[str](), converter=_set)
    scopes: frozenset[str] = field(default=frozenset[str](), converter=_set)  # of one API; consented to when missing
    groups: frozenset[str] = field(default=frozenset[str](), converter=_set)
    every: bool = False
    acr: str | None = None  # an authentication context, as `c1`
    max_age: Seconds | None = None  # since the person last proved who they are

    def admits(self, user: User) -> bool:
        """As far as roles and groups go.  Raises GroupsUnknown."""
        return self._has(self.roles, user.roles) and (not self.groups or self._has(self.groups, user.groups))

    def _has(self, wanted: frozenset[str], owned: frozenset[str]) -> bool:
        if self.every:
            return wanted <= owned
        return not wanted or not wanted.isdisjoint(owned)


NOTHING: Final = Needs()


@frozen
class Guard:
    desk: Desk
    signing_in: SigningIn

    def require(self, request: Request, needs: Needs = NOTHING) -> Flow[Found | Response]:
        found = yield from self.desk.found(request)
        if found is None:
            return (yield from self.signing_in.challenge(request))
        if not needs.admits(found.session.user):
            return self.refused(request, found.session.user)
        if needs.scopes:
            try:
                yield from token_for(self.desk, found, tuple(sorted(needs.scopes)))
            except InteractionRequired as error:
                return (yield from self.signing_in.interaction(request, error, found))
        return (yield from self._proved(request, needs, found))

    def refused(self, request: Request, user: User) -> Response:
        place = self.desk.place(request)
        login = f"{self.desk.path(place, 'login')}?prompt=select_account"
        page = Page(
            status=403,
            title="This page is not for you",
            message=f"You are signed in as {user.username or user.name or user.user_id}, who may not see it.",
            advice="Ask whoever runs this application for the role, or use another account.",
            links=((login, "Use another account"), (place.home, "Go to the start page")),
            error="forbidden",
        )
        return self.desk.answer(request, page)

    # ---- step-up ----

    def _proved(self, request: Request, needs: Needs, found: Found) -> Flow[Found | Response]:
        now, session = self.desk.clock(), found.session
        wanted = needs.acr or ""
        if wanted and wanted not in _contexts(session.user):
            if _was_tried(session, f"acr {wanted}", now):
                return self._not_proved(request)
            return (yield from self._step_up(request, found, f"acr {wanted}", self._asked(needs)))
        if needs.max_age is not None and _is_stale(session, needs.max_age, now):
            return (yield from self._step_up(request, found, "max_age", self._asked(needs)))
        return found

    def _asked(self, needs: Needs) -> Asked:
        """Entra takes contexts as a claim, others as `acr_values` (OpenID Connect Core 1.0 §3.1.2.1, §5.5.1.1)."""
        entra = self.desk.settings.authority.shape is Shape.ENTRA
        claim = {"id_token": {"acrs": {"essential": True, "value": needs.acr}}}
        return Asked(
            scopes=self.desk.settings.scopes,
            claims=json.dumps(claim, separators=(",", ":")) if entra and needs.acr else None,
            acr_values=None if entra else needs.acr,
            max_age=needs.max_age,
        )

    def _step_up(self, request: Request, found: Found, what: str, asked: Asked) -> Flow[Response]:
        """Noting that it was asked for, so that an authority that does not know how sends nobody round for ever."""
        now = self.desk.clock()

        def noted(session: Session) -> Session:
            return evolve(session, asked=(*(one for one in session.asked if one != what), what))

        yield from self.desk.sessions.run(lambda: self.desk.sessions.change(found, noted, now))
        hinted = evolve(asked, login_hint=found.session.user.username or None)
        return (yield from self.signing_in.challenge(request, hinted, "step_up_required"))

    def _not_proved(self, request: Request) -> Response:
        page = Page(
            status=403,
            title="This page needs a stronger sign-in",
            message="You signed in again, but the authority did not confirm what this page takes.",
            advice="An administrator can say which policy confirms it.",
            links=((self.desk.place(request).home, "Go to the start page"),),
            error="insufficient_user_authentication",
        )
        return self.desk.answer(request, page)


def _contexts(user: User) -> frozenset[str]:
    acrs = user.claims.get("acrs")
    listed = cast("list[object]", acrs) if isinstance(acrs, list) else [acrs]
    return frozenset(str(one) for one in (*listed, user.acr) if one)


def _was_tried(session: Session, what: str, now: NumericDate) -> bool:
    tried = session.tried.get(what)
    return tried is not None and now - tried < _TRIED


def _is_stale(session: Session, max_age: Seconds, now: NumericDate) -> bool:
    """A sign-in that was begun for it has been judged already, with two clocks in mind."""
    since = session.user.authenticated_at
    leeway = LEEWAY if _was_tried(session, "max_age", now) else Seconds(0)
    return since is None or since + max_age + leeway < now

"""May this person see that page?  Signed in, with the roles, scopes and groups it takes, and proved well enough.

Whoever could become so by signing in again is sent to; whoever lacks a role is refused, because no sign-in mends that.
"""

import json
from typing import Final

from attrs import field, frozen

from entrada.client.authority import Shape
from entrada.client.errors import InteractionRequired
from entrada.client.flow import Flow
from entrada.client.id_token import LEEWAY
from entrada.client.names import are_held, words
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.error_pages import Page
from entrada.client.web_sign_in.exchange import Request, Response
from entrada.client.web_sign_in.people import contexts_of
from entrada.client.web_sign_in.session import Session
from entrada.client.web_sign_in.sessions.sessions import Found
from entrada.client.web_sign_in.sign_in import Asked
from entrada.client.web_sign_in.signing_in import SigningIn
from entrada.client.web_sign_in.tokens import token_for
from entrada.client.web_sign_in.tried import age_need, context_need, tried_at
from entrada.client.web_sign_in.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds


@frozen(kw_only=True)
class Needs:
    """What a page takes: all that is named.  A string is words with spaces between them."""

    roles: frozenset[str] = field(default=frozenset[str](), converter=words)
    scopes: frozenset[str] = field(default=frozenset[str](), converter=words)  # of one API; consented to when missing
    groups: frozenset[str] = field(default=frozenset[str](), converter=words)
    any_of: bool = False  # of the roles one is enough, and of the groups
    acr: str | None = None  # an authentication context, as `c1`
    max_age: Seconds | None = None  # since the person last proved who they are

    def admits(self, user: User) -> bool:
        """As far as roles and groups go.  Raises GroupsUnknown."""
        return are_held(self.roles, user.roles, any_of=self.any_of) and (
            not self.groups or are_held(self.groups, user.groups, any_of=self.any_of)
        )


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
        acr, max_age = needs.acr, needs.max_age
        lacks = bool(acr) and acr not in contexts_of(session.user)
        stale = max_age is not None and _is_stale(session, max_age, now)
        if not lacks and not stale:
            return found
        asked = self._asked(needs, session.user)
        in_vain = (lacks and tried_at(session, context_need(acr or ""), now) is not None) or (
            max_age is not None and stale and _was_stale_at_once(session, max_age, now)
        )
        if in_vain:
            return self.signing_in.in_vain(request, asked)
        return (yield from self.signing_in.challenge(request, asked, "step_up_required"))

    def _asked(self, needs: Needs, user: User) -> Asked:
        """Entra takes contexts as a claim, others as `acr_values` (OpenID Connect Core 1.0 §3.1.2.1, §5.5.1.1)."""
        entra = self.desk.settings.authority.shape is Shape.ENTRA
        claim = {"id_token": {"acrs": {"essential": True, "value": needs.acr}}}
        return Asked(
            scopes=self.desk.settings.scopes,
            claims=json.dumps(claim, separators=(",", ":")) if entra and needs.acr else None,
            acr_values=None if entra else needs.acr,
            max_age=needs.max_age,
            login_hint=user.username or None,
            needs=_names(needs),
        )


def _names(needs: Needs) -> tuple[str, ...]:
    context = (context_need(needs.acr),) if needs.acr else ()
    return context if needs.max_age is None else (*context, age_need(needs.max_age))


def _is_stale(session: Session, max_age: Seconds, now: NumericDate) -> bool:
    """The very sign-in that was begun for it has been judged already, with two clocks in mind."""
    judged = tried_at(session, age_need(max_age), now) == session.began_at
    return _is_older(session.user, Seconds(max_age + LEEWAY if judged else max_age), now)


def _was_stale_at_once(session: Session, max_age: Seconds, now: NumericDate) -> bool:
    """They signed in for it, and the authority did not say that they proved anything."""
    at = tried_at(session, age_need(max_age), now)
    return at is not None and _is_older(session.user, Seconds(max_age + LEEWAY), at)


def _is_older(user: User, age: Seconds, now: NumericDate) -> bool:
    return user.authenticated_at is None or user.authenticated_at + age < now

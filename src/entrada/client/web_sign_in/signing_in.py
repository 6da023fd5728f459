"""Send the person to the authority, and take them in when they come back.  OpenID Connect Core 1.0 §3.1."""

import json
from contextlib import suppress
from typing import Any, Final, cast
from urllib.parse import quote

from attrs import asdict, evolve, frozen

from entrada.client.errors import EntradaError, InteractionRequired
from entrada.client.flow import Flow
from entrada.client.grants.identity import SCOPES
from entrada.client.token_cache.remembering import remember, wanted
from entrada.client.web_sign_in import log
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.error_pages import Page
from entrada.client.web_sign_in.exchange import Request, Response, json_answer, redirect
from entrada.client.web_sign_in.groups import resolve_groups
from entrada.client.web_sign_in.outcome import Refused, SignedIn, Why
from entrada.client.web_sign_in.people import contexts_of, is_guest, user_of
from entrada.client.web_sign_in.session import Session, last_end
from entrada.client.web_sign_in.sessions.sessions import Found
from entrada.client.web_sign_in.sign_in import Asked
from entrada.client.web_sign_in.transaction import Transaction
from entrada.client.web_sign_in.tried import came_back, token_need, tried_at
from entrada.client.web_sign_in.web_app import ResponseMode
from entrada.client.web_sign_in.whereabouts import Place
from entrada.core.jose.invalid_token import Flaw
from entrada.core.jose.json_object import parse_object
from entrada.core.jose.numeric_date import NumericDate

_LONGEST_HINT: Final = 256
_PROMPTS: Final = frozenset({"login", "select_account", "consent", "create", "none"})
_ADVICE: Final = {  # where the authority says no more than a word
    "": "Sign in again; that is all that is needed if the page was old.",
    "access_denied": "It was cancelled. Sign in again if you did not mean to.",
}
_UNDERSTOOD: Final = {"xms_cc": {"values": ["cp1"]}}  # that challenges will be answered


@frozen
class SigningIn:
    desk: Desk

    # ---- out ----

    def login(self, request: Request) -> Flow[Response]:
        """`/auth/login`: anybody may link to it, so the scopes and claims of a link are sealed by us."""
        query, place = request.query, self.desk.place(request)
        asked = self._sealed(query.get("ask", "")) or Asked(scopes=self.desk.settings.scopes)
        prompt, hint, domain = (query.get(name, "")[:_LONGEST_HINT] for name in ("prompt", "login_hint", "domain_hint"))
        asked = evolve(
            asked,
            prompt=prompt if prompt in _PROMPTS else None,
            login_hint=hint or asked.login_hint,
            domain_hint=domain or None,
        )
        return (yield from self.begin(request, query.get("return_to") or place.home, asked))

    def begin(self, request: Request, return_to: str, asked: Asked) -> Flow[Response]:
        desk, place = self.desk, self.desk.place(request)
        claims = _with_capability(asked.claims) if desk.settings.continuous_access else asked.claims
        begun = yield from desk.sign_in(place).begin(
            return_to=desk.back(place, return_to),
            now=desk.clock(),
            entropy=desk.entropy,
            asked=evolve(asked, claims=claims),
        )
        transaction = evolve(begun.transaction, before=desk.brought(request))
        cookies = desk.transactions(place).to_add(transaction, request.cookies)
        answer = redirect(begun.url, after_post=not request.is_safe)
        return answer.with_cookies(*desk.set_cookies(place, cookies))

    def challenge(self, request: Request, asked: Asked | None = None, error: str = "login_required") -> Flow[Response]:
        """Whoever is not there, or not enough: a browser is sent to sign in and back, a script is told in JSON."""
        desk, place = self.desk, self.desk.place(request)
        asked = asked or Asked(scopes=desk.settings.scopes)
        if request.navigates:
            return (yield from self.begin(request, place.page_of(request), asked))
        members = {"error": error, "login_url": self._login_url(request, asked)}
        return json_answer(401, members, WWW_Authenticate='Cookie realm="sign-in"')

    def in_vain(self, request: Request, asked: Asked) -> Response:
        """They signed in for this and it is not there: said so, and only they may ask once more."""
        again = self._login_url(request, asked)
        page = Page(
            status=403,
            title="This page needs more than your sign-in gave",
            message="You signed in for it, but the authority did not give what this page takes.",
            advice="An administrator can say which policy or consent gives it.",
            links=((again, "Sign in again"), (self.desk.place(request).home, "Go to the start page")),
            error="insufficient_user_authentication",
            login_url=again,
        )
        return self.desk.answer(request, page)

    def _login_url(self, request: Request, asked: Asked) -> str:
        """A link of ours that asks for this, and comes back to the page."""
        desk, place = self.desk, self.desk.place(request)
        back = quote(place.page_of(request), safe="")
        return f"{desk.path(place, 'login')}?ask={desk.asks.seal(_pack(asked))}&return_to={back}"

    def interaction(self, request: Request, error: InteractionRequired, found: Found | None) -> Flow[Response]:
        """For these scopes, with the claims of the challenge where there are; then back to where they were."""
        hint = found.session.user.username if found is not None else ""
        need = token_need(error.scopes, error.said.claims)
        asked = Asked(scopes=error.scopes, claims=error.said.claims, login_hint=hint or None, needs=(need,))
        if found is not None and tried_at(found.session, need, self.desk.clock()) is not None:
            return self.in_vain(request, asked)
        return (yield from self.challenge(request, asked, "interaction_required"))

    def _sealed(self, text: str) -> Asked | None:
        payload = self.desk.asks.open(text) if text else None
        return _unpack(payload) if payload is not None else None

    # ---- back ----

    def callback(self, request: Request) -> Flow[Response]:
        desk, place, came_at = self.desk, self.desk.place(request), self.desk.clock()
        posted = request.method == "POST"
        if posted != (desk.settings.response_mode == ResponseMode.FORM_POST):
            return self._not_in(request, Refused(why=Why.NOT_BEGUN_HERE))
        parameters = request.form if posted else request.query
        transaction = desk.transactions(place).find(request.cookies, parameters)
        outcome = yield from desk.sign_in(place).finish(parameters, transaction, now=came_at, entropy=desk.entropy)
        spent = desk.set_cookies(place, [desk.transactions(place).to_drop(transaction)] if transaction else [])
        if isinstance(outcome, Refused):
            if outcome.why is Why.NOT_BEGUN_HERE and (yield from desk.found(request)) is not None:
                return redirect(place.home, after_post=posted)  # Back brought it again: who is signed in stays so
            return self._not_in(request, outcome).with_cookies(*spent)
        id_ = yield from self._open(request, outcome, cast("Transaction", transaction), came_at)
        if isinstance(id_, Refused):
            return self._not_in(request, id_).with_cookies(*spent)
        answer = redirect(desk.back(place, outcome.return_to), after_post=posted)
        return answer.with_cookies(desk.session_cookie(place, id_), *spent)

    def _open(
        self, request: Request, outcome: SignedIn, transaction: Transaction, came_at: NumericDate
    ) -> Flow[str | Refused]:
        """A session of a new id; what the browser had before ends, and leaves its tokens to the same person."""
        desk, now = self.desk, self.desk.clock()
        if not desk.settings.guests and is_guest(outcome.claims):
            return Refused(why=Why.NO_GUESTS)
        before = (yield from desk.found(request)) or (yield from desk.found_by(transaction.before))
        session = _session(outcome, transaction, before.session if before is not None else None, desk, now)
        if session is None:
            return Refused(why=Why.OVER)
        opened = yield from desk.sessions.run(lambda: self._replaced(before, session, came_at))
        if opened is None:
            return Refused(why=Why.ENDED_MEANWHILE)
        id_, found = opened
        with suppress(EntradaError):  # then the groups stay unknown, and whoever asks for them is told so
            yield from resolve_groups(desk, found)
        return id_

    def _replaced(self, before: Found | None, session: Session, came_at: NumericDate) -> tuple[str, Found] | None:
        """None: the authority ended it after the answer came, when there was nothing yet to be ended."""
        sessions, now = self.desk.sessions, self.desk.clock()
        if before is not None:
            sessions.end_key(before.key)
        id_, found = sessions.begin(session, now)
        if not sessions.has_ended(session, came_at, now):
            return id_, found
        sessions.end_key(found.key)
        return None

    def _not_in(self, request: Request, refused: Refused) -> Response:
        log.not_signed_in(refused, request)
        return self.desk.answer(request, self._page(self.desk.place(request), refused))

    def _page(self, place: Place, refused: Refused) -> Page:
        again = (self.desk.path(place, "login"), "Sign in again")
        if refused.detail is not None and refused.detail.startswith(Flaw.WRONG_TENANT.value.rstrip(".")):
            return self._another_tenant(place)
        if refused.why is Why.NO_GUESTS:
            return self._no_guests(place)
        return Page(
            status=400,
            title="You were not signed in",
            message=str(refused.why),
            advice=refused.detail or _ADVICE.get(refused.error or "", "Sign in again."),
            links=(again, (place.home, "Go to the start page")),
            error=refused.error or "sign_in_failed",
            aadsts=refused.said.aadsts if refused.said is not None else None,
            trace_id=refused.said.trace_id if refused.said is not None else None,
        )

    def _another_tenant(self, place: Place) -> Page:
        return Page(
            status=400,
            title="Your organization cannot use this application",
            message="You signed in with an account of a directory that is not let in here.",
            advice="Use an account of another organization, or ask whoever runs this application to let yours in.",
            links=self._another_account(place),
            error="tenant_not_allowed",
        )

    def _no_guests(self, place: Place) -> Page:
        return Page(
            status=403,
            title="Guests cannot use this application",
            message="Your account is a guest in that directory.",
            advice="Use an account that belongs to it, or ask whoever runs this application.",
            links=self._another_account(place),
            error="guest_not_allowed",
        )

    def _another_account(self, place: Place) -> tuple[tuple[str, str], ...]:
        login = self.desk.path(place, "login")
        return ((f"{login}?prompt=select_account", "Use another account"), (place.home, "Go to the start page"))


def _session(
    outcome: SignedIn, transaction: Transaction, before: Session | None, desk: Desk, now: NumericDate
) -> Session | None:
    user = user_of(outcome)
    ends_at = last_end(user, desk.settings.session, now)
    if ends_at is None:
        return None
    same = before if before is not None and _is_of(outcome, before) else None
    kept = remember(
        same.kept if same is not None else None,
        outcome.tokens,
        wanted((*SCOPES, *transaction.scope.split())),
        now,
    )
    session = Session(
        user=user,
        sid=outcome.session_id or "",
        session_state=outcome.session_state or "",
        began_at=now,
        seen_at=now,
        ends_at=ends_at,
        kept=kept,
    )
    return came_back(session, same, transaction.needs, contexts_of(user))


def _is_of(outcome: SignedIn, session: Session) -> bool:
    return (session.user.issuer, session.user.user_id) == (outcome.issuer, outcome.user_id)


def _with_capability(claims: str | None) -> str:
    members = parse_object(claims.encode()) if claims is not None else {}
    mine = members.get("access_token")
    asked = cast("dict[str, object]", mine) if isinstance(mine, dict) else {}
    return json.dumps({**members, "access_token": {**asked, **_UNDERSTOOD}}, separators=(",", ":"))


def _pack(asked: Asked) -> bytes:
    return json.dumps(asdict(asked), separators=(",", ":")).encode()


def _unpack(payload: bytes) -> Asked | None:
    """What we sealed; None where another release did, of another shape."""
    members = cast("dict[str, Any]", parse_object(payload))
    try:
        scopes, needs = (tuple(cast("list[str]", members.pop(name))) for name in ("scopes", "needs"))
        return Asked(scopes=scopes, needs=needs, **members)
    except (KeyError, TypeError):
        return None

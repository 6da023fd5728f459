"""End sessions: because the person asks (RP-Initiated Logout 1.0), or because the authority says so.

Front-Channel Logout 1.0: in a frame that brings no cookie.  Back-Channel Logout 1.0: from server to server.
"""

from functools import partial
from typing import Final

from attrs import frozen

from entrada.client.errors import EntradaError, TokenRejected, Unreachable
from entrada.client.flow import Flow
from entrada.client.web_sign_in import log
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.error_pages import Button, Page, origin_of
from entrada.client.web_sign_in.exchange import Request, Response, empty_answer, json_answer, redirect
from entrada.client.web_sign_in.logout_token import REMEMBERED, LogoutToken, verified_logout_token
from entrada.client.web_sign_in.session import Session, logout_name
from entrada.client.web_sign_in.sessions.sessions import Found
from entrada.client.web_sign_in.whereabouts import Place
from entrada.core.jose.numeric_date import NumericDate

_USED: Final = "It was used before."


@frozen
class SigningOut:
    desk: Desk

    def logout(self, request: Request) -> Flow[Response]:
        """A POST from our own pages.  Whatever else leads here is asked first: no link or picture signs anybody out."""
        desk, place = self.desk, self.desk.place(request)
        if request.method != "POST" or not desk.is_ours(request):
            return (yield from self._asked_first(request, place))
        found = yield from desk.found(request)
        if found is not None:
            yield from desk.sessions.run(lambda: desk.sessions.end_key(found.key))
        url = yield from self._onwards(place, found)
        return redirect(url, after_post=True).with_cookies(desk.session_cookie(place, None))

    def _asked_first(self, request: Request, place: Place) -> Flow[Response]:
        try:
            metadata = yield from self.desk.provider.metadata(self.desk.clock())
            leads_to = origin_of(metadata.end_session_endpoint) if metadata.end_session_endpoint else None
        except EntradaError:
            leads_to = None
        fields = (("csrf", self.desk.csrf(request)),)
        page = Page(
            status=200,
            title="Sign out?",
            message="You will be signed out of this application and of the account you used.",
            button=Button(label="Sign out", action=self.desk.path(place, "logout"), fields=fields, leads_to=leads_to),
            links=((place.home, "Stay signed in"),),
            error="logout_not_confirmed",
        )
        return self.desk.answer(request, page)

    def _onwards(self, place: Place, found: Found | None) -> Flow[str]:
        """To the authority, which signs out too; where it cannot be reached, out of here at least."""
        settings = self.desk.settings
        after = settings.after_logout
        hint = found.session.kept.id_token if found is not None else None
        try:
            url = yield from self.desk.sign_in(place).end(
                return_to=place.url(after) if after is not None else None,
                now=self.desk.clock(),
                id_token_hint=hint,
            )
        except EntradaError:
            url = None
        return url or place.root + (after or "/")

    # ---- told by the authority ----

    def frontchannel_logout(self, request: Request) -> Flow[Response]:
        """Entra names the session alone, others the issuer too.  Said of another issuer, it ends nothing.

        Nobody signs it: whoever has seen the name of a session can end it, and no more.
        """
        desk, query, now = self.desk, request.query, self.desk.clock()
        sid, issuer = query.get("sid", ""), query.get("iss")

        def fits(session: Session) -> bool:
            return issuer in (None, session.user.issuer)

        if sid:
            for kind in ("sid", "session_state"):
                yield from desk.sessions.run(partial(desk.sessions.end_named, kind, sid, fits, now))
        return empty_answer()

    def backchannel_logout(self, request: Request) -> Flow[Response]:
        """200 when done, also where nobody was signed in (§2.8); 400 for a token that must not be believed."""
        desk, now = self.desk, self.desk.clock()
        try:
            token = yield from verified_logout_token(
                request.form.get("logout_token", ""), desk.provider, desk.settings.client_id, now
            )
            yield from desk.sessions.run(lambda: self._end(token, now))
        except TokenRejected as error:
            log.not_signed_out(error.message, request)
            return json_answer(400, {"error": "invalid_request", "error_description": error.message})
        except Unreachable as error:
            return json_answer(503, {"error": "temporarily_unavailable", "error_description": error.message})
        return empty_answer()

    def _end(self, token: LogoutToken, now: NumericDate) -> None:
        """Raises TokenRejected for a token that was used before; it is spent when all have ended, and not sooner."""
        sessions, mark = self.desk.sessions, f"logout {token.issuer} {token.id}"
        if sessions.was_seen(mark, now):
            raise TokenRejected(_USED)

        def fits(session: Session) -> bool:
            user = session.user
            return user.issuer == token.issuer and token.subject in (None, user.subject)

        for kind, value in token.ends():
            sessions.note_end(token.issuer, logout_name(kind, value), now)
            sessions.end_named(kind, value, fits, now)
        if not sessions.once(mark, NumericDate(now + REMEMBERED), now):
            raise TokenRejected(_USED)

"""The forms that end something: one session, all of them, a consent."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.ids import ServicePrincipalId, SessionId
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters
from entrada.server.usecases.own_consents import revoke_consent
from entrada.server.usecases.own_membership import find_member
from entrada.server.usecases.own_sessions import Used, end_all_sessions, end_own_session, without
from entrada.server.usecases.prove_password import prove_password
from entrada.server.web.account.notice import CONSENT, EVERYWHERE, FIELD, SESSION, seal_notice
from entrada.server.web.account.overview import Problem, overview
from entrada.server.web.account.visit import Visit, redirect, reopen
from entrada.server.web.http import decision_log
from entrada.server.web.http.site import Site


async def end_one(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    user, session_id = visit.account.user, SessionId(form.get("session") or "")
    if session_id != visit.account.session.id:
        if not visit.is_fresh and not form.sent("passwd"):
            return await overview(visit, ending=session_id)
        if refusal := await _not_them(visit, form):
            decision_log.refused("session ended", refusal, visit.trace, user=user.id)
            return await overview(visit, problem=Problem.of("session", refusal), ending=session_id)
    used = await end_own_session(visit.here, user, visit.browser, session_id)
    if used is None:
        return redirect("/account", {"user": user.id})  # ended meanwhile, or never one's own: there is nothing to end
    decision_log.granted("session ended", visit.trace, user=user.id, session=session_id)
    if session_id == visit.account.session.id:
        return _gone(visit, SESSION, {session_id}, used)
    return back(visit, SESSION, used)


async def end_all(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    user = visit.account.user
    refusal = await _not_them(visit, form)
    if refusal is not None:
        decision_log.refused("sign-out everywhere", refusal, visit.trace, user=user.id)
        return await overview(visit, problem=Problem.of("everywhere", refusal))
    used = await end_all_sessions(visit.here, visit.acting(user), user, visit.browser)
    decision_log.granted("sign-out everywhere", visit.trace, user=user.id)
    return _gone(visit, EVERYWHERE, {visit.account.session.id}, used)


async def take_back(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    user, client = visit.account.user, ServicePrincipalId(form.get("client") or "")
    member = await find_member(visit.here, user, form.get("organization") or user.tenant_id)
    if member is None or not await revoke_consent(visit.here, visit.acting(member), member, client):
        return redirect("/account", {"user": user.id})  # taken back meanwhile, or a guest there no more
    decision_log.granted("consent taken back", visit.trace, user=member.id, service_principal=client)
    return back(visit, CONSENT, organization=member.tenant_id)


def back(visit: Visit, word: str, used: tuple[Used, ...] = (), *, organization: str | None = None) -> Response:
    """To the overview, which says what was done."""
    sealed, user = seal_notice(visit.here, visit.browser, word, used), visit.account.user
    where = {"organization": organization} if organization not in (None, user.tenant_id) else {}
    return redirect("/account", {"user": user.id, **where, FIELD: sealed})


async def _not_them(visit: Visit, form: Parameters) -> Refusal | None:
    """Whoever finds a browser open must not turn its owner out elsewhere."""
    if visit.is_fresh:
        return None
    user, browser = visit.account.user, visit.browser
    proved = await prove_password(
        visit.here, user.user_principal_name, form.get("passwd") or "", address=browser.address
    )
    return proved if isinstance(proved, Refusal) else None


def _gone(visit: Visit, word: str, session_ids: set[SessionId], used: tuple[Used, ...]) -> Response:
    """To the page for whoever has no session here any more."""
    answer = redirect("/account/ended", {FIELD: seal_notice(visit.here, visit.browser, word, used)})
    visit.site.cookies.write(visit.here, answer, without(visit.browser, session_ids), visit.browser)
    return answer

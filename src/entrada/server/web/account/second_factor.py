"""The forms of the second factor, each of which takes a code: new recovery codes, and away with the authenticator."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors.reason import Refusal
from entrada.server.usecases.own_second_factor import remove_authenticator, renew_recovery_codes
from entrada.server.web.account.notice import AUTHENTICATOR
from entrada.server.web.account.overview import Problem, overview
from entrada.server.web.account.sessions import back
from entrada.server.web.account.visit import Visit, redirect, reopen, replace
from entrada.server.web.http import decision_log
from entrada.server.web.http.site import Site

_FORM = "factor"


async def renew(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    by = visit.acting(visit.account.user)
    codes = await renew_recovery_codes(visit.here, by, visit.account, form.get("code") or "")
    if isinstance(codes, Refusal):
        return await _refused(visit, codes)
    decision_log.granted("recovery codes renewed", visit.trace, user=visit.account.user.id)
    context = {
        "username": visit.account.user.user_principal_name,
        "codes": codes,
        "back": f"/account?user={visit.account.user.id}",
    }
    # No redirect: the codes are in this answer alone, and sending the form again spends a code that is spent.
    return visit.answered(visit.site.pages.render("account_codes.html", context))


async def remove(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    user = visit.account.user
    if visit.account.second_factor_required:
        return redirect(replace(user))  # there must be one: the old one goes when another is there
    refusal = await remove_authenticator(visit.here, visit.acting(user), visit.account, form.get("code") or "")
    if refusal is not None:
        return await _refused(visit, refusal)
    decision_log.granted("authenticator removed", visit.trace, user=user.id)
    return back(visit, AUTHENTICATOR)


async def _refused(visit: Visit, refusal: Refusal) -> Response:
    decision_log.refused("second factor", refusal, visit.trace, user=visit.account.user.id)
    return await overview(visit, problem=Problem.of(_FORM, refusal))

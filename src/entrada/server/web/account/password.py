"""The page that changes the password: the current one, the new one twice, a code where there is an authenticator."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.credentials.password import MIN_LENGTH
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters
from entrada.server.usecases.change_own_password import Changed, Wanted, change_own_password
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.web.account.notice import FIELD, PASSWORD, seal_notice
from entrada.server.web.account.visit import Visit, arrive, redirect, reopen
from entrada.server.web.http import decision_log
from entrada.server.web.http.branding import branding_of
from entrada.server.web.http.site import Site


async def show(site: Site, request: Request) -> Response:
    visit = await arrive(site, request)
    return visit if isinstance(visit, Response) else await _page(visit, None)


async def change(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    visit, form = opened
    user = visit.account.user
    by, wanted = visit.acting(user), _wanted(form)
    changed = await change_own_password(visit.here, by, visit.account, wanted, visit.browser, visit.trace)
    match changed:
        case Unfit(fault):
            return await _page(visit, fault)
        case Refusal():
            decision_log.refused("password change", changed, visit.trace, user=user.id)
            return await _page(visit, f"{changed.text} {changed.advice}")
        case Changed():
            decision_log.granted("password change", visit.trace, user=user.id)
            return _done(visit, changed)


def _wanted(form: Parameters) -> Wanted:
    new = NewPassword(once=form.get("new_password") or "", again=form.get("confirm_password") or "")
    return Wanted(current=form.get("current_password") or "", new=new, code=form.get("code") or "")


def _done(visit: Visit, changed: Changed) -> Response:
    sealed = seal_notice(visit.here, visit.browser, PASSWORD, changed.ended)
    answer = redirect("/account", {"user": visit.account.user.id, FIELD: sealed})
    visit.site.cookies.write(visit.here, answer, changed.browser, visit.browser)
    return answer


async def _page(visit: Visit, error: str | None) -> Response:
    user = visit.account.user
    home = await visit.here.store.find_tenant(user.tenant_id)
    context = {
        "tenant_name": home.display_name if home else None,
        "branding": branding_of(home),
        "username": user.user_principal_name,
        "back": f"/account?user={user.id}",
        "hidden": visit.hidden,
        "min_length": MIN_LENGTH,
        "has_authenticator": user.authenticator is not None,
        "error": error,
    }
    return visit.answered(visit.site.pages.render("account_password.html", context))

"""The page behind a one-time link, where a person chooses a password, the first or another."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.credentials.password import MIN_LENGTH
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.server.usecases.enrol import choose_password, open_enrolment
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.web.http import decision_log
from entrada.server.web.http.form import read_form
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity.error_page import error_page


async def show(site: Site, request: Request) -> Response:
    token = request.query_params.get("token", "")
    user = await open_enrolment(site.here, token)
    return _refused(site, request, user) if isinstance(user, Refusal) else _page(site, user, token, None)


async def submit(site: Site, request: Request) -> Response:
    form = await read_form(request)
    if isinstance(form, Refusal):
        return _refused(site, request, form)
    token = form.get("token") or ""
    user = await open_enrolment(site.here, token)
    if isinstance(user, Refusal):
        return _refused(site, request, user)
    new = NewPassword(once=form.get("new_password") or "", again=form.get("confirm_password") or "")
    trace, address = trace_of(site.here, request), request.client.host if request.client else ""
    answer = await choose_password(site.here, token, new, correlation_id=trace.correlation_id, address=address)
    match answer:
        case Refusal():
            return _refused(site, request, answer)
        case Unfit(fault):
            return _page(site, user, token, fault)
        case _:
            decision_log.granted("enrol", trace, tenant=answer.tenant_id, user=answer.id)
            message = (
                f"You are {answer.user_principal_name} in every application of this directory: open one, and sign in."
            )
            return site.pages.render("done.html", {"heading": "Password set", "message": message, "link": None})


def _page(site: Site, user: User, token: str, error: str | None) -> Response:
    context = {
        "action": "/enrol",
        "hidden": [("token", token)],
        "username": user.user_principal_name,
        "min_length": MIN_LENGTH,
        "error": error,
    }
    return site.pages.render("enrol.html", context)


def _refused(site: Site, request: Request, refusal: Refusal) -> Response:
    trace = trace_of(site.here, request)
    decision_log.refused("enrol", refusal, trace)
    return error_page(site, refusal, trace)

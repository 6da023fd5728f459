"""The end session endpoint, GET and POST.  OpenID Connect RP-Initiated Logout 1.0; reference section 36."""

from attrs import evolve
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.ids import SessionId
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.sign_out import Choose, SignedOut, SignOutRequest, ask_or_sign_out, sign_out_chosen
from entrada.server.web.http import decision_log
from entrada.server.web.http.ask_again import ask_again
from entrada.server.web.http.form import read_form, read_query
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity.error_page import error_page
from entrada.server.web.identity.interactions import open_interaction, seal_interaction
from entrada.server.web.identity.wording import account_rows


async def logout(site: Site, request: Request) -> Response:
    parameters = await read_form(request) if request.method == "POST" else read_query(request)
    if isinstance(parameters, Refusal):
        return _refused(site, request, parameters)
    browser = site.cookies.read(site.here, request)
    answer = await ask_or_sign_out(site.here, _asked(parameters), browser)
    if isinstance(answer, SignedOut):
        return await _signed_out(site, request, answer, browser)
    if again := ask_again(request, parameters, browser):
        return again
    return await _choose(site, request, parameters, browser, answer)


async def logout_chosen(site: Site, request: Request) -> Response:
    """The form of the page that asks which account to sign out of."""
    form = await read_form(request)
    if isinstance(form, Refusal):
        return _refused(site, request, form)
    browser = site.cookies.read(site.here, request)
    interaction = open_interaction(site.here, form, browser, purposes.SIGN_OUT)
    if isinstance(interaction, Refusal):
        return _refused(site, request, interaction)
    chosen = None if form.get("all") else SessionId(form.get("account") or "")
    answer = await sign_out_chosen(site.here, _asked(interaction.parameters), browser, chosen)
    return await _signed_out(site, request, answer, browser)


def _asked(parameters: Parameters) -> SignOutRequest:
    return SignOutRequest(
        id_token_hint=parameters.get("id_token_hint"),
        logout_hint=parameters.get("logout_hint"),
        client_id=parameters.get("client_id"),
        post_logout_redirect_uri=parameters.get("post_logout_redirect_uri"),
        state=parameters.get("state"),
    )


async def _choose(site: Site, request: Request, parameters: Parameters, browser: Browser, choose: Choose) -> Response:
    tenant = request.path_params["tenant"]
    trace = trace_of(site.here, request)
    interaction = Interaction(
        segment=tenant,
        version=Version.V2,
        parameters=parameters,
        browser=browser.digest,
        correlation_id=trace.correlation_id,
        progress=Progress(started_at=trace.at),
    )
    context = {
        "accounts": await account_rows(site.here.store, choose.accounts),
        "action": f"/{tenant}/oauth2/v2.0/logout/account",
        "hidden": seal_interaction(site.here, interaction, purposes.SIGN_OUT),
    }
    targets = [choose.may_return_to] if choose.may_return_to else []
    answer = site.pages.render("sign_out.html", context, form_targets=targets)
    site.cookies.write(site.here, answer, browser, browser)
    return answer


async def _signed_out(site: Site, request: Request, signed_out: SignedOut, arrived: Browser) -> Response:
    trace = trace_of(site.here, request)
    for account in signed_out.accounts:
        decision_log.granted("sign-out", trace, user=account.user.id, session=account.session.id)
    if signed_out.return_to is not None and not signed_out.frontchannel:
        status = 303 if request.method == "POST" else 302
        answer: Response = RedirectResponse(signed_out.return_to, status, HEADERS)
    else:
        context = {
            "accounts": [account.user.user_principal_name for account in signed_out.accounts],
            "remaining": await account_rows(site.here.store, signed_out.remaining),
            "sign_out_url": request.url.path.removesuffix("/account"),
            "return_url": signed_out.return_to,
            "frontchannel": signed_out.frontchannel,
        }
        answer = site.pages.render("signed_out.html", context, frames=signed_out.frontchannel)
    # No page of ours stays open, so a browser that came without its cookie need not get another one.
    site.cookies.write(site.here, answer, signed_out.browser, evolve(arrived, is_new=False))
    return answer


def _refused(site: Site, request: Request, refusal: Refusal) -> Response:
    trace = trace_of(site.here, request)
    decision_log.refused("sign-out", refusal, trace)
    return error_page(site, refusal, trace)

"""The request that is being answered, and the ways to answer it: a form's page, an error page, back to the client."""

from attrs import frozen
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.application import Application
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose import base64url
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.response_mode import Reply, ResponseMode
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.lookup import find_authority
from entrada.server.web.http import decision_log
from entrada.server.web.http.branding import branding_of
from entrada.server.web.http.form import read_form
from entrada.server.web.http.heard import hear_asked, hear_known
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity.error_page import error_page
from entrada.server.web.identity.interactions import open_interaction, seal_interaction

_NONCE_BYTES = 16
_SIGN_IN = ("username.html", "password.html")


@frozen(kw_only=True)
class Scene:
    """The request that is being answered."""

    site: Site
    interaction: Interaction
    arrived: Browser  # as its cookies said
    browser: Browser  # as its cookies shall say
    trace: Trace
    recovering: bool = False  # a recovery code came, of the page that asks for another code first
    after_post: bool  # 303 instead of 302, so that a form's fields are never sent on (RFC 9700 §4.12)

    @property
    def client_id(self) -> str | None:
        return self.interaction.parameters.get("client_id")

    def acting(self, user: User) -> Actor:
        """*user*, in what is done to the directory at these pages."""
        return in_person(user, Via.SIGN_IN, self.trace.correlation_id, address=self.browser.address)


async def shown(scene: Scene, refusal: Refusal, client: Application | None) -> Response:
    decision_log.refused("authorize", refusal, scene.trace, client=scene.client_id)
    authority = await find_authority(scene.site.here.store, scene.interaction.segment)
    return error_page(scene.site, refusal, scene.trace, client, authority.tenant if authority else None)


def reply(scene: Scene, answer: Reply) -> Response:
    """Send the browser back to a redirect URI that has been validated."""
    if answer.mode is not ResponseMode.FORM_POST:
        return RedirectResponse(answer.location, 303 if scene.after_post else 302, HEADERS)
    context = {"action": answer.redirect_uri, "fields": list(answer.fields)}
    nonce = base64url.encode(scene.site.here.entropy(_NONCE_BYTES))
    return scene.site.pages.render("form_post.html", context, form_targets=[answer.redirect_uri], nonce=nonce)


def form_page(
    scene: Scene, request: AuthorizeRequest, template: str, context: dict[str, object], path: str
) -> Response:
    tenant = request.authority.tenant
    shared = {
        "tenant_name": tenant.display_name if tenant else None,
        "branding": branding_of(tenant, with_text=template in _SIGN_IN),
        "app_name": request.client.display_name,
        "action": f"/{request.authority.segment}/{path}",
        "hidden": seal_interaction(scene.site.here, scene.interaction),
    }
    targets = [request.redirect_uri] if request.redirect_uri else []
    return scene.site.pages.render(template, {**shared, **context}, form_targets=targets)


def hear_interaction(interaction: Interaction, browser: Browser) -> None:
    """What was asked when it began, and who is signing in, as far as the browser tells."""
    hear_asked(interaction.parameters.items())
    progress, sessions = interaction.progress, browser.sessions
    if progress.username:
        hear_asked([("username", progress.username)])
    chosen = [one for one in sessions if one.session_id == progress.chosen] or (sessions if len(sessions) == 1 else ())
    if progress.proof is not None:
        hear_known(user=progress.proof.user_id, home=progress.proof.tenant_id)
    elif chosen and not progress.username:
        hear_known(user=chosen[0].user_id, home=chosen[0].tenant_id)


async def reopen(
    site: Site, request: Request, purpose: str = purposes.INTERACTION
) -> tuple[Scene, Parameters] | Response:
    """Take up what a page's form carries; a page that says why when it cannot be."""
    form = await read_form(request)
    browser = site.cookies.read(site.here, request)
    opened = form if isinstance(form, Refusal) else open_interaction(site.here, form, browser, purpose)
    if isinstance(opened, Refusal) or isinstance(form, Refusal):
        trace = trace_of(site.here, request)
        refusal = opened if isinstance(opened, Refusal) else Refusal(why.INTERACTION_STALE)
        decision_log.refused("sign-in", refusal, trace)
        return error_page(site, refusal, trace)
    hear_interaction(opened, browser)
    trace = trace_of(site.here, request, opened.correlation_id)
    scene = Scene(site=site, interaction=opened, arrived=browser, browser=browser, trace=trace, after_post=True)
    return scene, form

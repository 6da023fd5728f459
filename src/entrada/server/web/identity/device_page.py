"""The page where a person types the code that a device shows, and lets the device in.  RFC 8628 §3.3, §5.4.

A code is always typed, never taken from a link: whoever follows a stranger's link would let the stranger's device in.
"""

from attrs import evolve
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.ids import ANY_TENANT
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.audience import Authority, Global
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.device_flow import DeviceFlow
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.usecases.authorize import Ready, advance
from entrada.server.usecases.decide_device_flow import GUESSING, approve, decline, find_by_user_code, find_waiting
from entrada.server.usecases.lookup import find_authority
from entrada.server.web.http import decision_log
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity.device_confirmation import flow_key
from entrada.server.web.identity.error_page import error_page
from entrada.server.web.identity.interactions import seal_interaction
from entrada.server.web.identity.present import present
from entrada.server.web.identity.scene import Scene, reopen, shown


async def device_login(_site: Site, _request: Request) -> Response:
    """What devices show, since people type it."""
    return RedirectResponse(f"/{Global.COMMON}/oauth2/deviceauth", 302, HEADERS)


async def show(site: Site, request: Request) -> Response:
    trace = trace_of(site.here, request)
    authority = await find_authority(site.here.store, request.path_params["tenant"])
    if authority is None:
        refusal = Refusal(why.TENANT_NOT_FOUND, {"tenant": request.path_params["tenant"]})
        decision_log.refused("device", refusal, trace)
        return error_page(site, refusal, trace)
    browser = site.cookies.read(site.here, request)
    interaction = Interaction(
        segment=authority.segment,
        version=Version.V2,
        parameters=Parameters(),
        browser=browser.digest,
        correlation_id=trace.correlation_id,
        progress=Progress(started_at=trace.at),
        errand=Errand.DEVICE,
    )
    scene = Scene(site=site, interaction=interaction, arrived=browser, browser=browser, trace=trace, after_post=False)
    return _code_page(scene, authority, None)


async def submit(site: Site, request: Request) -> Response:
    opened = await reopen(site, request, purposes.DEVICE_PAGE)
    if isinstance(opened, Response):
        return opened
    scene, form = opened
    authority = await find_authority(site.here.store, scene.interaction.segment)
    if authority is None:
        return await shown(scene, Refusal(why.TENANT_NOT_FOUND, {"tenant": scene.interaction.segment}), None)
    flow = await find_by_user_code(site.here, form.get("user_code") or "", scene.browser, authority.tenant)
    if isinstance(flow, Refusal):
        decision_log.refused("device", flow, scene.trace)
        return _code_page(scene, authority, flow)
    scene = evolve(scene, interaction=_for(flow, scene))
    return await present(scene, await advance(site.here, scene.interaction, scene.browser))


async def decide(site: Site, request: Request) -> Response:
    """The form of the page that shows which device asks."""
    opened = await reopen(site, request, purposes.DEVICE_APPROVAL)
    if isinstance(opened, Response):
        return opened
    scene, form = opened
    if form.get("decision") == "other":
        progress = evolve(scene.interaction.progress, chosen=None, username=None, another=True)
        scene = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
    outcome = await advance(site.here, scene.interaction, scene.browser)
    if not isinstance(outcome, Ready) or form.get("decision") == "other":
        return await present(scene, outcome)  # or signed out meanwhile, disabled, without consent
    return await _decide(scene, outcome, approved=form.get("decision") == "approve")


async def _decide(scene: Scene, ready: Ready, *, approved: bool) -> Response:
    here, client = scene.site.here, ready.request.client
    flow = await find_waiting(here, flow_key(scene, ready.request))
    if isinstance(flow, Refusal):
        return await shown(scene, flow, client)
    refusal = await (approve(here, flow, ready.account) if approved else decline(here, flow))
    if refusal is not None:
        return await shown(scene, refusal, client)
    session = ready.account.session
    told = "device approved" if approved else "device declined"
    decision_log.granted(told, scene.trace, client=client.app_id, user=session.user_id, session=session.id)
    return _done(scene, client.display_name, approved=approved)


def _done(scene: Scene, app_name: str, *, approved: bool) -> Response:
    if approved:
        heading, said = "You are signed in", f"{app_name} goes on by itself on your device."
    else:
        heading, said = "The device was not let in", f"{app_name} has got nothing."
    message = f"{said} You may close this window."
    answer = scene.site.pages.render("done.html", {"heading": heading, "message": message, "link": None})
    scene.site.cookies.write(scene.site.here, answer, scene.browser, scene.arrived)
    return answer


def _code_page(scene: Scene, authority: Authority, refusal: Refusal | None) -> Response:
    context = {
        "tenant_name": authority.tenant.display_name if authority.tenant else None,
        "action": f"/{authority.segment}/oauth2/deviceauth",
        "hidden": seal_interaction(scene.site.here, scene.interaction, purposes.DEVICE_PAGE),
        "error": f"{refusal.text} {refusal.advice}" if refusal else None,
    }
    too_many = refusal is not None and refusal.reason.status == 429
    answer = scene.site.pages.render("device_code.html", context, status=429 if too_many else 200)
    if too_many:
        answer.headers["Retry-After"] = str(GUESSING)
    scene.site.cookies.write(scene.site.here, answer, scene.browser, scene.arrived)
    return answer


def _for(flow: DeviceFlow, scene: Scene) -> Interaction:
    """From here on the sign-in that the device asks for, where it asked."""
    tenant_id = flow.key.tenant_id
    asked = {"client_id": str(flow.client_id), "scope": flow.scope, **({"claims": flow.claims} if flow.claims else {})}
    return evolve(
        scene.interaction,
        segment=Global.COMMON if tenant_id == ANY_TENANT else tenant_id,
        parameters=Parameters(asked),
        progress=Progress(started_at=scene.trace.at),
        subject=flow.key.id,
    )

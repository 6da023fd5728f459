"""Which device asks to be let in, and as whom: shown before anything is approved.  RFC 8628 §5.4 (remote phishing)."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.ids import ANY_TENANT, FamilyId
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.device_flow import DeviceFlowKey
from entrada.server.usecases.authorize import Ready
from entrada.server.usecases.decide_device_flow import decline, find_waiting
from entrada.server.web.http.user_agent import in_words
from entrada.server.web.identity.interactions import seal_interaction
from entrada.server.web.identity.scene import Scene, form_page, shown
from entrada.server.web.identity.wording import publisher


def flow_key(scene: Scene, request: AuthorizeRequest) -> DeviceFlowKey:
    tenant = request.authority.tenant
    return DeviceFlowKey(tenant_id=tenant.id if tenant else ANY_TENANT, id=FamilyId(scene.interaction.subject))


async def confirm(scene: Scene, ready: Ready) -> Response:
    client, here = ready.request.client, scene.site.here
    flow = await find_waiting(here, flow_key(scene, ready.request))
    if isinstance(flow, Refusal):
        return await shown(scene, flow, client)
    # The account that the page shows is the one that the form is for.
    progress = evolve(scene.interaction.progress, chosen=ready.account.session.id)
    scene = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
    context: dict[str, object] = {
        "hidden": seal_interaction(here, scene.interaction, purposes.DEVICE_APPROVAL),
        "username": ready.account.user.user_principal_name,
        "publisher": publisher(client),
        "publisher_verified": client.verified_publisher is not None,
        "address": flow.address,
        "program": in_words(flow.user_agent),
        "when": _when(flow.asked_at, here.clock()),
        "user_code": flow.user_code,
    }
    return form_page(scene, ready.request, "device_confirm.html", context, "oauth2/deviceauth/decision")


async def turn_away(scene: Scene, request: AuthorizeRequest) -> None:
    """The person said no to what the device asked for: it need not go on polling."""
    flow = await find_waiting(scene.site.here, flow_key(scene, request))
    if not isinstance(flow, Refusal):
        await decline(scene.site.here, flow)


def _when(asked_at: NumericDate, now: NumericDate) -> str:
    match (now - asked_at) // 60:
        case 0:
            return "just now"
        case 1:
            return "a minute ago"
        case minutes:
            return f"{minutes} minutes ago"

"""Answer a device that asks to be let in: a code for itself, a code for a person.  RFC 8628 §3.1, §3.2."""

from attrs import field, frozen

from entrada.core.credentials.place import is_elsewhere, place_of
from entrada.core.directory.ids import ANY_TENANT, FamilyId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import device_flow
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.device_code import DeviceCode, pack_device_code
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize import pipeline
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import StartDeviceFlow
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.store.port import StoreContended
from entrada.server.usecases.authorize import gather
from entrada.server.usecases.installation import Installation

_LONGEST = 2_000  # bytes of scope and claims, which stay in the row: as much as a code would carry
_WAITING = 100  # devices of one client at one place: an office shares an address
_TRIES = 5  # a user code that is taken is one in many millions


@frozen(kw_only=True)
class DeviceRequest:
    segment: str
    version: Version
    parameters: Parameters = field(repr=False)
    address: str = ""
    user_agent: str = ""


@frozen(kw_only=True)
class Started:
    flow: DeviceFlow = field(repr=False)
    device_code: str = field(repr=False)
    verification_uri: str

    def members(self, version: Version) -> dict[str, object]:
        """In the order Entra writes them; v1.0 spells the URI another way, and numbers as text."""
        message = (
            f"To sign in, open {self.verification_uri} in a browser, on this or another device, "
            f"and enter the code {self.flow.user_code}."
        )
        v1 = version is Version.V1
        return {
            "user_code": self.flow.user_code,
            "device_code": self.device_code,
            "verification_url" if v1 else "verification_uri": self.verification_uri,
            "expires_in": str(device_flow.LIFETIME) if v1 else device_flow.LIFETIME,
            "interval": str(device_flow.INTERVAL) if v1 else device_flow.INTERVAL,
            "message": message,
        }


async def start_device_flow(here: Installation, asked: DeviceRequest) -> Started | Refusal:
    request = await _check(here, asked)
    if isinstance(request, Refusal):
        return request
    if _too_many_wait(here, request, asked.address):
        return Refusal(why.THROTTLED, {"seconds": str(device_flow.LIFETIME)})
    for _ in range(_TRIES):
        flow = _flow(here, asked, request)
        if await here.store.commit((StartDeviceFlow(flow),)):
            return _started(here, flow)
        # The user code is another device's.
    raise StoreContended


async def _check(here: Installation, asked: DeviceRequest) -> AuthorizeRequest | Refusal:
    """As an authorization request is checked, as far as it goes: neither redirect URI nor secret come with it."""
    length = sum(len((asked.parameters.get(name) or "").encode()) for name in ("scope", "resource", "claims"))
    if length > _LONGEST:
        return Refusal(why.TOO_LONG, {"fault": f"scope and claims exceed {_LONGEST} bytes"})
    interaction = Interaction(
        segment=asked.segment,
        version=asked.version,
        parameters=asked.parameters,
        browser=b"",
        correlation_id="",
        progress=Progress(started_at=here.clock()),
        errand=Errand.DEVICE,
    )
    context = await gather(here, interaction)
    if isinstance(context, Refusal):
        return context
    answer = pipeline.run(context)
    return answer if isinstance(answer, AuthorizeRequest) else answer.refusal


def _too_many_wait(here: Installation, request: AuthorizeRequest, address: str) -> bool:
    """Anybody may ask and leave a row, so how many is counted: as long as a row lives, decided or not."""
    if not is_elsewhere(address):
        return False
    key = (request.client.app_id, place_of(address))
    return here.counted.device_starts.add(key, here.clock(), device_flow.LIFETIME) > _WAITING


def _flow(here: Installation, asked: DeviceRequest, request: AuthorizeRequest) -> DeviceFlow:
    now, tenant = here.clock(), request.authority.tenant
    return DeviceFlow(
        key=DeviceFlowKey(tenant_id=tenant.id if tenant else ANY_TENANT, id=FamilyId(here.new_id())),
        user_code=device_flow.make_user_code(here.entropy(device_flow.DICE)),
        client_id=request.client.app_id,
        scope=request.scopes.text,
        asked_at=now,
        ends_at=NumericDate(now + device_flow.LIFETIME),
        address=asked.address,
        user_agent=asked.user_agent[:300],
        claims=asked.parameters.get("claims") or "",
    )


def _started(here: Installation, flow: DeviceFlow) -> Started:
    code = DeviceCode(key=flow.key, client_id=flow.client_id, ends_at=flow.ends_at)
    sealed = here.seal(pack_device_code(code), purpose=purposes.DEVICE_CODE, tenant=flow.key.tenant_id)
    return Started(flow=flow, device_code=sealed, verification_uri=f"{here.origin}/devicelogin")

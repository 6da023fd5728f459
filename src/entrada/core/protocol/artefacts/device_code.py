"""A device code: which flow the device waits for, as packed bytes.  RFC 8628 §3.2."""

from attrs import frozen

from entrada.core.directory.ids import ClientId, FamilyId, TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.protocol.device_flow import DeviceFlowKey
from entrada.core.sealing.payload import Payload, pack, unpack


@frozen(kw_only=True)
class DeviceCode:
    """With whose it is and until when, so that a stranger's or a late poll is refused before anything is read."""

    key: DeviceFlowKey
    client_id: ClientId
    ends_at: NumericDate


class PackedDeviceCode(Payload, frozen=True):
    id: bytes
    client: bytes
    ends_at: int


def pack_device_code(code: DeviceCode) -> bytes:
    return pack(PackedDeviceCode(id=to_bytes(code.key.id), client=to_bytes(code.client_id), ends_at=code.ends_at))


def unpack_device_code(tenant: str, data: bytes) -> DeviceCode:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedDeviceCode)
    return DeviceCode(
        key=DeviceFlowKey(tenant_id=TenantId(tenant), id=FamilyId(to_text(packed.id))),
        client_id=ClientId(to_text(packed.client)),
        ends_at=NumericDate(packed.ends_at),
    )

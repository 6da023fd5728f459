"""Effects on device flows as statements."""

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.protocol.effects import DecideDeviceFlow, StartDeviceFlow
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import approval_text, device_flow_row
from entrada.server.store.sql.schema import DEVICE_FLOWS

_START = Prepared(insert(DEVICE_FLOWS).on_conflict_do_nothing())
_DECIDE = Prepared(
    update(DEVICE_FLOWS)
    .where(
        DEVICE_FLOWS.c.tenant_id == bindparam("key_tenant_id"),
        DEVICE_FLOWS.c.id == bindparam("key_id"),
        DEVICE_FLOWS.c.decided_at.is_(None),
        DEVICE_FLOWS.c.ends_at > bindparam("at"),
    )
    .values(decided_at=bindparam("at"), approval=bindparam("given"))
)


def start_device_flow(connection: Connection, effect: StartDeviceFlow) -> bool:
    return _START.rows(connection, device_flow_row(effect.flow)) == 1


def decide_device_flow(connection: Connection, effect: DecideDeviceFlow) -> bool:
    key = {"key_tenant_id": effect.key.tenant_id, "key_id": effect.key.id}
    return _DECIDE.rows(connection, {**key, "at": effect.at, "given": approval_text(effect.approval)}) == 1

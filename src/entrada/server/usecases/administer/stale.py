"""Refuse to write over what somebody else has written since; say what changed, who changed it and when."""

from collections.abc import Iterator
from typing import Final

from entrada.core.directory.administration.problem import Detail, Problem, stale
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.group import Group
from entrada.core.directory.query.condition import AnyElement, Op
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.usecases.installation import Installation

_LATEST: Final = 20  # rows of the audit log that are read for it


async def refuse_stale(
    here: Installation, now: Application | ServicePrincipal | User | Group | Tenant | GatewayRecord, seen: int | None
) -> Problem | None:
    """*seen* is the version the caller read; None: whatever it is now."""
    if seen is None or seen == now.version:
        return None
    tenant_id = now.id if isinstance(now, Tenant) else now.tenant_id
    object_id = f"{now.kind}/{now.id}" if isinstance(now, GatewayRecord) else now.id  # as the log names it
    query = Query(where=AnyElement("target_id", Op.EQ, object_id), order=Order("at", descending=True), top=_LATEST)
    rows = await here.store.list_page(DirectoryAudit, tenant_id, query)
    latest = dict[str | None, Detail]()  # of each member its last change, newest first
    for detail in (detail for row in rows.items for detail in _details(row, object_id, seen)):
        latest.setdefault(detail.target, detail)
    return stale(tuple(latest.values()))


def _details(row: DirectoryAudit, object_id: str, seen: int) -> Iterator[Detail]:
    by = row.initiated_by
    who = by.user_principal_name or by.app_display_name or by.app_id or by.via
    for target in row.targets:
        if target.id != object_id or target.version <= seen:
            continue
        for one in target.modified:
            message = f"{one.display_name} was changed by {who} at {written_moment(row.at)} ({row.activity})."
            yield Detail(code="Changed", message=message, target=one.display_name)

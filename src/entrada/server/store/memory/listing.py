"""What a collection is chosen from: each object of a kind, with the application that a service principal is of."""

from collections.abc import Iterator
from typing import Any, TypeVar

from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import TenantId
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH
from entrada.core.directory.query.evaluate import Subject
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.story import Story
from entrada.server.store import identity
from entrada.server.store.memory.tables import Tables

L = TypeVar("L", bound=Entity | DirectoryAudit | Story)


def subjects_of(tables: Tables, kind: type[L], tenant_id: TenantId) -> Iterator[tuple[Subject, L]]:
    return ((Subject(kind, item, _application(tables, item)), item) for item in _all(tables, kind, tenant_id))


def _all(tables: Tables, kind: type[L], tenant_id: TenantId) -> list[L]:
    held: dict[Any, Any]
    if kind is DirectoryAudit:
        held = tables.audits
    elif kind is Story:
        held = tables.stories
    else:
        held = tables.of(kind)
    return [item for key, item in list(held.items()) if key[0] == tenant_id]


def _application(tables: Tables, item: object) -> Application | None:
    if not isinstance(item, ServicePrincipal):
        return None
    if item.app_id == APP_ID:
        return MICROSOFT_GRAPH
    return tables.held(Application, identity.client_name(item.app_id))

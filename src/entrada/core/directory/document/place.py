"""The objects of a file with the ids they have: given in the file, else those of the stored object of that name."""

from collections.abc import Iterator

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.document.entries import PrincipalEntry, TenantEntry
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.index import Index
from entrada.core.directory.document.look_up import scope_values
from entrada.core.directory.document.policies import with_stated
from entrada.core.directory.document.tree import Position
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User


def tenant(entry: TenantEntry, before: Index, *, prune: bool) -> tuple[Position, Tenant]:
    """Every file names its tenants, if only for what is in them, so each policy it is silent about stays on merging."""
    stored = None if prune else before.tenants.get(entry.tenant.id)
    return entry.at, evolve(entry.tenant, policies=with_stated(entry.policies, stored.policies if stored else None))


def users(entry: TenantEntry, before: Index) -> Iterator[tuple[Position, User]]:
    for asked in entry.users:
        stored = None if asked.id_given else before.user(entry.tenant.id, asked.user.user_principal_name)
        yield asked.at, evolve(asked.user, id=stored.id) if stored else asked.user


def groups(entry: TenantEntry, before: Index) -> Iterator[tuple[Position, Group]]:
    for asked in entry.groups:
        stored = None if asked.id_given else before.group(entry.tenant.id, asked.group.display_name)
        yield asked.at, evolve(asked.group, id=stored.id) if stored else asked.group


def applications(entry: TenantEntry, before: Index) -> Iterator[tuple[Position, Application]]:
    for asked in entry.applications:
        stored = None if asked.id_given else before.applications.get(asked.application.app_id)
        yield asked.at, evolve(asked.application, id=stored.id) if stored else asked.application


def principal(tenant_id: TenantId, before: Index, known: Index, asked: PrincipalEntry) -> ServicePrincipal:
    """The service principal a file lists.  Raises FaultFound when its application is unknown or may not come here."""
    application = known.application(asked.app.text)
    if application is None:
        raise FaultFound(asked.app.at, f"No application has the appId {asked.app.text!r}.")
    if application.tenant_id != tenant_id and not application.is_multi_tenant:
        raise FaultFound(asked.app.at, f"{application.display_name} is for the tenant it is registered in alone.")
    return ServicePrincipal(
        id=asked.id or _id(tenant_id, application.app_id, before),
        tenant_id=tenant_id,
        app_id=application.app_id,
        account_enabled=asked.account_enabled,
        app_role_assignment_required=asked.app_role_assignment_required,
        low_impact_scopes=scope_values(application, asked.low_impact_scopes),
        access_token_lifetime=asked.access_token_lifetime,
        notes=asked.notes,
        tags=asked.tags,
    )


def implied_principals(entry: TenantEntry, before: Index, kept: Index) -> Iterator[tuple[Position, ServicePrincipal]]:
    """Microsoft Graph's, and those of the tenant's own applications, unless the file lists them or they are kept."""
    tenant_id = entry.tenant.id
    listed = {asked.app.text.lower() for asked in entry.principals}
    own = ((asked.at, asked.application.app_id) for asked in entry.applications if asked.present)
    homes = ((entry.at, APP_ID), *own)
    for at, app_id in homes:
        if app_id not in listed and kept.principal(tenant_id, app_id) is None:
            yield at, ServicePrincipal(id=_id(tenant_id, app_id, before), tenant_id=tenant_id, app_id=app_id)


def _id(tenant_id: TenantId, app_id: ClientId, before: Index) -> ServicePrincipalId:
    stored = before.principal(tenant_id, app_id)
    return stored.id if stored else service_principal_id(tenant_id, app_id)

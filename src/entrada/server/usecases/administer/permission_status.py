"""What a registration asks for and what of it is granted, for whom: the table of the page API permissions."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, PermissionId, ServicePrincipalId
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from entrada.core.directory.service_principal import PermissionGrant
from entrada.server.usecases.administer.grant_admin_consent import Consented, consented
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_NAMED: Final = 10  # people that are named; of more it is said how many


@frozen(kw_only=True)
class PermissionRow:
    """One permission.  *permission* is None where the API, or what is asked of it, does not exist any more."""

    resource_app_id: ClientId
    resource_name: str | None
    permission_id: PermissionId | None  # None: granted by a name that the API offers no more
    value: str
    delegated: bool
    permission: PermissionScope | AppRole | None
    listed: bool  # in requiredResourceAccess; otherwise it is granted without
    for_all: bool  # delegated: for everybody; else: to the application
    people: tuple[str, ...] = ()  # user principal names of some of those who consented for themselves
    more_people: int = 0

    @property
    def needs_admin(self) -> bool:
        one = self.permission
        return one.admin_only if isinstance(one, PermissionScope) else True

    @property
    def is_granted(self) -> bool:
        return self.for_all or bool(self.people)


@frozen
class _Api:
    """An API, and what the application holds of it."""

    app_id: ClientId
    application: Application | None
    scopes: tuple[PermissionGrant, ...] = ()
    roles: frozenset[PermissionId] = frozenset()


async def permission_status(
    here: Installation, actor: Actor, application: Application
) -> tuple[PermissionRow, ...] | Problem:
    """By API: those that the registration lists, in its order, then those granted besides."""
    if refused := may(actor, Operation.READ_GRANTS) or may(actor, Operation.READ_ASSIGNMENTS):
        return refused
    principal = await here.store.find_service_principal(actor.tenant_id, application.app_id)
    held = await consented(here, principal) if principal else Consented((), ())
    listed = {one.resource_app_id: one for one in application.required_resource_access}
    rows = list[PermissionRow]()
    for api in await _apis(here, actor, listed, held):
        for row in _rows(api, listed.get(api.app_id)):
            rows.append(await _with_people(here, actor, row, api) if row.delegated else row)
    return tuple(rows)


async def _apis(here: Installation, actor: Actor, listed: Iterable[ClientId], held: Consented) -> list[_Api]:
    resources = {*(one.resource_id for one in held.grants), *(one.resource_id for one in held.assignments)}
    app_ids = {one: await _app_id(here, actor, one) for one in sorted(resources)}
    every = dict.fromkeys((*listed, *(one for one in app_ids.values() if one)))
    return [
        _Api(
            app_id,
            await find_application(here.store, app_id),
            tuple(one for one in held.grants if app_ids[one.resource_id] == app_id),
            frozenset(one.app_role_id for one in held.assignments if app_ids[one.resource_id] == app_id),
        )
        for app_id in every
    ]


async def _app_id(here: Installation, actor: Actor, principal_id: ServicePrincipalId) -> ClientId | None:
    found = await here.store.find_service_principal_by_id(actor.tenant_id, principal_id)
    return found.app_id if found else None


def _rows(api: _Api, listed: RequiredResourceAccess | None) -> Iterator[PermissionRow]:
    scopes = (
        {one.id: one for one in api.application.scopes} if api.application else dict[PermissionId, PermissionScope]()
    )
    roles = {one.id: one for one in api.application.app_roles} if api.application else dict[PermissionId, AppRole]()
    asked_scopes, asked_roles = (listed.scopes, listed.roles) if listed else ((), ())
    names = {scopes[one].value for one in asked_scopes if one in scopes}
    by_value = {one.value: one for one in scopes.values()}
    for scope_id in asked_scopes:
        yield _scope_row(api, scopes.get(scope_id), scope_id, listed=True)
    for role_id in asked_roles:
        yield _role_row(api, roles.get(role_id), role_id, listed=True)
    for value in sorted({value for grant in api.scopes for value in grant.scopes} - names):
        yield _scope_row(api, by_value.get(value), None, value, listed=False)
    for role_id in sorted(api.roles - set(asked_roles)):
        yield _role_row(api, roles.get(role_id), role_id, listed=False)


def _scope_row(
    api: _Api, scope: PermissionScope | None, scope_id: PermissionId | None, value: str = "", *, listed: bool
) -> PermissionRow:
    name = scope.value if scope else value or str(scope_id)
    return PermissionRow(
        resource_app_id=api.app_id,
        resource_name=api.application.display_name if api.application else None,
        permission_id=scope.id if scope else scope_id,
        value=name,
        delegated=True,
        permission=scope,
        listed=listed,
        for_all=any(grant.principal_id is None and name in grant.scopes for grant in api.scopes),
    )


def _role_row(api: _Api, role: AppRole | None, role_id: PermissionId, *, listed: bool) -> PermissionRow:
    return PermissionRow(
        resource_app_id=api.app_id,
        resource_name=api.application.display_name if api.application else None,
        permission_id=role_id,
        value=role.value if role else role_id,
        delegated=False,
        permission=role,
        listed=listed,
        for_all=role_id in api.roles,
    )


async def _with_people(here: Installation, actor: Actor, row: PermissionRow, api: _Api) -> PermissionRow:
    who = [one.principal_id for one in api.scopes if one.principal_id and row.value in one.scopes]
    found = [await here.store.find_user(actor.tenant_id, one) for one in who[:_NAMED]]
    names = tuple(sorted(one.user_principal_name for one in found if one))
    return evolve(row, people=names, more_people=max(len(who) - _NAMED, 0))

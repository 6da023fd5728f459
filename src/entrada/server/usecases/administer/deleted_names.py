"""Which name of something deleted somebody else has taken meanwhile, so that it cannot come back as it was."""

from entrada.core.directory.administration.problem import Problem, bad, taken
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.group import Group
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.usecases.administer.application_names import refuse_taken
from entrada.server.usecases.lookup import find_application


async def refuse_restoring(store: Store, item: DeletedItem) -> Problem | None:
    if item.application is not None:
        return await _refuse_application(store, item.application, item.service_principal)
    if item.service_principal is not None:
        return await _refuse_principal(store, item.service_principal)
    if item.user is not None:
        return await _refuse_user(store, item.user)
    return await _refuse_group(store, item.group) if item.group else None


async def _refuse_application(
    store: Store, application: Application, principal: ServicePrincipal | None
) -> Problem | None:
    by_id = await store.find_entity(Application, (application.tenant_id, application.id))
    holder = by_id or await store.find_application(application.app_id)
    if holder is not None:
        return taken(f"There is an application with the appId {holder.app_id} again: delete that one first.", "appId")
    there = await store.find_service_principal(application.tenant_id, application.app_id) if principal else None
    if there is not None:
        return taken(f"There is a service principal of {application.app_id} again: delete that one first.", "appId")
    return await refuse_taken(store, None, application)


async def _refuse_principal(store: Store, principal: ServicePrincipal) -> Problem | None:
    if await find_application(store, principal.app_id) is None:
        return bad(f"The application {principal.app_id} is gone: restore that one first.")
    by_id = await store.find_service_principal_by_id(principal.tenant_id, principal.id)
    if by_id or await store.find_service_principal(principal.tenant_id, principal.app_id):
        return taken(f"There is a service principal of {principal.app_id} again: delete that one first.", "appId")
    return None


async def _refuse_user(store: Store, user: User) -> Problem | None:
    name = user.user_principal_name
    if await store.find_user_by_name(user.tenant_id, name):
        return taken(f"There is another user {name} now: rename or delete that one first.", "userPrincipalName")
    if user.home and await store.find_guest(user.tenant_id, user.home.user_id):
        return taken(f"{name} is a guest here again: delete that guest first.", "userPrincipalName")
    if await store.find_user(user.tenant_id, user.id):
        return taken(f"There is a user with the id {user.id} again: delete that one first.", "id")
    return None


async def _refuse_group(store: Store, group: Group) -> Problem | None:
    if await store.find_entity(Group, (group.tenant_id, group.id)):
        return taken(f"There is a group with the id {group.id} again: delete that one first.", "id")
    return None

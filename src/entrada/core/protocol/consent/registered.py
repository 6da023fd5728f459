"""What a registration lists, all that `.default` stands for.  Reference sections 26 and 27.5."""

from collections.abc import Iterable, Mapping
from typing import Final

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.consent.permission import ApplicationPermission, Permission
from entrada.core.protocol.scope import ResourceScopes
from entrada.core.protocol.version import Version

Known = Mapping[ClientId, Application]

SIGN_IN: Final = frozenset({"openid", "profile", "offline_access"})
"""Given with every consent that nobody will be there to ask for later: MSAL names them in each of its requests."""


def registered_scopes(client: Application, apis: Iterable[Application], known: Known) -> list[Permission]:
    """The client's list, and the lists of those of *apis*, asked for, that know the client as one of theirs."""
    asked = tuple(apis)
    own = _scopes(client, known, None)
    if _lists_nothing_of_itself(client) and any(api.app_id == client.app_id for api in asked):
        # An application that is its own API need not list itself; what administrators alone may grant it must.
        own += [Permission(client, scope) for scope in client.scopes if scope.is_enabled and not scope.admin_only]
    return own + [one for api in asked if knows(api, client) for one in _behind(api, known)]


def registered_roles(client: Application, apis: Iterable[Application], known: Known) -> list[ApplicationPermission]:
    through = [one for api in apis if knows(api, client) for one in _roles(api, known, api)]
    return _roles(client, known, None) + through


def knows(api: Application, client: Application) -> bool:
    """Whether consent to *client* covers what *api* needs of others, too: `knownClientApplications`."""
    return client.app_id in api.known_client_applications and client.app_id != api.app_id


def refuse_unlisted(
    part: ResourceScopes, client: Application, wanted: Iterable[Permission], held: Held, version: Version
) -> Refusal | None:
    """A `.default` that nothing could come of: without this, consent would be asked for again and again."""
    resource = part.resource
    if not part.default or held.of(resource):
        return None
    if any(one.resource.app_id == resource.app_id and one.through is None for one in wanted):
        return None
    facts = {"client_id": client.app_id, "name": client.display_name, "resource": resource.display_name}
    if any(access.resource_app_id == resource.app_id and access.scopes for access in client.required_resource_access):
        return Refusal(why.MISCONFIGURED_APPLICATION, facts)
    return Refusal(why.RESOURCE_NOT_LISTED if version is Version.V1 else why.PERMISSIONS_NOT_LISTED, facts)


def _behind(api: Application, known: Known) -> list[Permission]:
    """What an API needs of others; if it needs anything, on behalf of whoever signed in."""
    listed, graph = _scopes(api, known, api), known.get(APP_ID)
    if not listed or graph is None:
        return listed
    return listed + [Permission(graph, scope, api) for scope in graph.scopes if scope.value in SIGN_IN]


def _scopes(holder: Application, known: Known, through: Application | None) -> list[Permission]:
    return [
        Permission(known[access.resource_app_id], scope, through)
        for access in holder.required_resource_access
        if access.resource_app_id in known
        for scope in known[access.resource_app_id].scopes
        if scope.id in access.scopes and scope.is_enabled
    ]


def _roles(holder: Application, known: Known, through: Application | None) -> list[ApplicationPermission]:
    return [
        ApplicationPermission(known[access.resource_app_id], role, through)
        for access in holder.required_resource_access
        if access.resource_app_id in known
        for role in known[access.resource_app_id].app_roles
        if role.id in access.roles and role.is_enabled and "Application" in role.allowed_member_types
    ]


def _lists_nothing_of_itself(client: Application) -> bool:
    return all(access.resource_app_id != client.app_id for access in client.required_resource_access)

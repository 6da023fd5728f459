"""What an administrator is asked to grant for a whole organization, and who may.  Reference section 28."""

import hashlib
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import GRAPH_ROLE_CONSENTING
from entrada.core.directory.ids import TenantId
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.consent.decide import each_once, wanted
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.consent.may_grant import may_consent_for_all
from entrada.core.protocol.consent.permission import ApplicationPermission, Grantable, Permission
from entrada.core.protocol.consent.registered import (
    SIGN_IN,
    Known,
    refuse_unlisted,
    registered_roles,
    registered_scopes,
)
from entrada.core.protocol.scope import GRAPH, OIDC, ScopeRequest
from entrada.core.protocol.version import Version

_NOTHING_HELD: Final = Held({})


@frozen
class OrganizationAsk:
    permissions: tuple[Permission, ...]
    roles: tuple[ApplicationPermission, ...]

    @property
    def named(self) -> tuple[Grantable, ...]:
        return (*self.permissions, *self.roles)


def stand_for(
    request: ScopeRequest, client: Application, graph: Application, known: Known, version: Version
) -> OrganizationAsk | Refusal:
    """Everything the request names; on v1.0, and with `.default`, the whole registration with its app roles.

    What is granted already is named again: an administrator sees all that the application will have.
    """
    if version is Version.V1:
        apis = [known[one.resource_app_id] for one in client.required_resource_access if one.resource_app_id in known]
        delegated = tuple(registered_scopes(client, apis, known))
    else:
        apis = [part.resource for part in request.resources if part.default]
        delegated = wanted(request, client, graph, known, _NOTHING_HELD)
    roles = tuple({one.key: one for one in registered_roles(client, apis, known)}.values()) if apis else ()
    if version is Version.V2 and (refusal := _refuse(request, client, delegated, roles)):
        return refusal
    if not delegated and not roles:
        return Refusal(why.PERMISSIONS_NOT_LISTED, {"client_id": client.app_id, "name": client.display_name})
    # Or each user of the application would still be asked for these.
    basics = [Permission(graph, scope) for scope in graph.scopes if scope.value in SIGN_IN]
    return OrganizationAsk(each_once((*delegated, *basics)), roles)


def _refuse(
    request: ScopeRequest,
    client: Application,
    delegated: tuple[Permission, ...],
    roles: tuple[ApplicationPermission, ...],
) -> Refusal | None:
    with_roles = {one.resource.app_id for one in roles}
    parts = (part for part in request.resources if part.resource.app_id not in with_roles)
    refusals = (refuse_unlisted(part, client, delegated, _NOTHING_HELD, Version.V2) for part in parts)
    return next((refusal for refusal in refusals if refusal), None)


def refuse_user(ask: OrganizationAsk, user: User, graph: Application) -> Refusal | None:
    on_graph = any(one.resource.app_id == graph.app_id for one in ask.roles)
    suitable = may_consent_for_all(user) and (not on_graph or user.directory_roles & GRAPH_ROLE_CONSENTING)
    return None if suitable else Refusal(why.MAY_NOT_CONSENT_FOR_ALL, {"user": user.user_principal_name})


def digest(ask: OrganizationAsk, tenant_id: TenantId) -> bytes:
    """Names what the page showed, and whose organization is meant: only that is granted by its button."""
    words = sorted(one.told for one in ask.named)
    return hashlib.sha256(" ".join([tenant_id, *words]).encode()).digest()


def granted_text(ask: OrganizationAsk) -> str:
    """The `scope` of the answer: what the client itself was given, each under its API."""
    words = [_word(one.resource, one.scope.value) for one in ask.permissions if one.through is None]
    words += [_word(one.resource, one.role.value) for one in ask.roles if one.through is None]
    return " ".join(dict.fromkeys(words))


def _word(resource: Application, value: str) -> str:
    named = next(iter(resource.identifier_uris), resource.app_id)
    return value if named == GRAPH and value in OIDC else f"{named}/{value}"

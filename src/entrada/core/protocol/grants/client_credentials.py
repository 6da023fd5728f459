"""An application acts for itself: which API, with which roles?  RFC 6749 §4.4; reference section 20."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.presence import presence
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.scope import DEFAULT, parse_words
from entrada.core.protocol.tokens.app_token import AppGrant
from entrada.core.protocol.tokens.roles import application_roles, is_assigned
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Facts:
    """The directory as it is now."""

    tenant: Tenant
    client: Application
    principal: ServicePrincipal | None  # the client's presence in the tenant
    resource: Application | None
    resource_principal: ServicePrincipal | None  # as stored in the tenant
    assignments: tuple[AppRoleAssignment, ...]  # of *principal*


def asked_resource(parameters: Parameters, version: Version) -> str | Refusal:
    """The identifier of the one resource that is asked for, as spelled."""
    name = "resource" if version is Version.V1 else "scope"
    asked = parameters.get(name)
    if asked is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": name})
    if version is Version.V1:
        return asked
    words = parse_words(asked)
    if isinstance(words, Refusal):
        return words
    # Where a person signs in, a GUID alone means .default too, and a word said twice counts once; not here.
    spelled_out = all(word.value == DEFAULT and not word.spelled for word in words)
    if not words or not spelled_out or len(asked.split()) != len(words):
        return Refusal(why.SCOPE_NOT_DEFAULT, {"scope": asked})
    return words[0].identifier if len(words) == 1 else Refusal(why.INVALID_SCOPE, {"scope": asked})


def decide(identifier: str, facts: Facts) -> AppGrant | Refusal:
    """*identifier* is what `asked_resource` found, and the client has proved itself."""
    tenant, client, principal = facts.tenant, facts.client, facts.principal
    if principal is None:
        return Refusal(why.CLIENT_NOT_FOUND, {"client_id": client.app_id, "tenant": tenant.id})
    asked = {"resource": identifier, "tenant": tenant.id, "client_id": client.app_id}
    resource = facts.resource
    at = presence(resource, facts.resource_principal, tenant.id) if resource else None
    if resource is None or at is None or not resource.may_be_used_in(tenant.id):
        return Refusal(why.RESOURCE_NOT_FOUND, asked)
    if not at.account_enabled:
        return Refusal(why.RESOURCE_DISABLED, asked)
    if at.app_role_assignment_required and not is_assigned(at, facts.assignments):
        return Refusal(why.ROLE_ASSIGNMENT_MISSING, asked)
    return AppGrant(
        tenant=tenant,
        client=client,
        principal=principal,
        resource=resource,
        resource_principal=at,
        identifier=identifier,
        roles=application_roles(resource, at, facts.assignments),
    )

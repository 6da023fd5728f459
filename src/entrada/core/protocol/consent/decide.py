"""Whether a request needs consent, and whose.  Reference sections 26 (`.default`) and 27.3."""

import hashlib
from collections.abc import Iterable, Mapping

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId
from entrada.core.directory.permission import PermissionScope
from entrada.core.directory.user import User
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.scope import ScopeRequest

# Who may consent for the organization: Global, Application, Cloud Application and Privileged Role Administrator.
CONSENTING_ROLES = frozenset(
    {
        "62e90394-69f5-4237-9190-012177145e10",
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
        "158c047a-c907-4556-b7ef-446551a6b5f7",
        "e8611ab8-c189-46e8-94e1-60213ab1f814",
    }
)


@frozen
class Permission:
    """One delegated permission: a scope of a resource."""

    resource: Application
    scope: PermissionScope


@frozen
class Nothing:
    """Everything asked for is held."""


@frozen
class Ask:
    """Show the consent page."""

    permissions: tuple[Permission, ...]
    may_consent_for_all: bool


@frozen
class AdminNeeded:
    """The user may not grant these; 90094."""

    permissions: tuple[Permission, ...]


Consent = Nothing | Ask | AdminNeeded


def digest(ask: Ask) -> bytes:
    """Names what a consent page showed, so that nothing else is granted by its button."""
    ids = sorted(f"{one.resource.app_id} {one.scope.id}" for one in ask.permissions)
    return hashlib.sha256("|".join([*ids, str(ask.may_consent_for_all)]).encode()).digest()


def may_consent_for_all(user: User) -> bool:
    return bool(user.directory_roles & CONSENTING_ROLES)


def decide(wanted: Iterable[Permission], held: Held, user: User, *, ask_again: bool) -> Consent:
    """*ask_again* is prompt=consent: the page is shown although everything is held."""
    permissions = tuple(wanted)
    missing = tuple(one for one in permissions if one.scope.value not in held.of(one.resource))
    admin = may_consent_for_all(user)
    admin_only = tuple(one for one in missing if one.scope.admin_only)
    if admin_only and not admin:
        return AdminNeeded(admin_only)
    if missing or (ask_again and permissions):
        return Ask(permissions if ask_again else missing, may_consent_for_all=admin)
    return Nothing()


def wanted(
    request: ScopeRequest, client: Application, graph: Application, known: Mapping[ClientId, Application], held: Held
) -> tuple[Permission, ...]:
    """Every permission the request stands for; *known* holds the resources of the registration for `.default`."""
    oidc = [Permission(graph, scope) for scope in graph.scopes if scope.value in request.oidc]
    named = [Permission(part.resource, scope) for part in request.resources for scope in part.scopes]
    # `.default` asks for nothing as long as anything of that resource is held, else for the whole registration.
    bare = any(part.default and not held.of(part.resource) for part in request.resources)
    static = _registered(client, known) if bare else []
    # Each once, by its ids: comparing whole applications would cost more than everything else here.
    return tuple({(one.resource.app_id, one.scope.id): one for one in (*oidc, *named, *static)}.values())


def _registered(client: Application, known: Mapping[ClientId, Application]) -> list[Permission]:
    return [
        Permission(known[access.resource_app_id], scope)
        for access in client.required_resource_access
        if access.resource_app_id in known
        for scope in known[access.resource_app_id].scopes
        if scope.id in access.scopes and scope.is_enabled
    ]

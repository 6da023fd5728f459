"""Which names of an entity no other entity may hold.  What identifies it: `core/directory/entity_key.py`.

Names that people type (domains, user principal names) are compared in lower case; identifier URIs and ids as they are.
"""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import TenantId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

Name = tuple[str, ...]  # what kind of name, where it must be unique, the name


def tenant_of(entity: Entity) -> TenantId:
    return entity.id if isinstance(entity, Tenant) else entity.tenant_id


def domain_name(domain: str) -> Name:
    return "domain", domain.lower()


def user_name(tenant_id: TenantId, user_principal_name: str) -> Name:
    return "user principal name", tenant_id, user_principal_name.lower()


def guest_name(tenant_id: TenantId, home_id: str) -> Name:
    """An account is a guest in a tenant once.  Its id at home is enough: no two tenants share one."""
    return "guest of", tenant_id, home_id


def client_name(app_id: str) -> Name:
    return "client id", app_id


def uri_name(tenant_id: TenantId, identifier_uri: str) -> Name:
    return "identifier URI", tenant_id, identifier_uri


def service_principal_name(tenant_id: TenantId, app_id: str) -> Name:
    return "service principal of", tenant_id, app_id


def names_of(entity: Entity) -> frozenset[Name]:
    match entity:
        case Tenant():
            return frozenset(map(domain_name, entity.domains))
        case User():
            guest = () if entity.home is None else (guest_name(entity.tenant_id, entity.home.user_id),)
            return frozenset({user_name(entity.tenant_id, entity.user_principal_name), *guest})
        case Application():
            uris = (uri_name(entity.tenant_id, uri) for uri in entity.identifier_uris)
            return frozenset({client_name(entity.app_id), *uris})
        case ServicePrincipal():
            return frozenset({service_principal_name(entity.tenant_id, entity.app_id)})
        case _:
            return frozenset()


def seed_credential(entity: Entity) -> str | None:
    """A name for a credential of *entity* that is known from documentation, if it has one."""
    match entity:
        case User(password=password) if password is not None and password.seed:
            return f"the password of {entity.user_principal_name}"
        case Application() if any(secret.seed for secret in entity.client_secrets):
            return f"a secret of {entity.display_name} ({entity.app_id})"
        # It signs nobody in, but who restores it while the server runs would bring back what was checked at the start.
        case DeletedItem(application=application, user=user):
            deleted = application or user
            known = seed_credential(deleted) if deleted is not None else None
            return f"{known} (deleted, but it can be restored until it is deleted for good)" if known else None
        case _:
            return None

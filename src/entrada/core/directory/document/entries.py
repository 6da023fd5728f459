"""A file that could be read: its objects, with the names they use for one another still to be looked up."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.document.credential import PasswordEntry, SecretEntry
from entrada.core.directory.document.policies import Stated
from entrada.core.directory.document.scalars import Reference
from entrada.core.directory.document.tree import Position
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, ServicePrincipalId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import HomeAccount, User
from entrada.core.jose.numeric_date import NumericDate, Seconds


@frozen
class HomeEntry:
    """A guest's account at home: by its user principal name, which must be known, or by its ids, which need not be."""

    at: Position
    account: str | HomeAccount


@frozen(kw_only=True)
class UserEntry:
    at: Position
    user: User  # without its password and its home
    id_given: bool
    password: PasswordEntry | None
    home: HomeEntry | None


@frozen(kw_only=True)
class GroupEntry:
    at: Position
    group: Group
    id_given: bool
    owners: tuple[Reference, ...]
    members: tuple[Reference, ...]


@frozen(kw_only=True)
class RequiredEntry:
    resource: Reference
    scopes: tuple[Reference, ...]
    roles: tuple[Reference, ...]


@frozen(kw_only=True)
class PreAuthorizedEntry:
    app_id: ClientId
    scopes: tuple[Reference, ...]


@frozen(kw_only=True)
class ApplicationEntry:
    at: Position
    application: Application  # without secrets and without what refers to other applications
    id_given: bool
    present: bool  # whether it has a service principal in its own tenant without being listed
    secrets: tuple[SecretEntry, ...]
    owners: tuple[Reference, ...]
    required: tuple[RequiredEntry, ...]
    pre_authorized: tuple[PreAuthorizedEntry, ...]


@frozen(kw_only=True)
class PrincipalEntry:
    at: Position
    app: Reference
    id: ServicePrincipalId | None
    account_enabled: bool
    app_role_assignment_required: bool
    low_impact_scopes: tuple[Reference, ...]
    owners: tuple[Reference, ...]
    notes: str | None
    tags: tuple[str, ...]
    access_token_lifetime: Seconds | None


@frozen(kw_only=True)
class GrantEntry:
    at: Position
    client: Reference
    resource: Reference
    principal: Reference | None
    scopes: tuple[Reference, ...]


@frozen(kw_only=True)
class AssignmentEntry:
    """Exactly one of *user*, *group* and *client* is set."""

    at: Position
    user: Reference | None
    group: Reference | None
    client: Reference | None
    resource: Reference
    role: Reference


@frozen(kw_only=True)
class MessageEntry:
    at: Position
    user: Reference
    id: str | None
    subject: str
    sender_name: str
    sender_address: str
    received_at: NumericDate
    body: str
    is_read: bool


@frozen(kw_only=True)
class TenantEntry:
    at: Position
    tenant: Tenant
    policies: Stated  # those the file states
    users: tuple[UserEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    applications: tuple[ApplicationEntry, ...] = ()
    principals: tuple[PrincipalEntry, ...] = ()
    grants: tuple[GrantEntry, ...] = ()
    assignments: tuple[AssignmentEntry, ...] = ()
    messages: tuple[MessageEntry, ...] = ()


@frozen
class Document:
    tenants: tuple[TenantEntry, ...]

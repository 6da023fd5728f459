"""What the use cases need remembered.  Three stores honour it: memory, SQLite, PostgreSQL."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.story import Story, Use
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import Effect
from entrada.core.protocol.token_family import FamilyKey, TokenFamily

E = TypeVar("E", bound=Entity)
L = TypeVar("L", bound=Entity | DirectoryAudit | Story)  # what is listed in pages


class StoreUnavailable(Exception):
    """The database cannot be reached or refused to answer; nothing was committed."""


class StoreContended(Exception):
    """Other replicas were quicker, again and again."""


class DirectoryReader(Protocol):
    """Objects of the directory, one by one.  Names (domain, user principal name) are matched without case."""

    async def find_tenant(self, tenant_id: TenantId) -> Tenant | None: ...
    async def find_tenant_by_domain(self, domain: str) -> Tenant | None: ...
    async def find_user(self, tenant_id: TenantId, user_id: UserId) -> User | None: ...
    async def find_user_by_name(self, tenant_id: TenantId, user_principal_name: str) -> User | None: ...
    async def find_guest(self, tenant_id: TenantId, home_id: UserId) -> User | None:
        """The guest object in *tenant_id* of the account whose id at home, in its own tenant, is *home_id*."""
        ...

    async def find_application(self, app_id: ClientId) -> Application | None: ...
    async def find_application_by_uri(self, tenant_id: TenantId, identifier_uri: str) -> Application | None:
        """The application known in *tenant_id* (registered there) under *identifier_uri*."""
        ...

    async def find_service_principal(self, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None: ...
    async def find_service_principal_by_id(
        self, tenant_id: TenantId, principal_id: ServicePrincipalId
    ) -> ServicePrincipal | None: ...
    async def find_grants(
        self, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
    ) -> tuple[PermissionGrant, ...]:
        """What *client* was granted for this user and for all users, on every resource."""
        ...

    async def find_app_role_assignments(
        self, tenant_id: TenantId, principal_id: UserId | ServicePrincipalId
    ) -> tuple[AppRoleAssignment, ...]:
        """The principal's own assignments and those of the groups the principal is a direct member of."""
        ...

    async def find_groups(
        self, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool = False
    ) -> tuple[Group, ...]:
        """The groups that *member_id* is in, through other groups too unless *direct*, in order of id."""
        ...


class Store(DirectoryReader, Protocol):
    async def find_messages(self, tenant_id: TenantId, user_id: UserId, *, skip: int, top: int) -> tuple[Message, ...]:
        """Newest first."""
        ...

    async def directory_number(self, tenant_id: TenantId) -> int:
        """Another one than before whenever the tenant's directory has been written to: a question for those who poll.

        0 of a tenant that does not exist.
        """
        ...

    async def list_entities(self, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
        """Every entity of *kind* in the tenant, in a stable order; for files, never for a request."""
        ...

    async def find_entity(self, kind: type[E], key: Key) -> E | None:
        """By what identifies it among those of its kind: `entity_key.key_of`."""
        ...

    async def list_page(self, kind: type[L], tenant_id: TenantId, query: Query) -> Page[L]:
        """One page of a collection, as *query* asks.  Every condition is evaluated where the objects are.

        The fields of each kind are those of `core.directory.query.fields`.  A page of 100 takes less than 300 ms among
        100,000 users or 10,000 applications.
        """
        ...

    async def list_members_within(
        self, tenant_id: TenantId, group_id: GroupId, *, after: str, top: int, count: bool
    ) -> Page[str]:
        """The ids of who is in the group, through groups within it too, each once, in order, after *after*."""
        ...

    async def write_journal(self, stories: Sequence[Story], uses: Sequence[Use]) -> None:
        """Keep the stories, and the latest use of each credential.  What is there already stays."""
        ...

    async def find_story(self, trace_id: str) -> Story | None: ...
    async def list_uses(self, tenant_id: TenantId, object_id: str) -> tuple[Use, ...]: ...
    async def list_tenants(self) -> tuple[Tenant, ...]: ...
    async def find_seed(self) -> str | None:
        """A name for one credential still marked as seed (a user's password, a client's secret), or None."""
        ...

    async def find_family(self, key: FamilyKey) -> TokenFamily | None: ...
    async def find_session(self, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None: ...
    async def list_session_clients(self, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
        """The clients that hold a token family of this browser session: the apps it signed in to."""
        ...

    async def list_sessions(
        self, tenant_id: TenantId, user_id: UserId, ended_since: NumericDate | None = None
    ) -> tuple[BrowserSession, ...]:
        """The user's sessions that are neither revoked, unless at *ended_since* or later, nor swept, newest first."""
        ...

    async def list_user_grants(self, tenant_id: TenantId, user_id: UserId) -> tuple[PermissionGrant, ...]:
        """What this user, alone, has consented to, whichever the client."""
        ...

    async def has_signed_in_from(self, tenant_id: TenantId, user_id: UserId, address: str) -> bool:
        """Whether the sign-in log knows the account from *address*."""
        ...

    async def find_attempts(self, tenant_id: TenantId, user_id: UserId, counter: Counter) -> Attempts | None: ...
    async def find_device_flow(self, key: DeviceFlowKey) -> DeviceFlow | None: ...
    async def find_device_flow_by_user_code(self, user_code: str) -> DeviceFlow | None: ...
    async def list_sign_ins(self, tenant_id: TenantId, *, top: int) -> tuple[SignIn, ...]: ...
    async def list_signing_keys(self) -> tuple[SigningKeyRecord, ...]:
        """In order of sequence."""
        ...

    async def commit(self, effects: Sequence[Effect]) -> bool:
        """Apply all or, when another replica changed what an effect relied on, nothing, and return False.

        Raises StoreUnavailable when the database cannot be reached.
        """
        ...

    async def sweep(self, now: NumericDate, *, limit: int) -> int:
        """Delete up to *limit* rows that ended before *now*; how many.

        Families end with their end day, sessions and device flows at `ends_at`; sign-ins are kept for
        `retention.SIGN_INS_KEPT`, counters of failures for a day after the last failure and the end of the lock.
        """
        ...

    async def close(self) -> None: ...

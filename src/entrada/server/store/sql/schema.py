"""The tables.  Every key of a tenant's things starts with the tenant, so that the schema shards by tenant.

Entities are documents (JSON in `document`) beside the columns by which they are found or must be unique.  What is
written at every sign-in has small rows of plain columns.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.schema import SchemaItem

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.group import Group
from entrada.core.directory.query.fields import FIELDS, Field, Type
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.story import Story
from entrada.core.directory.user import User

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NAME: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared byte by byte, as SQLite and Python compare it, whatever the database's locale."""


def _name(column: str) -> Column[str]:
    return Column(column, NAME, nullable=False)


def _moment(column: str, *, nullable: bool = False) -> Column[int]:
    return Column(column, BigInteger, nullable=nullable)


def _table(name: str, *items: SchemaItem, key: tuple[str, ...], **options: Any) -> Table:
    return Table(name, METADATA, *items, PrimaryKeyConstraint(*key), **options)


def _small(name: str, *items: SchemaItem, key: tuple[str, ...], **options: Any) -> Table:
    """A table whose rows live in its key's tree: one page less to write."""
    return _table(name, *items, key=key, sqlite_with_rowid=False, **options)


def _documents(name: str, *items: SchemaItem, key: tuple[str, ...], added_later: tuple[Column[Any], ...] = ()) -> Table:
    """What a later step has added stands last: databases put it there."""
    version = Column("version", Integer, nullable=False)
    return _table(name, *items, version, Column("document", Text, nullable=False), *added_later, key=key)


WORDS: Final = "_words"
"""Ends the name of the column that holds a field's words, each after a space."""


def _fields(kind: type[Any], *but: str) -> Iterator[Column[Any]]:
    """A column for each field by which a collection of *kind* may be asked, and for its words where it is searched."""
    for field in FIELDS[kind].values():
        if field.name in but or field.of_application:
            continue
        yield _field(field)
        if field.may_search:
            yield Column(field.name + WORDS, NAME, nullable=not field.always)


def _field(field: Field) -> Column[Any]:
    types: dict[Type, Any] = {Type.NUMBER: BigInteger, Type.FLAG: Boolean}
    return Column(field.name, types.get(field.type, NAME), nullable=not field.always)


def _asked(name: str, kind: type[Any], *indexes: Index) -> Table:
    """Beside a table of documents: what collections are asked by, without case, narrow enough to read all of it.

    `version` is of the document that was read.  Processes of a version that knew no such table leave it behind.
    """
    version = Column("version", Integer, nullable=False)
    key = ("tenant_id", "id")
    return _small(name, _name("tenant_id"), _name("id"), version, *_fields(kind, "id"), *indexes, key=key)


# ---- the directory ----

TENANTS: Final = _documents("tenants", _name("tenant_id"), key=("tenant_id",))
TENANT_DOMAINS: Final = _small(
    "tenant_domains",
    _name("tenant_id"),
    _name("domain"),
    Index("uq_tenant_domains_domain", "domain", unique=True),
    key=("tenant_id", "domain"),
)
USERS: Final = _documents(
    "users",
    _name("tenant_id"),
    _name("id"),
    _name("upn"),  # the user principal name, lower case
    Column("seed", Boolean, nullable=False),
    Index("uq_users_tenant_id_upn", "tenant_id", "upn", unique=True),
    key=("tenant_id", "id"),
    added_later=(Column("home_id", NAME),),  # of a guest: the account's id in its own tenant
)
_IS_GUEST: Final = USERS.c.home_id.is_not(None)
Index(
    "uq_users_tenant_id_home_id",
    USERS.c.tenant_id,
    USERS.c.home_id,
    unique=True,
    sqlite_where=_IS_GUEST,
    postgresql_where=_IS_GUEST,
)
Index("ix_users_seed", USERS.c.tenant_id, sqlite_where=USERS.c.seed, postgresql_where=USERS.c.seed)
GROUPS: Final = _documents("groups", _name("tenant_id"), _name("id"), key=("tenant_id", "id"))
GROUP_MEMBERS: Final = _documents(
    "group_members",
    _name("tenant_id"),
    _name("group_id"),
    _name("member_id"),
    Index(None, "tenant_id", "member_id", "group_id"),
    key=("tenant_id", "group_id", "member_id"),
)
APPLICATIONS: Final = _documents(
    "applications",
    _name("tenant_id"),
    _name("id"),
    _name("app_id"),
    Column("seed", Boolean, nullable=False),
    Index("uq_applications_app_id", "app_id", unique=True),
    key=("tenant_id", "id"),
)
Index(
    "ix_applications_seed",
    APPLICATIONS.c.tenant_id,
    sqlite_where=APPLICATIONS.c.seed,
    postgresql_where=APPLICATIONS.c.seed,
)
APPLICATION_URIS: Final = _small(
    "application_uris",
    _name("tenant_id"),
    _name("uri"),
    _name("id"),  # of the application
    Index(None, "tenant_id", "id"),
    key=("tenant_id", "uri"),
)
SERVICE_PRINCIPALS: Final = _documents(
    "service_principals",
    _name("tenant_id"),
    _name("id"),
    _name("app_id"),
    Index("uq_service_principals_tenant_id_app_id", "tenant_id", "app_id", unique=True),
    key=("tenant_id", "id"),
)
PERMISSION_GRANTS: Final = _documents(
    "permission_grants",
    _name("tenant_id"),
    _name("client_id"),
    _name("principal_id"),  # empty: for all users
    _name("resource_id"),
    Index(None, "tenant_id", "principal_id"),  # for a user's own list of consents
    Index(None, "tenant_id", "resource_id"),
    key=("tenant_id", "client_id", "principal_id", "resource_id"),
)
APP_ROLE_ASSIGNMENTS: Final = _documents(
    "app_role_assignments",
    _name("tenant_id"),
    _name("principal_id"),
    _name("resource_id"),
    _name("app_role_id"),
    Index(None, "tenant_id", "resource_id"),  # who is assigned to an application
    key=("tenant_id", "principal_id", "resource_id", "app_role_id"),
)
OWNERS: Final = _documents(
    "owners",
    _name("tenant_id"),
    _name("object_id"),
    _name("owner_id"),
    Index(None, "tenant_id", "owner_id"),
    key=("tenant_id", "object_id", "owner_id"),
)
DELETED_ITEMS: Final = _documents(
    "deleted_items",
    _name("tenant_id"),
    _name("id"),
    *_fields(DeletedItem, "id"),
    Column("seed", Boolean, nullable=False),
    Index(None, "deleted_at"),
    key=("tenant_id", "id"),
)
MESSAGES: Final = _documents(
    "messages",
    _name("tenant_id"),
    _name("id"),
    _name("user_id"),
    _moment("received_at"),
    Index(None, "tenant_id", "user_id", "received_at", "id"),
    key=("tenant_id", "id"),
)
GATEWAY_RECORDS: Final = _documents(
    "gateway_records",
    _name("tenant_id"),
    _name("kind"),
    _name("id"),
    key=("tenant_id", "kind", "id"),
)
DIRECTORY_VERSIONS: Final = _small(
    "directory_versions",
    _name("tenant_id"),
    Column("number", BigInteger, nullable=False),  # raised by each transaction that writes into the tenant's directory
    key=("tenant_id",),
)

# ---- what collections are asked by ----

USER_FIELDS: Final = _asked(
    "user_fields",
    User,
    Index(None, "tenant_id", "display_name", "id"),
    Index(None, "tenant_id", "user_principal_name", "id"),
    Index(None, "tenant_id", "mail"),
    Index(None, "tenant_id", "created_at", "id"),
)
GROUP_FIELDS: Final = _asked("group_fields", Group, Index(None, "tenant_id", "display_name", "id"))
APPLICATION_FIELDS: Final = _asked(
    "application_fields",
    Application,
    Index(None, "tenant_id", "display_name", "id"),
    Index(None, "app_id"),  # a service principal may be of another tenant's application
)
SERVICE_PRINCIPAL_FIELDS: Final = _asked(
    "service_principal_fields", ServicePrincipal, Index(None, "tenant_id", "app_id")
)

# ---- logs ----

DIRECTORY_AUDITS: Final = _table(
    "directory_audits",
    _name("tenant_id"),
    _name("id"),
    *_fields(DirectoryAudit, "id"),
    Column("document", Text, nullable=False),
    Index(None, "at"),
    Index(None, "tenant_id", "at", "id"),
    key=("tenant_id", "id"),
)
STORIES: Final = _table(
    "stories",
    _name("tenant_id"),
    _name("trace_id"),
    *_fields(Story, "trace_id"),
    Column("document", Text, nullable=False),
    Index(None, "trace_id"),  # nobody who holds a trace id knows the tenant
    Index(None, "at", "trace_id"),
    Index(None, "tenant_id", "at", "trace_id"),
    Index(None, "tenant_id", "user_id", "at"),
    Index(None, "tenant_id", "client_id", "at"),
    Index(None, "tenant_id", "correlation_id", "at"),
    key=("tenant_id", "trace_id"),
)
_IS_REFUSED: Final = STORIES.c.granted.is_(False)
Index(
    "ix_stories_refused",
    STORIES.c.tenant_id,
    STORIES.c.at,
    STORIES.c.trace_id,
    sqlite_where=_IS_REFUSED,
    postgresql_where=_IS_REFUSED,
)
CREDENTIAL_USES: Final = _small(
    "credential_uses",
    _name("tenant_id"),
    _name("object_id"),
    _name("key_id"),
    _moment("at"),
    key=("tenant_id", "object_id", "key_id"),
)

# ---- what signing in leaves ----

SESSIONS: Final = _small(
    "sessions",
    _name("tenant_id"),
    _name("id"),
    _name("user_id"),
    _moment("authenticated_at"),
    Column("methods", Text, nullable=False),  # separated by spaces
    Column("persistent", Boolean, nullable=False),
    _moment("ends_at"),
    Column("user_agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    _moment("revoked_at", nullable=True),
    Index(None, "ends_at"),
    Index(None, "tenant_id", "user_id"),
    key=("tenant_id", "id"),
)
SIGN_INS: Final = _small(
    "sign_ins",
    _name("tenant_id"),
    _moment("at"),
    _name("id"),
    _name("user_id"),
    _name("client_id"),
    _name("session_id"),  # empty: no browser was in it
    Column("address", Text, nullable=False),
    Column("user_agent", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Index(None, "at"),
    Index(None, "tenant_id", "user_id", "address"),  # which places an account knows
    key=("tenant_id", "at", "id"),
)
FAMILIES: Final = _small(
    "families",
    _name("tenant_id"),
    _name("id"),
    Column("end_day", Integer, nullable=False),
    _name("client_id"),
    _name("user_id"),
    _name("session_id"),  # empty: no browser was in it
    _moment("issued_at"),
    Column("generation", Integer, nullable=False),
    _moment("rotated_at", nullable=True),
    _moment("revoked_at", nullable=True),
    Index(None, "tenant_id", "session_id"),  # for sign-out, which tells the apps of a session
    key=("tenant_id", "id", "end_day"),
    postgresql_partition_by="RANGE (end_day)",
)
# Where there are no partitions to drop, the sweeper finds what has ended by this.
Index("ix_families_end_day", FAMILIES.c.end_day).ddl_if(dialect="sqlite")

DEVICE_FLOWS: Final = _small(
    "device_flows",
    _name("tenant_id"),
    _name("id"),
    _name("user_code"),
    _name("client_id"),
    Column("scope", Text, nullable=False),
    _moment("asked_at"),
    _moment("ends_at"),
    Column("address", Text, nullable=False),
    Column("user_agent", Text, nullable=False),
    Column("claims", Text, nullable=False),
    _moment("decided_at", nullable=True),
    Column("approval", Text),  # JSON; NULL although decided: declined
    # All by itself: a person types nothing but the code.
    Index("uq_device_flows_user_code", "user_code", unique=True),
    Index(None, "ends_at"),
    key=("tenant_id", "id"),
)
ATTEMPTS: Final = _small(
    "attempts",
    _name("tenant_id"),
    _name("user_id"),
    _name("counter"),
    Column("failures", Integer, nullable=False),
    Column("locks", Integer, nullable=False),
    _moment("locked_until"),
    _moment("failed_at"),
    Column("recent", Text, nullable=False),  # digests, hex, separated by spaces
    _moment("ends_at"),  # until when they are kept
    Column("version", Integer, nullable=False),
    Index(None, "ends_at"),
    key=("tenant_id", "user_id", "counter"),
)
FACTOR_STEPS: Final = _small(
    "factor_steps",
    _name("tenant_id"),
    _name("user_id"),
    Column("step", BigInteger, nullable=False),  # of the last one-time code that was spent
    key=("tenant_id", "user_id"),
)

# ---- the installation ----

SIGNING_KEYS: Final = _table(
    "signing_keys",
    Column("sequence", Integer, nullable=False, autoincrement=False),
    Column("kid", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    _moment("published_at"),
    _moment("signs_from", nullable=True),
    _moment("retired_at", nullable=True),
    _moment("forgotten_at", nullable=True),
    key=("sequence",),
)

"""In which table, under which columns each kind of entity is kept, and how it is put there and taken away."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec
from attrs import evolve, frozen
from sqlalchemy import Column, Connection, Row, Select, Table, bindparam, delete, select, update

# SQLite took ON CONFLICT from PostgreSQL, and SQLAlchemy compiles PostgreSQL's construct for both: the contract suite
# of the stores would notice if it ever did not.
from sqlalchemy.dialects.postgresql import insert

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key, key_of
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.store.identity import seed_credential
from entrada.server.store.sql import schema
from entrada.server.store.sql.field_columns import field_columns
from entrada.server.store.sql.prepared import Prepared

E = TypeVar("E", bound=Entity)

Values = Mapping[str, object]


@frozen
class Side(Generic[E]):
    """Names of which an entity has several: rows of a table of their own, beside the entity's key."""

    table: Table
    column: str
    names: Callable[[E], Iterable[str]]


def _no_lookups(entity: Entity) -> Values:
    return {}


class EntityTable(Generic[E]):
    """One kind of entity.  Its statements are built once, so that SQLAlchemy compiles them once."""

    def __init__(
        self,
        kind: type[E],
        table: Table,
        lookups: Callable[[E], Values] = _no_lookups,
        side: Side[E] | None = None,
        fields: Table | None = None,
    ) -> None:
        """*fields*: what collections are asked by is kept there, not in *table* itself."""
        self.kind = kind
        self.table = table
        self.fields = fields
        self._lookups = lookups
        self._side = side
        self._keys = tuple(column.name for column in table.primary_key.columns)
        self.by_key = select(*self.columns).where(*(table.c[key] == bindparam(key) for key in self._keys))
        self._decoder = msgspec.json.Decoder(kind)
        self._insert = Prepared(insert(table).on_conflict_do_nothing())
        seen = [*(table.c[key] == bindparam(f"key_{key}") for key in self._keys), table.c.version == bindparam("seen")]
        self._update = Prepared(update(table).where(*seen))
        self._delete = Prepared(delete(table).where(*seen))
        # Locked, where rows can be, against all who would change or remove it; not against others who look as well.
        self._still = select(table.c.version).where(*seen).with_for_update(read=True)
        if side is not None:
            owner = [column for column in side.table.columns if column.name in self._keys]
            self._insert_name = Prepared(insert(side.table).on_conflict_do_nothing())
            self._delete_names = Prepared(delete(side.table).where(*(c == bindparam(f"key_{c.name}") for c in owner)))
        if fields is not None:
            self._note = Prepared(_upsert(fields))
            this = [fields.c[key] == bindparam(f"key_{key}") for key in self._keys]
            self._forget = Prepared(delete(fields).where(*this))

    # ---- reading ----

    @property
    def columns(self) -> tuple[Column[Any], Column[Any]]:
        """What `entity` makes an entity of."""
        return self.table.c.document, self.table.c.version

    def entity(self, row: Row[Any]) -> E:
        return evolve(self._decoder.decode(row.document), version=row.version)

    def key_values(self, key: Key) -> Values:
        """What `by_key` is asked with."""
        return dict(zip(self._keys, key, strict=True))

    def all_of_tenant(self) -> Select[Any, Any]:
        in_order = (self.table.c[key] for key in self._keys)
        return select(*self.columns).where(self.table.c.tenant_id == bindparam("tenant_id")).order_by(*in_order)

    # ---- writing ----

    def put(self, connection: Connection, entity: E) -> bool:
        return self._write(connection, self._insert if entity.version == 0 else self._update, entity)

    def restore(self, connection: Connection, entity: E) -> bool:
        """As new, but for its version."""
        return self._write(connection, self._insert, entity)

    def is_still(self, connection: Connection, entity: E) -> bool:
        return connection.execute(self._still, self._seen(entity)).first() is not None

    def _write(self, connection: Connection, statement: Prepared, entity: E) -> bool:
        if statement.rows(connection, self._values(entity)) != 1 or not self._put_names(connection, entity):
            return False
        self.note(connection, key_of(entity), evolve(entity, version=entity.version + 1))
        return True

    def note(self, connection: Connection, key: Key, stored: E) -> None:
        """What collections are asked by, where it is kept beside the document."""
        if self.fields is not None:
            noted = {**field_columns(self.kind, stored), **self.key_values(key), "version": stored.version}
            self._note.rows(connection, noted)

    def remove(self, connection: Connection, entity: E) -> bool:
        if self._delete.rows(connection, self._seen(entity)) != 1:
            return False
        if self._side is not None:
            self._delete_names.rows(connection, self._key(entity, "key_"))
        self.forget_fields(connection, key_of(entity))
        return True

    def forget_fields(self, connection: Connection, key: Key) -> None:
        if self.fields is not None:
            self._forget.rows(connection, {f"key_{name}": part for name, part in self.key_values(key).items()})

    def _values(self, entity: E) -> Values:
        stored = evolve(entity, version=entity.version + 1)
        return {
            **self._key(entity),
            **self._lookups(entity),
            "version": stored.version,
            "document": msgspec.json.encode(stored).decode(),
            **self._seen(entity),
        }

    def _put_names(self, connection: Connection, entity: E) -> bool:
        """Exchange the names of *entity*; False when another entity holds one."""
        if self._side is None:
            return True
        if entity.version > 0:
            self._delete_names.rows(connection, self._key(entity, "key_"))
        rows = [{**self._key(entity), self._side.column: name} for name in sorted(set(self._side.names(entity)))]
        return all(self._insert_name.rows(connection, row) == 1 for row in rows)

    def _key(self, entity: E, prefix: str = "") -> dict[str, object]:
        return {prefix + key: value for key, value in zip(self._keys, key_of(entity), strict=True)}

    def _seen(self, entity: E) -> Values:
        return {**self._key(entity, "key_"), "seen": entity.version}


def _upsert(table: Table) -> Any:
    made = insert(table)
    others = {column.name: made.excluded[column.name] for column in table.columns if not column.primary_key}
    return made.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=others)


def _domains(tenant: Tenant) -> Iterable[str]:
    return (domain.lower() for domain in tenant.domains)


def _identifier_uris(application: Application) -> Iterable[str]:
    return application.identifier_uris


def _user_lookups(user: User) -> Values:
    return {
        "upn": user.user_principal_name.lower(),
        "seed": seed_credential(user) is not None,
        "home_id": None if user.home is None else user.home.user_id,
    }


def _application_lookups(application: Application) -> Values:
    return {"app_id": application.app_id, "seed": seed_credential(application) is not None}


def _service_principal_lookups(service_principal: ServicePrincipal) -> Values:
    return {"app_id": service_principal.app_id}


def _deleted_item_lookups(item: DeletedItem) -> Values:
    return {**field_columns(DeletedItem, item), "seed": seed_credential(item) is not None}


def _message_lookups(message: Message) -> Values:
    return {"user_id": message.user_id, "received_at": message.received_at}


TENANTS: Final = EntityTable(Tenant, schema.TENANTS, side=Side(schema.TENANT_DOMAINS, "domain", _domains))
USERS: Final = EntityTable(User, schema.USERS, _user_lookups, fields=schema.USER_FIELDS)
GROUPS: Final = EntityTable(Group, schema.GROUPS, fields=schema.GROUP_FIELDS)
GROUP_MEMBERS: Final = EntityTable(GroupMember, schema.GROUP_MEMBERS)
APPLICATIONS: Final = EntityTable(
    Application,
    schema.APPLICATIONS,
    _application_lookups,
    Side(schema.APPLICATION_URIS, "uri", _identifier_uris),
    schema.APPLICATION_FIELDS,
)
SERVICE_PRINCIPALS: Final = EntityTable(
    ServicePrincipal,
    schema.SERVICE_PRINCIPALS,
    _service_principal_lookups,
    fields=schema.SERVICE_PRINCIPAL_FIELDS,
)
PERMISSION_GRANTS: Final = EntityTable(PermissionGrant, schema.PERMISSION_GRANTS)
APP_ROLE_ASSIGNMENTS: Final = EntityTable(AppRoleAssignment, schema.APP_ROLE_ASSIGNMENTS)
OWNERS: Final = EntityTable(Owner, schema.OWNERS)
DELETED_ITEMS: Final = EntityTable(DeletedItem, schema.DELETED_ITEMS, _deleted_item_lookups)
MESSAGES: Final = EntityTable(Message, schema.MESSAGES, _message_lookups)
GATEWAY_RECORDS: Final = EntityTable(GatewayRecord, schema.GATEWAY_RECORDS)

TABLES: Final[Mapping[type[Any], EntityTable[Any]]] = {
    Tenant: TENANTS,
    User: USERS,
    Group: GROUPS,
    GroupMember: GROUP_MEMBERS,
    Application: APPLICATIONS,
    ServicePrincipal: SERVICE_PRINCIPALS,
    PermissionGrant: PERMISSION_GRANTS,
    AppRoleAssignment: APP_ROLE_ASSIGNMENTS,
    Owner: OWNERS,
    DeletedItem: DELETED_ITEMS,
    Message: MESSAGES,
    GatewayRecord: GATEWAY_RECORDS,
}

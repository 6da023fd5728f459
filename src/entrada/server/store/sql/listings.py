"""What a collection of each kind is chosen from: where its fields, its documents and its keys are."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, Row, Table, case, func, literal

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity_key import ALL_PRINCIPALS
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH
from entrada.core.directory.query.fields import SEPARATOR, Field, Type, field_of
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.story import Story
from entrada.server.store.sql import schema
from entrada.server.store.sql.entity_tables import TABLES, EntityTable
from entrada.server.store.sql.field_columns import elements_column, words_column
from entrada.server.store.sql.journal import STORY
from entrada.server.store.sql.schema import NAME, WORDS

_AUDIT: Final = msgspec.json.Decoder(DirectoryAudit)


@frozen(kw_only=True)
class Listing:
    kind: type[Any]
    fields: Table
    documents: Table  # the same, where the fields are in it
    item: Callable[[Row[Any]], Any]

    @property
    def keys(self) -> tuple[ColumnElement[Any], ...]:
        """What tells objects of one tenant apart."""
        return tuple(self.fields.c[name] for name in self.key_names)

    @property
    def key_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.documents.primary_key.columns)[1:]

    @property
    def is_narrow(self) -> bool:
        """Whether the fields are beside the documents, not among them."""
        return self.fields is not self.documents

    @property
    def asked(self) -> FromClause:
        """Where conditions are evaluated."""
        if self.kind is not ServicePrincipal:
            return self.fields
        return self.fields.outerjoin(_APPLICATIONS, _APPLICATIONS.c.app_id == self.fields.c.app_id)

    def field(self, name: str) -> Field:
        return field_of(self.kind, name)

    def column(self, field: Field) -> ColumnElement[Any]:
        if field.of_application:
            return self._of_application(_application_column(field), _of_microsoft_graph(field))
        column = self.fields.c[field.name]
        # A key holds no NULL.
        return func.nullif(column, ALL_PRINCIPALS) if self._may_be_for_all(field) else column

    def words(self, field: Field) -> ColumnElement[Any]:
        if field.of_application:
            return self._of_application(_APPLICATIONS.c[field.name + WORDS], words_column(field, MICROSOFT_GRAPH))
        return self.fields.c[field.name + WORDS]

    def _of_application(self, column: ColumnElement[Any], built_in: object) -> ColumnElement[Any]:
        """Microsoft Graph is in no table."""
        return case((self.fields.c.app_id == APP_ID, literal(built_in, NAME)), else_=column)

    def _may_be_for_all(self, field: Field) -> bool:
        return self.kind is PermissionGrant and field.name == "principal_id"


_APPLICATIONS: Final = schema.APPLICATION_FIELDS.alias("its_application")
_URIS: Final = case(
    (_APPLICATIONS.c.identifier_uris == "", literal(SEPARATOR, NAME)), else_=_APPLICATIONS.c.identifier_uris
)


def _application_column(field: Field) -> ColumnElement[Any]:
    match field.name:
        case "app_owner_tenant":
            return _APPLICATIONS.c.tenant_id
        case "service_principal_names":
            return literal(SEPARATOR, NAME) + _APPLICATIONS.c.app_id + _URIS
        case name:
            return _APPLICATIONS.c[name]


def _of_microsoft_graph(field: Field) -> object:
    is_collection = field.type is Type.COLLECTION
    return elements_column(field, MICROSOFT_GRAPH) if is_collection else field.value(MICROSOFT_GRAPH)


def _of_entities(table: EntityTable[Any]) -> Listing:
    fields = table.table if table.fields is None else table.fields
    return Listing(kind=table.kind, fields=fields, documents=table.table, item=table.entity)


def _of_log(kind: type[Any], table: Table, decoder: "msgspec.json.Decoder[Any]") -> Listing:
    return Listing(kind=kind, fields=table, documents=table, item=lambda row: decoder.decode(row.document))


LISTINGS: Final[Mapping[type[Any], Listing]] = {
    **{kind: _of_entities(table) for kind, table in TABLES.items()},
    DirectoryAudit: _of_log(DirectoryAudit, schema.DIRECTORY_AUDITS, _AUDIT),
    Story: _of_log(Story, schema.STORIES, STORY),
}

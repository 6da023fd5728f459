"""The journal as statements: stories of requests, and when credentials were last used."""

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from entrada.core.directory.ids import TenantId
from entrada.core.directory.story import Story, Use
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.sql.asking import rows_of
from entrada.server.store.sql.field_columns import field_columns
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.schema import CREDENTIAL_USES, STORIES

_TELL: Final = Prepared(insert(STORIES).on_conflict_do_nothing())
_USED = insert(CREDENTIAL_USES)
_NOTE: Final = Prepared(
    _USED.on_conflict_do_update(
        index_elements=list(CREDENTIAL_USES.primary_key.columns),
        set_={"at": _USED.excluded.at},
        where=CREDENTIAL_USES.c.at < _USED.excluded.at,
    )
)
_STORY: Final = select(STORIES.c.document).where(STORIES.c.trace_id == bindparam("trace_id")).limit(1)
_USES: Final = (
    select(CREDENTIAL_USES)
    .where(CREDENTIAL_USES.c.tenant_id == bindparam("tenant_id"), CREDENTIAL_USES.c.object_id == bindparam("object_id"))
    .order_by(CREDENTIAL_USES.c.key_id)
)
STORY: Final = msgspec.json.Decoder(Story)


def write(connection: Connection, stories: Sequence[Story], uses: Sequence[Use]) -> None:
    for story in stories:
        document = msgspec.json.encode(story).decode()
        row = {"tenant_id": story.tenant_id, **field_columns(Story, story), "document": document}
        _TELL.rows(connection, row)
    # In one order in every process, so that two batches do not wait for each other's rows.
    for use in sorted(uses, key=lambda one: (one.tenant_id, one.object_id, one.key_id)):
        row = {"tenant_id": use.tenant_id, "object_id": use.object_id, "key_id": use.key_id, "at": use.at}
        _NOTE.rows(connection, row)


def story(connection: Connection, trace_id: str) -> Story | None:
    return next((STORY.decode(row.document) for row in rows_of(connection, _STORY, trace_id=trace_id)), None)


def uses(connection: Connection, tenant_id: TenantId, object_id: str) -> tuple[Use, ...]:
    rows = rows_of(connection, _USES, tenant_id=tenant_id, object_id=object_id)
    return tuple(
        Use(tenant_id=TenantId(row.tenant_id), object_id=row.object_id, key_id=row.key_id, at=NumericDate(row.at))
        for row in rows
    )

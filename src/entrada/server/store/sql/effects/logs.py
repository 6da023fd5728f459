"""The audit log's rows as statements: written with the change they tell of."""

import msgspec
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.protocol.effects import RecordAudit
from entrada.server.store.sql.field_columns import field_columns
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.schema import DIRECTORY_AUDITS

_RECORD = Prepared(insert(DIRECTORY_AUDITS).on_conflict_do_nothing())


def record_audit(connection: Connection, effect: RecordAudit) -> bool:
    audit = effect.audit
    document = msgspec.json.encode(audit).decode()
    row = {"tenant_id": audit.tenant_id, **field_columns(DirectoryAudit, audit), "document": document}
    _RECORD.rows(connection, row)
    return True

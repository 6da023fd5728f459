"""The rows of the audit log for a file that is applied: one for each object, in the log of the object's own tenant."""

import hashlib
from collections.abc import Iterable

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.administration.audit import audit_of
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.file_activities import activity_of
from entrada.core.directory.administration.target_names import Names, names_among
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.ids import TenantId
from entrada.core.directory.message import Message
from entrada.core.directory.time_ordered_id import time_ordered_id
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, RecordAudit
from entrada.server.usecases.audited import changes_of


def audited_file(
    effects: Iterable[Effect], before: Iterable[Entity], now: NumericDate, operator: str | None
) -> tuple[Effect, ...]:
    """*effects* and their rows.  *before* are the objects as they were; *operator* is who applies the file, if known.

    One correlation id leads from each row to the others.  Mail is none of an administrator's objects: it has no row.
    """
    effects, before = tuple(effects), tuple(before)
    changes = tuple(one for one in changes_of(effects, before) if not isinstance(_of(one), Message))
    names = names_among([*before, *map(_of, changes)])
    named = [_id(now, one) for one in changes]
    rows = [_row(one, audit_id, named[0], now, operator, names) for one, audit_id in zip(changes, named, strict=True)]
    return (*effects, *rows)


def _row(
    change: Change, audit_id: str, correlation_id: str, now: NumericDate, operator: str | None, names: Names
) -> RecordAudit:
    actor = Actor(
        tenant_id=TenantId(key_of(_of(change))[0]),
        via=Via.FILE,
        correlation_id=correlation_id,
        client_name=operator,
        operator=True,
    )
    deed = Deed(answer=None, activity=activity_of(change), changes=(change,))
    return RecordAudit(audit_of(deed, actor, audit_id=audit_id, now=now, names=names))


def _id(now: NumericDate, change: Change) -> str:
    """Of what is changed and from which version, so that it needs no dice: that happens once."""
    entity = _of(change)
    digest = hashlib.sha256(repr((type(entity).__name__, key_of(entity), entity.version)).encode()).digest()
    return time_ordered_id(now * 1000, 0, digest)


def _of(change: Change) -> Entity:
    entity = change.after if change.after is not None else change.before
    if entity is None:
        raise ValueError("a change is of something")
    return entity

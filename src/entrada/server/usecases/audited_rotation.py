"""The row of the audit log for a rotation of the signing keys, whoever asked for it: an administrator, or the clock."""

from enum import StrEnum

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.directory_audit import AuditTarget, DirectoryAudit, ModifiedProperty, OperationType
from entrada.core.jose.key_rotation import Rotate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.effects import RecordAudit
from entrada.server.usecases.installation import Installation


class KeyState(StrEnum):
    NEXT = "next"
    SIGNING = "signing"
    RETIRED = "retired"


def told_rotation(here: Installation, actor: Actor, rotation: Rotate) -> RecordAudit:
    return RecordAudit(_audit(here, actor, rotation))


def _audit(here: Installation, actor: Actor, rotation: Rotate) -> DirectoryAudit:
    return DirectoryAudit(
        tenant_id=actor.tenant_id,
        id=here.new_id(),
        at=here.clock(),
        activity="Rotate signing keys",  # our own: Entra rotates by itself, and writes nothing
        category="Policy",
        operation=OperationType.UPDATE,
        correlation_id=actor.correlation_id,
        initiated_by=actor.initiator,
        targets=(
            _target(rotation.promoted[1], KeyState.NEXT, KeyState.SIGNING),
            _target(rotation.retired[1], KeyState.SIGNING, KeyState.RETIRED),
        ),
    )


def _target(key: SigningKeyRecord, was: KeyState, now: KeyState) -> AuditTarget:
    change = ModifiedProperty(display_name="state", old_value=f'"{was}"', new_value=f'"{now}"')
    return AuditTarget(id=key.kid, type="Other", display_name=f"Signing key {key.sequence}", modified=(change,))

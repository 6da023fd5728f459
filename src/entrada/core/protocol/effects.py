"""What a decision asks the store to do.  The store applies all of them or, where one no longer holds, none.

Each docstring says when the effect *fails*: another replica was quicker, so look again and decide again.
"""

from attrs import frozen

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import GroupId, SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey
from entrada.core.protocol.token_family import FamilyKey, TokenFamily


@frozen
class OpenFamily:
    """Insert the family.

    Fails when its key is taken, or the browser session it hangs on, if it has one, has ended or is unknown.
    """

    family: TokenFamily


@frozen
class RotateFamily:
    """Raise the generation by one.  Fails unless it is *generation* now and the family is not revoked."""

    key: FamilyKey
    generation: int
    at: NumericDate


@frozen
class SucceedFamily:
    """Insert the family that follows *predecessor*, unless it is there or the predecessor is revoked or unknown.

    Never fails: refreshing again finds what the first refresh left.
    """

    predecessor: FamilyKey
    family: TokenFamily


@frozen
class RevokeFamily:
    """End the family.  Never fails: an unknown or revoked family stays as it is."""

    key: FamilyKey
    at: NumericDate


@frozen
class OpenSession:
    """Insert a browser session and its row in the sign-in log.  Fails when the session's id is taken."""

    session: BrowserSession
    sign_in: SignIn


@frozen
class StrengthenSession:
    """Write stronger methods into a live browser session, with its row in the sign-in log.

    Fails when it is unknown, revoked or has ended.
    """

    tenant_id: TenantId
    session_id: SessionId
    methods: tuple[str, ...]
    sign_in: SignIn


@frozen
class EndSession:
    """Revoke a browser session.  Never fails."""

    tenant_id: TenantId
    session_id: SessionId
    at: NumericDate


@frozen
class RevokeSessionFamilies:
    """End every family that hangs on the browser session: its applications lose their refresh tokens.  Never fails.

    After `EndSession`, in the same unit, no family of the session is left or can come; alone, new ones may follow.
    """

    tenant_id: TenantId
    session_id: SessionId
    at: NumericDate


@frozen
class LogSignIn:
    """A row in the sign-in log for a sign-in without a browser session (ROPC).  Never fails."""

    sign_in: SignIn


@frozen
class StartDeviceFlow:
    """Insert the flow.  Fails when its id or its user code is taken, so that another code is made."""

    flow: DeviceFlow


@frozen
class DecideDeviceFlow:
    """Approve it, or decline it with None.  Fails when it is unknown, decided already, or has ended by *at*."""

    key: DeviceFlowKey
    approval: Approval | None
    at: NumericDate


@frozen
class PutAttempts:
    """Insert counters of version 0, or replace the stored ones.  Fails when the stored version is not theirs."""

    attempts: Attempts


@frozen
class ForgetAttempts:
    """After a success: remove the counters.  Never fails."""

    tenant_id: TenantId
    user_id: UserId
    counter: Counter


@frozen
class UseFactorStep:
    """Spend a one-time code: *step* is its place in time.  Fails unless it is later than every one spent before."""

    tenant_id: TenantId
    user_id: UserId
    step: int


@frozen
class StartFactorSteps:
    """Another authenticator: its first code, of place *step*, is spent, and none of the one before.  Never fails."""

    tenant_id: TenantId
    user_id: UserId
    step: int


@frozen
class PutEntity:
    """Insert an entity of version 0, or replace the stored one.

    Fails when the stored version is not *entity*'s, or when another entity holds a key that must be unique (a user
    principal name in its tenant, a client id, a domain, an identifier URI in its tenant).
    """

    entity: Entity


@frozen
class RemoveEntity:
    """Delete an entity.  Fails when the stored version is not *entity*'s."""

    entity: Entity


@frozen
class RestoreEntity:
    """Insert an entity that was removed, with the version after its own: no version ever means two contents.

    Fails as `PutEntity` does for one that is new.
    """

    entity: Entity


@frozen
class Unchanged:
    """Write nothing.  Fails unless the stored version is *entity*'s: it is still what the decision looked at.

    Whoever would change or remove it waits until the unit is committed.
    """

    entity: Entity


@frozen
class Unlinked:
    """Write nothing.  Fails while a grant, an assignment, a membership or an owner names one of *object_ids*.

    Of an application, its `appId` may stand among them: then it fails while a service principal names that.

    After the removal of the objects and of the links that were found, so that none is left behind that came meanwhile.
    """

    tenant_id: TenantId
    object_ids: tuple[str, ...]


@frozen
class NotWithin:
    """Write nothing.  Fails when the group is in *other*, directly or through groups within it.

    After *other* was put into the group: so that nestings at the same moment close no circle together.
    """

    tenant_id: TenantId
    group_id: GroupId
    other: GroupId


@frozen
class AddSigningKey:
    """Publish a signing key.  Fails when its sequence number is taken, so two replicas never both rotate."""

    key: SigningKeyRecord


@frozen
class ReplaceSigningKey:
    """Write new times into a key.  Fails unless the stored record still equals *seen*."""

    seen: SigningKeyRecord
    now: SigningKeyRecord


@frozen
class RemoveSigningKey:
    """Forget a key whose last token has expired.  Never fails."""

    sequence: int


@frozen
class RecordAudit:
    """A row in the audit log, written with the change it tells of.  Never fails."""

    audit: DirectoryAudit


Effect = (
    OpenFamily
    | RotateFamily
    | SucceedFamily
    | RevokeFamily
    | OpenSession
    | StrengthenSession
    | EndSession
    | RevokeSessionFamilies
    | LogSignIn
    | StartDeviceFlow
    | DecideDeviceFlow
    | PutAttempts
    | ForgetAttempts
    | UseFactorStep
    | StartFactorSteps
    | PutEntity
    | RemoveEntity
    | RestoreEntity
    | Unchanged
    | Unlinked
    | NotWithin
    | RecordAudit
    | AddSigningKey
    | ReplaceSigningKey
    | RemoveSigningKey
)

"""A message in a user's mailbox: sample data, so that Mail.Read means something.  Graph: message."""

from attrs import field, frozen

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class Message:
    id: str
    tenant_id: TenantId
    user_id: UserId
    subject: str
    sender_name: str
    sender_address: str
    received_at: NumericDate
    body: str
    is_read: bool = False
    version: int = field(default=0, eq=False)

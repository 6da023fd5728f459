"""A piece of the API gateway's configuration, as it is kept; what it says is read by `core.gateway`.

Kept in a tenant like every object of the directory: with versions, in the audit log, behind the tenant's number.
"""

from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.ids import TenantId


class RecordKind(StrEnum):
    """Azure's names of them."""

    API = "api"
    OPERATION = "operation"
    PRODUCT = "product"
    SUBSCRIPTION = "subscription"
    AUTHORIZATION_SERVER = "authorizationServer"
    OPENID_PROVIDER = "openidConnectProvider"
    NAMED_VALUE = "namedValue"
    POLICY = "policy"
    REVISION = "revision"  # ours: rises with every change, so that two changes never rest on the same configuration


@frozen(kw_only=True)
class GatewayRecord:
    tenant_id: TenantId
    kind: RecordKind
    id: str  # of an operation: that of its API, a slash, its own; no id holds a slash of its own
    display_name: str
    content: str  # JSON, without what is secret
    secrets: str = field(default="", repr=False)  # sealed; empty where there is nothing secret
    version: int = field(default=0, eq=False)

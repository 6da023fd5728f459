"""What is done to the API gateway, as the audit log words it.  The words are ours."""

from collections.abc import Mapping
from typing import Final

from entrada.core.directory.administration.change import Activity
from entrada.core.directory.directory_audit import OperationType as Op
from entrada.core.directory.gateway_record import RecordKind

_CATEGORY: Final = "GatewayManagement"
NOUNS: Final[Mapping[RecordKind, str]] = {
    RecordKind.API: "API",
    RecordKind.OPERATION: "operation",
    RecordKind.PRODUCT: "product",
    RecordKind.SUBSCRIPTION: "subscription",
    RecordKind.AUTHORIZATION_SERVER: "authorization server",
    RecordKind.OPENID_PROVIDER: "OpenID Connect provider",
    RecordKind.NAMED_VALUE: "named value",
    RecordKind.POLICY: "gateway policy",
}
IMPORT_API: Final = Activity(name="Import API", category=_CATEGORY, operation=Op.UPDATE)
APPLY_FILE: Final = Activity(name="Apply gateway file", category=_CATEGORY, operation=Op.UPDATE)
REGENERATE_KEY: Final = Activity(name="Regenerate subscription key", category=_CATEGORY, operation=Op.UPDATE)
REQUEST_SUBSCRIPTION: Final = Activity(name="Request subscription", category=_CATEGORY, operation=Op.ADD)
CANCEL_SUBSCRIPTION: Final = Activity(name="Cancel subscription", category=_CATEGORY, operation=Op.UPDATE)


def adding(kind: RecordKind) -> Activity:
    return Activity(name=f"Add {NOUNS[kind]}", category=_CATEGORY, operation=Op.ADD)


def changing(kind: RecordKind) -> Activity:
    return Activity(name=f"Update {NOUNS[kind]}", category=_CATEGORY, operation=Op.UPDATE)


def deleting(kind: RecordKind) -> Activity:
    return Activity(name=f"Delete {NOUNS[kind]}", category=_CATEGORY, operation=Op.DELETE)

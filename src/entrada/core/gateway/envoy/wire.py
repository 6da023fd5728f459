"""Envoy's JSON: a message that names its type, and headers to set."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

HTTP: Final = "envoy.extensions.filters.http"
JWT_AUTHN: Final = "envoy.filters.http.jwt_authn"
RBAC: Final = "envoy.filters.http.rbac"
LOOK_AGAIN: Final = "entrada.look_again"
FILTER_CHAIN: Final = "envoy.filters.http.filter_chain"


def typed(name: str, **values: object) -> Json:
    return {"@type": f"type.googleapis.com/{name}", **values}


def literal(text: str) -> str:
    """As a format that gives *text*."""
    return text.replace("%", "%%")


def line(name: str, formatted: str, action: str = "OVERWRITE_IF_EXISTS_OR_ADD") -> Json:
    return {"header": {"key": name, "value": formatted}, "append_action": action, "keep_empty_value": True}

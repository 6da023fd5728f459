"""Conditions of a route: on header lines, and on what a filter has found out."""

from collections.abc import Sequence

from entrada.core.gateway.envoy.wire import JWT_AUTHN, RBAC, Json


def absent(name: str) -> Json:
    return {"name": name, "present_match": True, "invert_match": True}


def present(name: str) -> Json:
    return {"name": name, "present_match": True}


def exactly(name: str, value: str) -> Json:
    """All lines of that name, joined by commas as `decide` joins them."""
    return {"name": name, "string_match": {"exact": value}}


def fitting(name: str, pattern: str) -> Json:
    return {"name": name, "string_match": {"safe_regex": {"regex": pattern}}}


def not_fitting(name: str, pattern: str) -> Json:
    """Also met where there is no such header."""
    return {**fitting(name, pattern), "invert_match": True, "treat_missing_header_as_empty": True}


def of_token(path: Sequence[str], value: Json, *, inverted: bool = False) -> Json:
    """On the verified token, whose payload and header Envoy keeps: nothing is there unless its signature holds."""
    return _found(JWT_AUTHN, path, value, inverted)


def of_check(name: str) -> Json:
    """On a check of RBAC's, which only takes note: whether it held."""
    return _found(RBAC, (f"{name}_shadow_engine_result",), {"string_match": {"exact": "allowed"}}, inverted=False)


def _found(source: str, path: Sequence[str], value: Json, inverted: bool) -> Json:  # noqa: FBT001
    return {"filter": source, "path": [{"key": key} for key in path], "value": value, "invert": inverted}

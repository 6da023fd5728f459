"""Claims that a policy requires, as conditions on a verified token.  Gateway reference section 2.2.

Texts, yes and no, and lists of them.  A number is a number to Envoy and a text to `decide` (1 or 1.0?): such tokens are
decided in Python.
"""

import re
from collections.abc import Iterator

from entrada.core.gateway.envoy import matches
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.tokens.claim import RequiredClaim

Alternative = tuple[Json, ...]
"""Conditions that hold together."""


def met(token: str, one: RequiredClaim) -> tuple[Alternative, ...]:
    """Each of them suffices."""
    first = _conditions(token, one.name, one)
    if one.also is None:
        return (first,)
    without = matches.of_token((token, one.name), {"present_match": True}, inverted=True)
    return (first, (without, *_conditions(token, one.also, one)))


def holding(value: str, separator: str | None = None) -> Json:
    """Of a claim in which *value* is."""
    return {"or_match": {"value_matchers": list(_forms(value, separator))}}


def text_like(pattern: str) -> Json:
    return {"string_match": {"safe_regex": {"regex": pattern}}}


def _conditions(token: str, name: str, one: RequiredClaim) -> Alternative:
    path = (token, name)
    if not one.values:
        return (matches.of_token(path, _anything(one.separator)),)
    if one.match_any:
        forms = [form for value in one.values for form in _forms(value, one.separator)]
        return (matches.of_token(path, {"or_match": {"value_matchers": forms}}),)
    return tuple(matches.of_token(path, holding(value, one.separator)) for value in one.values)


def _forms(value: str, separator: str | None) -> Iterator[Json]:
    as_text: Json = {"string_match": {"exact": value}}
    yield {"list_match": {"one_of": as_text}}
    if separator is None:
        yield as_text
    elif value and separator not in value:
        around = re.escape(separator)
        yield text_like(f"(?s:(?:.*{around})?{re.escape(value)}(?:{around}.*)?)")
    if value in ("true", "false"):
        as_flag: Json = {"bool_match": value == "true"}
        yield as_flag
        yield {"list_match": {"one_of": as_flag}}


def _anything(separator: str | None) -> Json:
    """What is surely a value: no empty list, no text of separators alone."""
    text = text_like("(?s:.*)" if separator is None else f"(?s:.*[^{re.escape(separator)}].*)")
    flags: list[Json] = [{"bool_match": True}, {"bool_match": False}]
    any_text = text_like("(?s:.*)")
    return {"or_match": {"value_matchers": [text, *flags, {"list_match": {"one_of": any_text}}]}}

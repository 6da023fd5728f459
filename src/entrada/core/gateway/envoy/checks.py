"""Conditions on header lines as Envoy's RBAC notes them: in CEL all lines of a name are one text, as for `decide`.

A route's own conditions look at each line alone, so that a second one would go unseen.  RBAC refuses nothing here: what
it notes opens a route, and what it does not note, for want of a header or by an error, goes to Python.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.envoy import matches
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.wire import HTTP, JWT_AUTHN, RBAC, Json, typed

_ANY: Final[Json] = {"any": True}


@frozen
class Check:
    """*permission* and *principal* of RBAC, *condition* in CEL: all of them hold."""

    condition: Json | None = field(default=None, repr=False)
    permission: Json = field(default=_ANY, repr=False)
    principal: Json = field(default=_ANY)

    @property
    def name(self) -> str:
        text = json.dumps([self.condition, self.permission, self.principal], sort_keys=True)
        return f"check-{sha256(text.encode()).hexdigest()[:16]}"

    @property
    def filter(self) -> Json:
        return self.noted_as(self.name)

    def noted_as(self, name: str) -> Json:
        policy: Json = {"permissions": [self.permission], "principals": [self.principal]}
        if self.condition is not None:
            policy |= {"condition": self.condition, "cel_config": {"enable_string_concat": True}}
        config = typed(
            f"{HTTP}.rbac.v3.RBAC",
            shadow_rules={"action": "ALLOW", "policies": {"holds": policy}},
            shadow_rules_stat_prefix=f"{name}_",
        )
        return {"name": RBAC, "typed_config": config}


def exactly(name: str, value: str) -> Check:
    return Check(_equal(_header(name), value))


def one_of(name: str, values: Sequence[str], *, ignores_case: bool) -> Check:
    if not ignores_case:
        return Check(_any_of(_header(name), values))
    return Check(_is_one_line(_header(name)), permission={"or_rules": {"rules": _ignoring_case(name, values)}})


def none_of(name: str, values: Sequence[str], *, ignores_case: bool) -> Check:
    """There, printable ASCII, and none of them."""
    printable = {"call_expr": {"target": _header(name), "function": "matches", "args": [_text("^[ -~]*$")]}}
    if not ignores_case:
        return Check(_call("_&&_", printable, _call("!_", _any_of(_header(name), values))))
    return Check(printable, permission={"not_rule": {"or_rules": {"rules": _ignoring_case(name, values)}}})


def fitting(name: str, pattern: str) -> Check:
    """One line, as a whole like *pattern*, which holds no comma."""
    # CEL takes no long pattern, and a condition on a header looks at each line alone: together they see it all.
    return Check(_is_one_line(_header(name)), permission={"header": matches.fitting(name, pattern)})


def _ignoring_case(name: str, values: Sequence[str]) -> list[Json]:
    if any("," in one for one in values):
        raise NotNative("a value with a comma is compared without regard to case")
    return [{"header": {"name": name, "string_match": {"exact": one, "ignore_case": True}}} for one in values]


def _any_of(held: Json, values: Sequence[str]) -> Json:
    first, *others = values
    found = _equal(held, first)
    for one in others:
        found = _call("_||_", found, _equal(held, one))
    return found


def _equal(held: Json, value: str) -> Json:
    return _call("_==_", held, _text(value))


def _is_one_line(held: Json) -> Json:
    return _call("!_", {"call_expr": {"target": held, "function": "contains", "args": [_text(",")]}})


def carrying(header: Json, held: Json, most: int) -> Check:
    """A token in that form, in one line and of that size: Envoy itself would take any."""
    size = _call("_<=_", _call("size", held), {"const_expr": {"int64_value": most}})
    return Check(_call("_&&_", size, _is_one_line(held)), permission={"header": header})


def carrying_alone(header: Json) -> Check:
    """The same at a quarter of the price, of what Envoy keeps as one line, among lines that are no longer together."""
    return Check(permission={"header": header}, principal={"filter_state": {"key": SIZE, "string_match": _SMALL}})


SIZE: Final = "entrada.size"  # of all header lines, noted by the listener
_SMALL: Final[Json] = {"safe_regex": {"regex": "[0-9]{1,4}|1[0-5][0-9]{3}"}}  # less than the longest token


def between(token: str, claim: str, before: str, other: str, behind: str) -> Json:
    """Whether *claim* is the claim *other* between two texts; false where either is missing or no text."""
    told, named = _claim(token, claim), _claim(token, other)
    made = _call("_+_", _call("_+_", _text(before), named), _text(behind))
    return _call("_&&_", _call("!_", _equal(named, "")), _call("_==_", told, made))


def _claim(token: str, name: str) -> Json:
    held: Json = {"select_expr": {"operand": {"ident_expr": {"name": "metadata"}}, "field": "filter_metadata"}}
    for key in (JWT_AUTHN, token, name):
        held = _call("_[_]", held, _text(key))
    return held


def _header(name: str) -> Json:
    return of_request("headers", name)


def of_request(attribute: str, key: str | None = None) -> Json:
    found: Json = {"select_expr": {"operand": {"ident_expr": {"name": "request"}}, "field": attribute}}
    return found if key is None else _call("_[_]", found, _text(key))


def _call(function: str, *args: Json) -> Json:
    return {"call_expr": {"function": function, "args": list(args)}}


def _text(value: str) -> Json:
    return {"const_expr": {"string_value": value}}

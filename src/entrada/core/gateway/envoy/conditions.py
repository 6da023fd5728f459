"""Conditions of `choose`: when they surely hold, and when they surely do not.  In between, Python decides."""

from collections.abc import Sequence
from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.envoy import checks, claims, matches
from entrada.core.gateway.envoy.checks import Check
from entrada.core.gateway.envoy.known import is_known, known
from entrada.core.gateway.envoy.not_native import NotNative, few
from entrada.core.gateway.envoy.texts import token_of
from entrada.core.gateway.envoy.way import Way
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.expressions import syntax
from entrada.core.gateway.expressions.expression import Expression


@frozen
class Case:
    """Conditions that hold together."""

    conditions: tuple[Json, ...] = ()
    said: tuple[Json, ...] = ()
    checks: tuple[Check, ...] = ()

    def joined(self, other: "Case") -> "Case":
        conditions = (*self.conditions, *other.conditions)
        return Case(conditions, (*self.said, *other.said), (*self.checks, *other.checks))

    def on(self, way: Way) -> Way:
        return way.where(*self.conditions).checked(*self.checks).saying(*self.said)


Cases: TypeAlias = tuple[Case, ...]  # each of them suffices


@frozen
class Condition:
    holds: Cases
    fails: Cases


ALWAYS = Condition(holds=(Case(),), fails=())
NEVER = Condition(holds=(), fails=(Case(),))


def read(value: Value[bool], way: Way) -> Condition:
    """Raises NotNative."""
    if isinstance(value, Constant) or is_known(value.expression.body, way):
        return ALWAYS if known(value, way) else NEVER
    return _of(value.expression.body, way, value.expression)


def _of(node: object, way: Way, whole: Expression) -> Condition:
    if node is not whole.body and is_known(node, way):
        return _folded(node, way, whole)
    match node:
        case syntax.Binary(operator="&&", left=left, right=right):
            return _both(_of(left, way, whole), _of(right, way, whole))
        case syntax.Binary(operator="||", left=left, right=right):
            return _negated(_both(_negated(_of(left, way, whole)), _negated(_of(right, way, whole))))
        case syntax.Unary(operator="!", operand=operand):
            return _negated(_of(operand, way, whole))
        case syntax.Binary(operator="==" | "!=" as operator, left=left, right=syntax.Literal(value=str(text))):
            found = _equal(left, text, way)
            return found if operator == "==" else _negated(found)
        case syntax.Call(target=target, name="Contains", arguments=(syntax.Literal(value=str(text)),)):
            return _contains(target, text, way)
        case syntax.Call(
            target=syntax.Member(
                target=syntax.Member(target=syntax.Name(name="context"), name="Request"), name="Headers"
            ),
            name="ContainsKey",
            arguments=(syntax.Literal(value=str(name)),),
        ):
            lower = way.untouched(name)
            return Condition((Case((matches.present(lower),)),), (Case((matches.absent(lower),)),))
        case _:
            raise NotNative("a condition is computed from the request")


def _folded(node: object, way: Way, whole: Expression) -> Condition:
    """Of a part that is known beforehand: the language has few such, so methods alone are."""
    match node:
        case syntax.Literal(value=bool(value)):
            return ALWAYS if value else NEVER
        case syntax.Binary(operator="==" | "!=" as operator, left=left, right=syntax.Literal(value=str(text))) if (
            _is_method(left)
        ):
            return ALWAYS if (way.operation.method == text) == (operator == "==") else NEVER
        case syntax.Unary(operator="!", operand=operand):
            return _negated(_folded(operand, way, whole))
        case syntax.Binary(operator="&&", left=left, right=right):
            return _both(_folded(left, way, whole), _folded(right, way, whole))
        case syntax.Binary(operator="||", left=left, right=right):
            return _negated(_both(_negated(_folded(left, way, whole)), _negated(_folded(right, way, whole))))
        case _:
            raise NotNative("a condition is computed from the request")


def _is_method(node: object) -> bool:
    match node:
        case syntax.Member(target=syntax.Member(target=syntax.Name(name="context"), name="Request"), name="Method"):
            return True
        case _:
            return False


def _equal(node: object, text: str, way: Way) -> Condition:
    match node:
        case syntax.Call(
            target=syntax.Member(
                target=syntax.Member(target=syntax.Name(name="context"), name="Request"), name="Headers"
            ),
            name="GetValueOrDefault",
            arguments=(syntax.Literal(value=str(name)), *default),
        ) if text.isascii() and text.isprintable() and text:
            return _header_is(way.untouched(name), text, _default(default))
        case syntax.Call(
            target=syntax.Member(target=token, name="Claims"),
            name="GetValueOrDefault",
            arguments=(syntax.Literal(value=str(name)), *default),
        ) if (kept := token_of(token, way)) is not None:
            return _claim_is((kept, name), text, _default(default))
        case _:
            raise NotNative("a condition is computed from the request")


def _default(arguments: Sequence[object]) -> str | None:
    match arguments:
        case []:
            return None
        case [syntax.Literal(value=str(text))]:
            return text
        case _:
            raise NotNative("a condition is computed from the request")


def _header_is(name: str, text: str, default: str | None) -> Condition:
    same, missing = Case(checks=(checks.exactly(name, text),)), Case((matches.absent(name),))
    other = Case(checks=(checks.none_of(name, (text,), ignores_case=False),))
    return Condition((same, missing), (other,)) if default == text else Condition((same,), (other, missing))


def _claim_is(path: tuple[str, str], text: str, default: str | None) -> Condition:
    """Texts alone: lists are joined by `decide`, and numbers spelled."""
    exact: Json = {"string_match": {"exact": text}}
    same = Case(said=(matches.of_token(path, exact),))
    missing = Case(said=(matches.of_token(path, {"present_match": True}, inverted=True),))
    any_text = matches.of_token(path, claims.text_like("(?s:.*)"))
    other = Case(said=(any_text, matches.of_token(path, exact, inverted=True)))
    return Condition((same, missing), (other,)) if default == text else Condition((same,), (other, missing))


def _contains(target: object, text: str, way: Way) -> Condition:
    """`Claims["name"].Contains("text")`: one of the values; without the claim, an error that Python tells of."""
    match target:
        case syntax.Index(target=syntax.Member(target=token, name="Claims"), index=syntax.Literal(value=str(name))) if (
            kept := token_of(token, way)
        ) is not None:
            path = (kept, name)
            holds = matches.of_token(path, claims.holding(text))
            any_text = matches.of_token(path, claims.text_like("(?s:.*)"))
            other = matches.of_token(path, {"string_match": {"exact": text}}, inverted=True)
            return Condition((Case(said=(holds,)),), (Case(said=(any_text, other)),))
        case _:
            raise NotNative("a condition is computed from the request")


def _both(left: Condition, right: Condition) -> Condition:
    holds = few(tuple(one.joined(other) for one in left.holds for other in right.holds))
    # The right side is looked at only where the left one holds, as in C#: it may have no value otherwise.
    fails = few((*left.fails, *(one.joined(other) for one in left.holds for other in right.fails)))
    return Condition(holds, fails)


def _negated(one: Condition) -> Condition:
    return Condition(one.fails, one.holds)

"""A text that goes into a header line, as Envoy's format: known beforehand, of a verified token, or of another line."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.elements.value import Computed, Value
from entrada.core.gateway.envoy import checks, claims, matches
from entrada.core.gateway.envoy.checks import Check
from entrada.core.gateway.envoy.known import is_known, is_variables, known
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.way import TokenOf, Way
from entrada.core.gateway.envoy.wire import JWT_AUTHN, Json, literal
from entrada.core.gateway.expressions import syntax

_TIDY: Final = "[!-~](?:[ -~]*[!-~])?"  # printable ASCII, no space at the ends: what a line keeps as it is
_ONE: Final = r"[!-+\--~](?:[ -+\--~]*[!-+\--~])?"  # the same without commas: one line, not two joined
_LONGEST: Final = 16_000  # Envoy refuses all routes for one line beyond 16 KiB
_SIMPLE: Final = re.compile(r"[A-Za-z0-9_.-]+")


@frozen(kw_only=True)
class Formatted:
    """What the text is, on these conditions."""

    formatted: str
    conditions: tuple[Json, ...] = ()
    checks: tuple[Check, ...] = ()
    said: tuple[Json, ...] = ()
    copied: frozenset[str] = frozenset()

    @property
    def always(self) -> bool:
        return not (self.conditions or self.checks or self.said)

    def on(self, way: Way) -> Way:
        found = way.where(*self.conditions).checked(*self.checks).saying(*self.said)
        return evolve(found, copied=found.copied | self.copied)


def formatted(value: Value[str], way: Way) -> tuple[Formatted, ...]:
    """Each for requests of its own.  Raises NotNative."""
    if not isinstance(value, Computed) or is_known(value.expression.body, way):
        text = known(value, way)
        if not (text.isascii() and text.isprintable()):
            raise NotNative("a text of it is not ASCII")
        return (short(literal(text)),)
    found = tuple(_read(value.expression.body, way))
    if not found:
        raise NotNative("an expression is computed from the request")
    return found


def short(text: str) -> Formatted:
    """Raises NotNative."""
    if len(text) > _LONGEST:
        raise NotNative(f"a text of it is longer than {_LONGEST} characters")
    return Formatted(formatted=text)


def _read(node: object, way: Way) -> Iterator[Formatted]:
    match node:
        case syntax.Call(
            target=syntax.Member(target=token, name="Claims"),
            name="GetValueOrDefault",
            arguments=(syntax.Literal(value=str(name)), *rest),
        ):
            yield from _of_claim(token, name, rest, way)
        case syntax.Call(
            target=syntax.Member(
                target=syntax.Member(target=syntax.Name(name="context"), name="Request"), name="Headers"
            ),
            name="GetValueOrDefault",
            arguments=(syntax.Literal(value=str(name)), syntax.Literal(value=str(default))),
        ) if _is_tidy(default):
            lower = way.untouched(name)
            yield Formatted(
                formatted=f"%REQ({lower})%", checks=(checks.fitting(lower, _ONE),), copied=frozenset({lower})
            )
            yield Formatted(formatted=literal(default), conditions=(matches.absent(lower),))
        case _:
            return


def _of_claim(token: object, name: str, rest: Sequence[object], way: Way) -> Iterator[Formatted]:
    kept = token_of(token, way)
    if kept is None or not _SIMPLE.fullmatch(name):
        return
    there = matches.of_token((kept, name), claims.text_like(_TIDY))
    yield Formatted(formatted=f"%DYNAMIC_METADATA({JWT_AUTHN}:{kept}:{name})%", said=(there,))
    match rest:
        case [syntax.Literal(value=str(default))] if _is_tidy(default):
            missing = matches.of_token((kept, name), {"present_match": True}, inverted=True)
            yield Formatted(formatted=literal(default), said=(missing,))
        case _:
            return


def token_of(node: object, way: Way) -> str | None:
    """The name under which Envoy keeps the verified token that this is."""
    match node:
        case syntax.Cast(type="Jwt", operand=operand) | syntax.As(operand=operand, type="Jwt"):
            return token_of(operand, way)
        case syntax.Chain(inner=inner):
            return token_of(inner, way)
        case syntax.Index(target=target, index=syntax.Literal(value=str(name))) if is_variables(target):
            found = way.variables.get(name)
            return found.token if isinstance(found, TokenOf) else None
        case _:
            return None


def _is_tidy(text: str) -> bool:
    return re.fullmatch(_TIDY, text) is not None

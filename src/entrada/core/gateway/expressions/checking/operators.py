"""The operators, and which types they join.  C# 7 §11.9 to §11.14."""

from collections.abc import Callable
from math import fmod, isnan, nan
from operator import ge, gt, le, lt
from typing import Any, Final

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.checking.conversions import NUMBERS, converted, converts, wrapped
from entrada.core.gateway.expressions.checking.part import FAULTY, Part, Run, Scope, at
from entrada.core.gateway.expressions.frame import Failing, Frame, fits
from entrada.core.gateway.expressions.members.of_time import later
from entrada.core.gateway.expressions.spelled import spelled
from entrada.core.gateway.expressions.type import (
    BOOL,
    DATE_TIME,
    DOUBLE,
    INT,
    LONG,
    NULL,
    OBJECT,
    STRING,
    TIME_SPAN,
    AnyType,
    a,
    nullable,
)

_ORDERED: Final = frozenset({INT, LONG, DOUBLE, DATE_TIME, TIME_SPAN})
_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {"<": lt, ">": gt, "<=": le, ">=": ge}


def binary(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part:
    if left.is_unknown or right.is_unknown:
        return FAULTY
    made = _MADE_BY[operator](scope, operator, left, right, place)
    if made is None:
        what = f"`{operator}` cannot join {a(left.type)} and {a(right.type)}."
        return scope.fault(place, what, _instead(operator, left.type, right.type))
    return Part(made.type, at(place, made.run))


def _instead(operator: str, left: AnyType, right: AnyType) -> str:
    if OBJECT in {left, right}:
        return 'say the type first: (string)context.Variables["name"].'
    if operator in {"&&", "||"} and (left.is_nullable_value or right.is_nullable_value):
        return "compare what may be null: `value == true`."
    if STRING in {left, right} and operator in _COMPARISONS:
        return "use int.Parse for numbers, string.Compare for text."
    return "convert one of them: int.Parse(text), value.ToString()."


def _logical(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    if (left.type, right.type) != (BOOL, BOOL):
        return None
    decisive = operator == "||"

    def run(frame: Frame) -> object:
        return decisive if left.run(frame) is decisive else right.run(frame)

    return Part(BOOL, run)


def _equality(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    if not _are_comparable(left.type, right.type):
        return None
    wanted = operator == "=="

    def run(frame: Frame) -> object:
        one, other = left.run(frame), right.run(frame)
        frame.look_at(one, other)
        return (one == other) is wanted

    return Part(BOOL, run)


def _are_comparable(one: AnyType, other: AnyType) -> bool:
    """Objects and arrays are compared with null alone: C# would compare which of two equal ones it is."""
    if NULL in {one, other}:
        return one.is_reference and other.is_reference
    if one.bare in NUMBERS and other.bare in NUMBERS:
        return True
    return one.bare == other.bare and (not one.bare.is_reference or one == STRING)


def _comparison(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    one, other = left.type.bare, right.type.bare
    if not (one in _ORDERED and (one == other or {one, other} <= set(NUMBERS))):
        return None
    compare = _COMPARISONS[operator]

    def run(frame: Frame) -> object:
        first, second = left.run(frame), right.run(frame)
        return first is not None and second is not None and compare(first, second)

    return Part(BOOL, run)


def _coalescing(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    wanted = _coalesced(left.type, right.type)
    if wanted is None:
        return None
    first, second = converted(left, wanted), converted(right, wanted)

    def run(frame: Frame) -> object:
        value = first.run(frame)
        return second.run(frame) if value is None else value

    return Part(wanted, run)


def _coalesced(left: AnyType, right: AnyType) -> AnyType | None:
    if not left.is_reference:
        return None
    if left == OBJECT or converts(right, left.bare):
        return left.bare
    if converts(right, left):
        return left
    return right if converts(left.bare, right) else None


# ---- arithmetic ----


def _sum(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    if STRING in {left.type, right.type}:
        return Part(STRING, concatenation((left, right)))
    if left.type == DATE_TIME and right.type == TIME_SPAN:
        return Part(DATE_TIME, _of_values(left, right, later))
    if left.type == right.type == TIME_SPAN:
        return Part(TIME_SPAN, _of_values(left, right, _plus))
    return _arithmetic(scope, operator, left, right, place)


def _difference(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    if left.type == DATE_TIME and right.type == TIME_SPAN:
        return Part(DATE_TIME, _of_values(left, right, _earlier))
    if left.type == right.type and left.type in {DATE_TIME, TIME_SPAN}:
        return Part(TIME_SPAN, _of_values(left, right, _minus))
    return _arithmetic(scope, operator, left, right, place)


def _arithmetic(scope: Scope, operator: str, left: Part, right: Part, place: Place) -> Part | None:
    one, other = left.type.bare, right.type.bare
    if one not in NUMBERS or other not in NUMBERS:
        return None
    wanted = NUMBERS[max(NUMBERS.index(one), NUMBERS.index(other))]
    compute = _REAL[operator] if wanted == DOUBLE else _whole(operator, 32 if wanted == INT else 64)
    may_be_null = left.type.is_reference or right.type.is_reference
    return Part(nullable(wanted) if may_be_null else wanted, _of_values(left, right, compute))


def _of_values(left: Part, right: Part, compute: Callable[[Any, Any], object]) -> Run:
    def run(frame: Frame) -> object:
        one, other = left.run(frame), right.run(frame)
        return None if one is None or other is None else compute(one, other)

    return run


def _whole(operator: str, bits: int) -> Callable[[Any, Any], object]:
    compute = _WHOLE[operator]

    def run(one: int, other: int) -> object:
        return wrapped(compute(one, other), bits)

    return run


def _divided(one: int, other: int) -> int:
    if other == 0:
        raise Failing("A number is divided by zero (DivideByZeroException).")
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


def _remainder(one: int, other: int) -> int:
    return one - _divided(one, other) * other


def _real_divided(one: float, other: float) -> float:
    if other == 0:
        return nan if one == 0 or isnan(one) else float("inf") if one > 0 else float("-inf")
    return one / other


def _real_remainder(one: float, other: float) -> float:
    try:
        return fmod(one, other)
    except ValueError:
        return nan


def _plus(one: Any, other: Any) -> Any:
    return one + other


def _minus(one: Any, other: Any) -> Any:
    return one - other


def _earlier(one: Any, other: Any) -> Any:
    return later(one, -other)


def _times(one: Any, other: Any) -> Any:
    return one * other


_BITS: Final[dict[AnyType, int]] = {INT: 32, LONG: 64}
_WHOLE: Final[dict[str, Callable[[int, int], int]]] = {
    "+": _plus, "-": _minus, "*": _times, "/": _divided, "%": _remainder,
}  # fmt: skip
_REAL: Final[dict[str, Callable[[float, float], float]]] = {
    "+": _plus, "-": _minus, "*": _times, "/": _real_divided, "%": _real_remainder,
}  # fmt: skip


def concatenation(parts: tuple[Part, ...]) -> Run:
    """Of anything with a string: null reads as nothing."""

    def run(frame: Frame) -> object:
        texts = [spelled(part.run(frame)) for part in parts]
        fits(sum(map(len, texts)))
        frame.look_at(*texts)
        return "".join(texts)

    return run


_MADE_BY: Final[dict[str, Callable[[Scope, str, Part, Part, Place], Part | None]]] = {
    **dict.fromkeys(("&&", "||"), _logical),
    **dict.fromkeys(("==", "!="), _equality),
    **dict.fromkeys(_COMPARISONS, _comparison),
    "??": _coalescing,
    "+": _sum,
    "-": _difference,
    **dict.fromkeys(("*", "/", "%"), _arithmetic),
}


def unary(scope: Scope, operator: str, operand: Part, place: Place) -> Part:
    if operand.is_unknown:
        return operand
    if operator == "!" and operand.type == BOOL:
        return Part(BOOL, lambda frame: not operand.run(frame))
    if operator != "!" and operand.type in {*NUMBERS, TIME_SPAN}:
        return Part(operand.type, at(place, _signed(operator, operand)))
    instead = (
        "compare what may be null: `value != true`." if operand.type.bare == BOOL else "compare it: `value == null`."
    )
    return scope.fault(place, f"`{operator}` does not go before {a(operand.type)}.", instead)


def _signed(operator: str, operand: Part) -> Run:
    bits = _BITS.get(operand.type)

    def run(frame: Frame) -> object:
        value: Any = operand.run(frame)
        if operator == "+":
            return value
        return wrapped(-value, bits) if bits else -value

    return run

"""What strings, characters and arrays of strings can be asked.  Strings are compared ordinally, whatever the culture.

Positions and lengths count characters; .NET counts a character beyond U+FFFF as two.
"""

from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from entrada.core.gateway.expressions.basic import parse_basic
from entrada.core.gateway.expressions.frame import Failing, fits
from entrada.core.gateway.expressions.jwt import parse_jwt
from entrada.core.gateway.expressions.members.member import Method, Methods, Properties, Property
from entrada.core.gateway.expressions.type import (
    BASIC,
    BOOL,
    CHAR,
    CHARS,
    INT,
    JWT,
    OBJECT,
    STRING,
    STRING_COMPARISON,
    STRINGS,
    AnyType,
    Char,
    Comparison,
)

_IGNORES_CASE: Final = Comparison.ORDINAL_IGNORE_CASE


def upper(text: str) -> str:
    """A character for a character, as .NET: Python would make SS of ß."""
    return "".join(big if len(big := one.upper()) == 1 else one for one in text)


def lower(text: str) -> str:
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)


def equal(one: str | None, other: str | None, how: Comparison = Comparison.ORDINAL) -> bool:
    if one is None or other is None or how is not _IGNORES_CASE:
        return one == other
    return upper(one) == upper(other)


def _text(part: str | Char | None) -> str:
    if part is None:
        raise Failing("The argument is null (ArgumentNullException).")
    return str(part)


def _folded(one: str, other: str | Char | None, how: Comparison) -> tuple[str, str]:
    text = _text(other)
    return (upper(one), upper(text)) if how is _IGNORES_CASE else (one, text)


def _starts_with(it: str, other: str | Char | None, how: Comparison = Comparison.ORDINAL) -> bool:
    one, text = _folded(it, other, how)
    return one.startswith(text)


def _ends_with(it: str, other: str | Char | None, how: Comparison = Comparison.ORDINAL) -> bool:
    one, text = _folded(it, other, how)
    return one.endswith(text)


def _contains(it: str, other: str | Char | None, how: Comparison = Comparison.ORDINAL) -> bool:
    one, text = _folded(it, other, how)
    return text in one


def _index_of(it: str, other: str | Char | None, how: Comparison = Comparison.ORDINAL) -> int:
    one, text = _folded(it, other, how)
    return one.find(text)


def _last_index_of(it: str, other: str | Char | None, how: Comparison = Comparison.ORDINAL) -> int:
    one, text = _folded(it, other, how)
    return one.rfind(text)


def _substring(it: str, start: int, length: int | None = None) -> str:
    end = len(it) if length is None else start + length
    if start < 0 or end > len(it) or end < start:
        raise Failing("Substring reaches beyond the string (ArgumentOutOfRangeException).")
    return it[start:end]


def _replace(it: str, old: str | Char | None, new: str | Char | None) -> str:
    wanted, instead = _text(old), "" if new is None else str(new)
    if not wanted:
        raise Failing("Replace cannot look for an empty string (ArgumentException).")
    fits(len(it) + it.count(wanted) * max(len(instead) - len(wanted), 0))
    return it.replace(wanted, instead)


def _split(it: str, *separators: Char) -> tuple[str, ...]:
    if not separators:
        return _split_blanks(it)
    first = separators[0].value
    for other in separators[1:]:
        it = it.replace(other.value, first)
    return tuple(it.split(first))


def _split_by_any(it: str, separators: tuple[Char, ...]) -> tuple[str, ...]:
    return _split(it, *separators)


def _split_blanks(it: str) -> tuple[str, ...]:
    """Split() divides at every white space, and keeps the empty strings between two."""
    return tuple("".join(" " if one.isspace() else one for one in it).split(" "))


def _split_by_text(it: str, separator: str | None) -> tuple[str, ...]:
    return tuple(it.split(separator)) if separator else (it,)


def _trimmed(it: str, characters: tuple[Char, ...]) -> str | None:
    return "".join(one.value for one in characters) or None


def _trim(it: str, *characters: Char) -> str:
    return it.strip(_trimmed(it, characters))


def _trim_start(it: str, *characters: Char) -> str:
    return it.lstrip(_trimmed(it, characters))


def _trim_end(it: str, *characters: Char) -> str:
    return it.rstrip(_trimmed(it, characters))


def _pad_left(it: str, width: int, char: Char | None = None) -> str:
    return it.rjust(_width(width), str(char or " "))


def _pad_right(it: str, width: int, char: Char | None = None) -> str:
    return it.ljust(_width(width), str(char or " "))


def _width(width: int) -> int:
    if width < 0:
        raise Failing("The width is negative (ArgumentOutOfRangeException).")
    fits(width)
    return width


def _insert(it: str, at: int, text: str | None) -> str:
    if not 0 <= at <= len(it):
        raise Failing("Insert reaches beyond the string (ArgumentOutOfRangeException).")
    fits(len(it) + len(_text(text)))
    return it[:at] + _text(text) + it[at:]


def _remove(it: str, start: int, count: int | None = None) -> str:
    gone = _substring(it, start, count)
    return it[:start] + it[start + len(gone) :]


def _to_string(it: str) -> str:
    return it


def _try_parse_jwt(it: str | None) -> tuple[bool, object]:
    token = parse_jwt(it)
    return token is not None, token


def _try_parse_basic(it: str | None) -> tuple[bool, object]:
    credentials = parse_basic(it)
    return credentials is not None, credentials


# ---- arrays ----


def _first(it: tuple[str, ...]) -> str:
    return it[0] if it else _empty()


def _last(it: tuple[str, ...]) -> str:
    return it[-1] if it else _empty()


def _empty() -> NoReturn:
    raise Failing("The sequence has no elements (InvalidOperationException).")


def _first_or_default(it: tuple[str, ...]) -> str | None:
    return it[0] if it else None


def _last_or_default(it: tuple[str, ...]) -> str | None:
    return it[-1] if it else None


def _element_at(it: tuple[str, ...], index: int) -> str:
    if not 0 <= index < len(it):
        raise Failing("The index is outside the array (ArgumentOutOfRangeException).")
    return it[index]


def _element_at_or_default(it: tuple[str, ...], index: int) -> str | None:
    return it[index] if 0 <= index < len(it) else None


def _holds(it: Sequence[object], one: object) -> bool:
    return one in it


def length(it: object) -> int:
    return len(it) if isinstance(it, (str, tuple)) else 0  # pyright: ignore[reportUnknownArgumentType]


def _either(gives: AnyType, does: Callable[..., object], *more: AnyType) -> tuple[Method, ...]:
    """For a string and for a character."""
    return (Method((STRING, *more), gives, does), Method((CHAR, *more), gives, does))


def _compared(gives: AnyType, does: Callable[..., object]) -> tuple[Method, ...]:
    return (*_either(gives, does), Method((STRING, STRING_COMPARISON), gives, does))


_EQUALS: Final = Method((STRING, STRING_COMPARISON), BOOL, equal)

_SPLITS: Final = (
    Method((), STRINGS, _split, more=CHAR),
    Method((CHARS,), STRINGS, _split_by_any),
    Method((STRING,), STRINGS, _split_by_text),
)

# fmt: off
STRING_PROPERTIES: Final[Properties] = {"Length": Property(INT, length)}
STRING_METHODS: Final[Methods] = {
    "AsBasic":          (Method((), BASIC, parse_basic, takes_null=True),),
    "AsJwt":            (Method((), JWT, parse_jwt, takes_null=True),),
    "Contains":         _compared(BOOL, _contains),
    "EndsWith":         _compared(BOOL, _ends_with),
    "Equals":           (Method((STRING,), BOOL, equal), _EQUALS),
    "IndexOf":          _compared(INT, _index_of),
    "Insert":           (Method((INT, STRING), STRING, _insert),),
    "LastIndexOf":      _compared(INT, _last_index_of),
    "PadLeft":          (Method((INT,), STRING, _pad_left), Method((INT, CHAR), STRING, _pad_left)),
    "PadRight":         (Method((INT,), STRING, _pad_right), Method((INT, CHAR), STRING, _pad_right)),
    "Remove":           (Method((INT,), STRING, _remove), Method((INT, INT), STRING, _remove)),
    "Replace":          (Method((STRING, STRING), STRING, _replace), Method((CHAR, CHAR), STRING, _replace)),
    "Split":            _SPLITS,
    "StartsWith":       _compared(BOOL, _starts_with),
    "Substring":        (Method((INT,), STRING, _substring), Method((INT, INT), STRING, _substring)),
    "ToLower":          (Method((), STRING, lower),),
    "ToLowerInvariant": (Method((), STRING, lower),),
    "ToString":         (Method((), STRING, _to_string),),
    "ToUpper":          (Method((), STRING, upper),),
    "ToUpperInvariant": (Method((), STRING, upper),),
    "Trim":             (Method((), STRING, _trim, more=CHAR),),
    "TrimEnd":          (Method((), STRING, _trim_end, more=CHAR),),
    "TrimStart":        (Method((), STRING, _trim_start, more=CHAR),),
    "TryParseBasic":    (Method((), BOOL, _try_parse_basic, out=BASIC, takes_null=True),),
    "TryParseJwt":      (Method((), BOOL, _try_parse_jwt, out=JWT, takes_null=True),),
}
ARRAY_PROPERTIES: Final[Properties] = {"Length": Property(INT, length)}
ARRAY_METHODS: Final[Methods] = {  # those that give an element give one of the array's type: array_methods
    "Contains":           (Method((OBJECT,), BOOL, _holds),),
    "Count":              (Method((), INT, length),),
    "ElementAt":          (Method((INT,), OBJECT, _element_at),),
    "ElementAtOrDefault": (Method((INT,), OBJECT, _element_at_or_default),),
    "First":              (Method((), OBJECT, _first),),
    "FirstOrDefault":     (Method((), OBJECT, _first_or_default),),
    "Last":               (Method((), OBJECT, _last),),
    "LastOrDefault":      (Method((), OBJECT, _last_or_default),),
}
# fmt: on

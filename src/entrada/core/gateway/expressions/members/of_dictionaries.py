"""What headers, query, claims, matched parameters and variables can be asked.  Gateway reference section 12.1."""

from typing import Final, cast

from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.gateway.expressions.frame import Failing
from entrada.core.gateway.expressions.members.member import Method, Methods, Properties, Property
from entrada.core.gateway.expressions.type import BOOL, INT, OBJECT, STRING, STRINGS


def joined(it: Dictionary, name: str | None, default: str | None = None) -> str | None:
    """All values of a name, as one text with commas."""
    found = it.get(_key(name))
    return default if found is None else ",".join(cast("tuple[str, ...]", found))


def one(it: Dictionary, name: str | None, default: object = None) -> object:
    found = it.get(_key(name))
    return default if found is None else found


def at(it: Dictionary, name: str | None) -> object:
    """The indexer.  Raises Failing for a name that is not there."""
    if _key(name) not in it:
        raise Failing("Nothing has this name (KeyNotFoundException).")
    return it.get(_key(name))


def _contains_key(it: Dictionary, name: str | None) -> bool:
    return _key(name) in it


def _try_get_value(it: Dictionary, name: str | None) -> tuple[bool, object]:
    return _key(name) in it, it.get(_key(name))


def _count(it: object) -> int:
    return len(it.entries) if isinstance(it, Dictionary) else 0


def _key(name: str | None) -> str:
    if name is None:
        raise Failing("The name is null (ArgumentNullException).")
    return name


# fmt: off
DICTIONARY_PROPERTIES: Final[Properties] = {"Count": Property(INT, _count)}
_CONTAINS_KEY: Final = (Method((STRING,), BOOL, _contains_key),)
HEADERS_METHODS: Final[Methods] = {
    "ContainsKey":       _CONTAINS_KEY,
    "GetValueOrDefault": (Method((STRING,), STRING, joined), Method((STRING, STRING), STRING, joined)),
    "TryGetValue":       (Method((STRING,), BOOL, _try_get_value, out=STRINGS),),
}
PARAMETERS_METHODS: Final[Methods] = {
    "ContainsKey":       _CONTAINS_KEY,
    "GetValueOrDefault": (Method((STRING,), STRING, one), Method((STRING, STRING), STRING, one)),
    "TryGetValue":       (Method((STRING,), BOOL, _try_get_value, out=STRING),),
}
VARIABLES_METHODS: Final[Methods] = {  # GetValueOrDefault<T> gives T: calls.py
    "ContainsKey":       _CONTAINS_KEY,
    "TryGetValue":       (Method((STRING,), BOOL, _try_get_value, out=OBJECT),),
}
# fmt: on

"""Which objects a `$search` means: `"displayName:some words" AND "description:more"`.  Reference section 38.

Words without a property are looked for in displayName, which Graph asks to be said: nothing else could be meant.
"""

import re
from collections.abc import Iterator
from typing import Final

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.condition import Both, Compare, Condition, Either, Op
from entrada.core.directory.query.odata_malformed import Malformed
from entrada.core.directory.query.odata_property import Properties, names_of

LONGEST: Final = 1024
_WORD: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(AND|OR|\(|\)))')
_USUAL: Final = "displayName"
_Word = tuple[str, str]


def parse_search(text: str, known: Properties) -> Condition | Problem:
    """Without nesting beyond one pair of parentheses: `A AND (B OR C)`; AND binds closer than OR."""
    try:
        return _either(list(_words(text)), known)
    except Malformed as fault:
        return fault.problem("$search")


def _words(text: str) -> Iterator[_Word]:
    if len(text) > LONGEST:
        raise Malformed(f"longer than {LONGEST} characters.")
    at, written = 0, text.rstrip()
    while at < len(written):
        match = _WORD.match(written, at)
        if match is None:
            raise Malformed('words stand in double quotes, as "displayName:words".', at)
        yield ("said", re.sub(r"\\(.)", r"\1", match[1])) if match[2] is None else ("sign", match[2])
        at = match.end()


def _either(words: list[_Word], known: Properties) -> Condition:
    found = _or(words, known)
    if words:
        raise Malformed(f"nothing opens before '{words[0][1]}', or AND or OR is missing.")
    return found


def _or(words: list[_Word], known: Properties) -> Condition:
    parts = [_and(words, known)]
    while words and words[0] == ("sign", "OR"):
        words.pop(0)
        parts.append(_and(words, known))
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


def _and(words: list[_Word], known: Properties) -> Condition:
    parts = [_one(words, known)]
    while words and words[0] == ("sign", "AND"):
        words.pop(0)
        parts.append(_one(words, known))
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _one(words: list[_Word], known: Properties) -> Condition:
    if not words:
        raise Malformed("something to look for is missing.")
    kind, word = words.pop(0)
    if kind == "said":
        return _look_for(word, known)
    if word != "(":
        raise Malformed(f"'{word}' stands where something to look for belongs.")
    return _parenthesis(words, known)


def _parenthesis(words: list[_Word], known: Properties) -> Condition:
    closing = next((at for at, word in enumerate(words) if word == ("sign", ")")), None)
    if closing is None:
        raise Malformed("a parenthesis is not closed.")
    inner = words[:closing]
    if ("sign", "(") in inner:
        raise Malformed("parentheses inside of parentheses are not supported.", supported=False)
    del words[: closing + 1]
    return _either(inner, known)


def _look_for(said: str, known: Properties) -> Condition:
    name, colon, words = said.partition(":")
    if not colon:
        name, words = _USUAL, said
    searched = {path.lower(): one for path, one in known.items() if one.searched}
    found = searched.get(name.strip().lower())
    if found is None:
        supported = names_of(searched.values())
        raise Malformed(f"'{name}' cannot be searched. These can: {supported}.", supported=False)
    if not words.strip():
        raise Malformed(f"nothing to look for in {name}.")
    return Compare(found.field, Op.SEARCH, words.strip())

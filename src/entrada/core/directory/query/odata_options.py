"""What the query options of a request ask for.  OData 4.01, part 2, section 5.1; reference section 38.

Options may be written without their `$`, as Graph takes them.  What is no option is not ours to refuse.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.directory.administration.problem import Problem, bad, unsupported_query
from entrada.core.directory.query.condition import EVERYTHING, AnyElement, Both, Compare, Condition, Either, Not, Op
from entrada.core.directory.query.odata_filter import parse_filter
from entrada.core.directory.query.odata_malformed import Wrong
from entrada.core.directory.query.odata_property import Properties, Property, names_of
from entrada.core.directory.query.odata_search import parse_search
from entrada.core.directory.query.query import MOST, Order

_KNOWN: Final = frozenset({"filter", "orderby", "select", "top", "count", "search", "expand", "skiptoken"})
_OF_OBJECTS: Final = frozenset({"select", "expand"})
_OF_OTHERS: Final = frozenset({"skip", "format", "apply", "compute", "levels", "index", "schemaversion", "deltatoken"})
_ORDER: Final = re.compile(r"([\w/]+)(?: +(asc|desc))?", re.ASCII)
_NAME: Final = re.compile(r"@?[A-Za-z][\w.]*", re.ASCII)
_EXPANSION: Final = re.compile(r"([A-Za-z][\w.]*)(?:\(\$?select=([^()]*)\))?", re.ASCII)
_BETWEEN_EXPANSIONS: Final = re.compile(r",(?![^()]*\))")
_LONGEST: Final = 4096


@frozen(kw_only=True)
class Asks:
    """What a resource may be asked by."""

    known: Properties = field(factory=dict[str, Property])
    members: frozenset[str] = frozenset()  # for `$select`; none: whatever is asked for
    expands: frozenset[str] = frozenset()
    eventual: bool = True  # Graph wants `ConsistencyLevel: eventual` of its advanced queries


@frozen(kw_only=True)
class Options:
    where: Condition = EVERYTHING
    order: Order | None = None
    select: tuple[str, ...] = ()  # none: all that is told unasked
    top: int | None = None
    count: bool = False
    expand: Mapping[str, tuple[str, ...]] = field(factory=dict[str, tuple[str, ...]])  # with what is selected of each
    skip_token: str | None = None


def read_options(
    query: Iterable[tuple[str, str]], asks: Asks, *, of_collection: bool, eventual: bool
) -> Options | Problem:
    """*eventual*: the request says `ConsistencyLevel: eventual`."""
    try:
        named = _named(query)
        surplus = sorted(named.keys() - (_KNOWN if of_collection else _OF_OBJECTS))
        if surplus:
            taken = ", ".join(f"${one}" for one in sorted(_KNOWN if of_collection else _OF_OBJECTS))
            message = f"${surplus[0]} is not supported here. These are: {taken}."
            return unsupported_query(message, f"${surplus[0]}")
        found = _read(named, asks)
    except Wrong as wrong:
        return wrong.problem
    advanced = "search" in named or _has_advanced(found.where)
    return _wants_eventual() if asks.eventual and advanced and not eventual else found


def _wants_eventual() -> Problem:
    return unsupported_query(
        "$search and the operators ne, not, endswith and contains need the request header ConsistencyLevel: eventual."
    )


def _named(query: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for written, value in query:
        name = written.lower().removeprefix("$")
        if name in _KNOWN | _OF_OTHERS:
            if name in found:
                raise Wrong(bad(f"${name} is given twice.", f"${name}"))
            if not value.strip() or len(value) > _LONGEST:
                raise Wrong(bad(f"${name} is empty, or longer than {_LONGEST} characters.", f"${name}"))
            found[name] = value.strip()
        elif written.startswith("$"):
            raise Wrong(unsupported_query(f"{written[:40]} is no query option.", written[:40]))
    return found


def _read(named: Mapping[str, str], asks: Asks) -> Options:
    return Options(
        where=_where(named, asks),
        order=_order(named["orderby"], asks.known) if "orderby" in named else None,
        select=_names("$select", named["select"], asks.members) if "select" in named else (),
        expand=_expansions(named["expand"], asks.expands) if "expand" in named else {},
        top=_top(named["top"]) if "top" in named else None,
        count=_count(named["count"]) if "count" in named else False,
        skip_token=named.get("skiptoken"),
    )


def _where(named: Mapping[str, str], asks: Asks) -> Condition:
    parts: list[Condition] = []
    for option, parse in (("filter", parse_filter), ("search", parse_search)):
        if option in named:
            found = parse(named[option], asks.known)
            if isinstance(found, Problem):
                raise Wrong(found)
            parts.append(found)
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _order(text: str, known: Properties) -> Order:
    match = _ORDER.fullmatch(text)
    if match is None:
        raise Wrong(bad("$orderby is one property, with asc or desc after it.", "$orderby"))
    ordered = {path: one for path, one in known.items() if one.ordered}
    one = ordered.get(match[1])
    if one is None:
        supported = names_of(ordered.values())
        raise Wrong(unsupported_query(f"$orderby takes one of {supported}; not '{match[1][:80]}'.", "$orderby"))
    return Order(one.field, descending=match[2] == "desc")


def _names(option: str, text: str, members: frozenset[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(one.strip() for one in text.split(",")))
    if option == "$select" and names == ("*",):
        return tuple(sorted(members))
    for one in names:
        if _NAME.fullmatch(one) is None:
            message = f"{option} is a list of names, separated by commas; options in it are not supported."
            raise Wrong(unsupported_query(message, option))
        _refuse_unknown(option, one, members)
    return names


def _expansions(text: str, expands: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found = dict[str, tuple[str, ...]]()
    for one in _BETWEEN_EXPANSIONS.split(text):
        match = _EXPANSION.fullmatch(one.strip())
        selected = tuple(name.strip() for name in (match[2] or "").split(",") if name.strip()) if match else ()
        if match is None or not all(map(_NAME.fullmatch, selected)):
            message = "$expand is a list of names, separated by commas; of options in it $select alone is supported."
            raise Wrong(unsupported_query(message, "$expand"))
        _refuse_unknown("$expand", match[1], expands)
        found[match[1]] = selected
    return found


def _refuse_unknown(option: str, name: str, members: frozenset[str]) -> None:
    if name not in members:
        known = ", ".join(sorted(members)) or "nothing"
        raise Wrong(bad(f"{option} names '{name[:80]}', which is not among {known}.", option))


def _top(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= number <= MOST:
        raise Wrong(bad(f"$top is a number from 1 to {MOST}.", "$top"))
    return number


def _count(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise Wrong(bad("$count is true or false.", "$count"))
    return text.lower() == "true"


def _has_advanced(where: Condition) -> bool:
    match where:
        case Compare(op=op) | AnyElement(op=op):
            return op in {Op.NE, Op.ENDS_WITH, Op.CONTAINS, Op.SEARCH}
        case Both(parts=parts) | Either(parts=parts):
            return any(map(_has_advanced, parts))
        case Not():
            return True

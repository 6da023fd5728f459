"""Import again: which operations are those from before, which are new, which are gone.  Reference section 15."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from attrs import evolve

from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.openapi.imported import normalised

K = TypeVar("K", bound=Hashable)


def merged(
    existing: Iterable[Operation], imported: Iterable[Operation]
) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """The operations from now on, and those that the document does not describe any more.

    They are known again by their id, else by method and template, and keep the id that their policies go by.
    """
    before, now = tuple(existing), tuple(imported)
    known = dict[int, Operation]()  # of those imported, by their place, what each was before
    for same in (_by_id, _by_normalised_id, _by_line):
        _recognise(before, now, known, same)
    result = tuple(evolve(one, id=known[n].id) if n in known else one for n, one in enumerate(now))
    kept = {id(one) for one in known.values()}
    return result, tuple(one for one in before if id(one) not in kept)


def _recognise(
    before: tuple[Operation, ...],
    now: tuple[Operation, ...],
    known: dict[int, Operation],
    same: Callable[[Operation], K],
) -> None:
    taken = {id(one) for one in known.values()}
    free = dict[K, Operation]()
    for one in before:
        if id(one) not in taken:
            free.setdefault(same(one), one)
    for number, one in enumerate(now):
        if number not in known and same(one) in free:
            known[number] = free.pop(same(one))


def _by_id(operation: Operation) -> str:
    return operation.id


def _by_normalised_id(operation: Operation) -> str:
    return normalised(operation.id)


def _by_line(operation: Operation) -> tuple[str, str]:
    return operation.method, operation.url_template

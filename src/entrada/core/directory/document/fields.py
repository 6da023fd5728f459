"""The members of one object, each taken once; what is left over is unknown and refused."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final, TypeVar

from entrada.core.directory.document.fault import Fault, FaultFound
from entrada.core.directory.document.tree import Items, Member, Members, Node, Position, Scalar

_ALIKE: Final = 0.85  # one letter of a word; user… and adminConsentDisplayName are 0.8
T = TypeVar("T")
Read = Callable[[Node], T]


class Fields:
    def __init__(self, node: Node, what: str) -> None:
        if not isinstance(node, Members):
            raise FaultFound(node.at, f"{what} is written as members: name, colon, value.")
        self.at = node.members[0].at if node.members else node.at
        self._what = what
        self._left = {member.name: member for member in node.members}
        self._known: list[str] = []

    def position_of(self, name: str) -> Position:
        """Where *name* stands; only while it is not yet taken."""
        return self._left[name].at if name in self._left else self.at

    def required(self, name: str, read: Read[T]) -> T:
        if (member := self._take(name)) is None:
            self.refuse_misspelt(name)
            raise FaultFound(self.at, f"{self._what} needs {name}.")
        return read(member.value)

    def optional(self, name: str, read: Read[T]) -> T | None:
        return None if (member := self._take(name)) is None else read(member.value)

    def given(self, name: str, read: Read[T], default: T) -> T:
        return default if (member := self._take(name)) is None else read(member.value)

    def every(self, name: str, read: Read[T]) -> tuple[T, ...]:
        """Each item of the list *name*; none when it is missing."""
        return self.optional(name, each(read)) or ()

    def within(self, name: str) -> "Fields":
        """The object *name*, or an empty one in its place."""
        member = self._take(name)
        return Fields(Members((), self.at) if member is None else member.value, name)

    def finish(self) -> None:
        """Every unknown member is a fault."""
        self._refuse(self._unknown(member, self._known) for member in self._left.values())

    def refuse_misspelt(self, name: str) -> None:
        """A member that is needed and was written otherwise is not missing.  Others may be known further on."""
        letters = {member.name.lower(): member for member in self._left.values()}
        close = get_close_matches(name.lower(), letters, n=len(letters) or 1, cutoff=_ALIKE)
        self._refuse(self._unknown(letters[one], [name], cutoff=0) for one in close)

    def _refuse(self, faults: Iterable[Fault]) -> None:
        if found := sorted(faults):
            raise FaultFound(found[0].at, found[0].message, *found[1:])

    def _unknown(self, member: Member, known: list[str], cutoff: float = 0.6) -> Fault:
        close = get_close_matches(member.name, known, n=1, cutoff=cutoff)
        hint = f" Did you mean {close[0]}?" if close else f" Known here: {', '.join(sorted(known))}."
        return Fault(member.at, f"{self._what} has no member {member.name}.{hint}")

    def _take(self, name: str) -> Member | None:
        """The member, or None when it is missing or null."""
        self._known.append(name)
        member = self._left.pop(name, None)
        empty = member is None or (isinstance(member.value, Scalar) and member.value.is_null)
        return None if empty else member


def objects(read: Callable[[Node], T], faults: list[Fault]) -> Read[tuple[T, ...]]:
    """Reads a list of objects; notes the fault of each that cannot be read and goes on."""

    def read_all(node: Node) -> tuple[T, ...]:
        return tuple(_readable(items_of(node), read, faults))

    return read_all


def _readable(nodes: Iterable[Node], read: Callable[[Node], T], faults: list[Fault]) -> Iterable[T]:
    for node in nodes:
        try:
            yield read(node)
        except FaultFound as found:
            faults.extend(found.faults)


def items_of(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Items):
        raise FaultFound(node.at, "This is a list: each item on its own line after a dash.")
    return node.items


def each(read: Read[T]) -> Read[tuple[T, ...]]:
    """Reads a list of values of one kind."""
    return lambda node: tuple(read(item) for item in items_of(node))

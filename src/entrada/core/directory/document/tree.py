"""What a file says before anyone knows what it means: scalars, items and members, each with its place."""

from attrs import frozen

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@frozen(order=True)
class Position:
    line: int  # from 1
    column: int  # from 1


@frozen
class Scalar:
    """A word as written.  Its type is the reader's to decide, so a title may be 2026 and a name may be No."""

    text: str
    plain: bool  # written without quotes
    at: Position

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in NULLS


@frozen
class Items:
    items: tuple["Node", ...]
    at: Position


@frozen
class Member:
    name: str
    at: Position
    value: "Node"


@frozen
class Members:
    members: tuple[Member, ...]
    at: Position


Node = Scalar | Items | Members

"""Which objects are meant: conditions over their fields.  The stores evaluate them; `fields.py` names the fields."""

from enum import StrEnum

from attrs import frozen

Value = str | int | bool | None


class Op(StrEnum):
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    STARTS_WITH = "startswith"
    ENDS_WITH = "endswith"
    CONTAINS = "contains"
    SEARCH = "search"  # every word of the value begins a word of the field's text


@frozen
class Compare:
    """Text is compared without case.  A missing value equals None alone, and is neither less nor greater."""

    field: str
    op: Op
    value: Value


@frozen
class AnyElement:
    """The collection *field* has an element for which this holds."""

    field: str
    op: Op
    value: Value


@frozen
class Both:
    parts: tuple["Condition", ...]  # all of them; true when there are none


@frozen
class Either:
    parts: tuple["Condition", ...]  # one of them; false when there are none


@frozen
class Not:
    part: "Condition"


Condition = Compare | AnyElement | Both | Either | Not
EVERYTHING = Both(())

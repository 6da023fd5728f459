"""What an administrative decision comes to: objects put, changed and removed, and how the audit log words it."""

from typing import Generic, TypeVar

from attrs import frozen

from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.entity import Entity

T = TypeVar("T")


@frozen(kw_only=True)
class Activity:
    """As Entra's audit log words it."""

    name: str
    category: str
    operation: OperationType


@frozen
class Change:
    """One object: put when there was none *before*, removed when there is none *after*."""

    before: Entity | None
    after: Entity | None


@frozen(kw_only=True)
class Deed(Generic[T]):
    """*answer* is for the caller.  *changes* are written all together, or not at all, with one row of the audit log.

    The first change is the one the row is about, unless *about* says which object is.  What the decision *rests on*
    and does not change must be the same still when it is written: the ends of a link, another administrator.  What goes
    or comes *along* is written by effects of its own, and told in the same row: the links of what is deleted.
    """

    answer: T
    activity: Activity
    changes: tuple[Change, ...]
    about: Entity | None = None
    rests_on: tuple[Entity, ...] = ()
    along: tuple[Change, ...] = ()

"""Which groups are within a group, through others too, by which group is directly in which."""

from collections import defaultdict
from collections.abc import Iterable


def groups_within(group_id: str, nestings: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Itself and all below it; *nestings* are (outer, inner).  A circle, which none should be, ends too."""
    inner_of = defaultdict[str, set[str]](set)
    for outer, inner in nestings:
        inner_of[outer].add(inner)
    reached, level = {group_id}, {group_id}
    while level:
        level = {inner for outer in level for inner in inner_of[outer]} - reached
        reached |= level
    return frozenset(reached)

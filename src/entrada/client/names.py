"""Roles, scopes and groups as a program names them: what that means is the same for pages and for APIs.

All that are named are needed, because one that was forgotten must not let anybody in; one is enough where that is said.
"""

from collections.abc import Iterable

Names = str | Iterable[str]
"""Several, or one; a string is words with spaces between them, as `scp` has them."""


def words(names: Names) -> frozenset[str]:
    return frozenset(names.split() if isinstance(names, str) else names)


def are_held(wanted: frozenset[str], held: frozenset[str], *, any_of: bool) -> bool:
    return not wanted or (not wanted.isdisjoint(held) if any_of else wanted <= held)

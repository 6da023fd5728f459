"""How much a value of JSON is to hold, to follow and to show."""

from typing import Final, cast

READ_BY_PEOPLE: Final = 20_000  # of a larger one, indentation would be the most


def weight_of(value: object) -> int:
    """Characters of its texts, and one for everything in it."""
    weight, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        weight += 1 + (len(one) if isinstance(one, str) else 0)
        if isinstance(one, dict):
            members = cast("dict[object, object]", one)
            weight += sum(len(str(name)) for name in members)
            waiting += members.values()
        elif isinstance(one, list):
            waiting += cast("list[object]", one)
    return weight

"""How often something happened lately: windows that end, and a memory that has one."""

from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.server.usecases.lately import MAX_KEYS, Lately

WINDOW = Seconds(30)


def at(second: int) -> NumericDate:
    return NumericDate(1_800_000_000 + second)


def test_a_window_begins_with_the_first_time_and_ends():
    lately = Lately()
    assert [lately.add(("a",), at(second), WINDOW) for second in (0, 10, 29)] == [1, 2, 3]
    assert lately.count(("a",), at(29), WINDOW) == 3
    assert lately.count(("a",), at(30), WINDOW) == 0
    assert lately.add(("a",), at(30), WINDOW) == 1
    assert lately.count(("b",), at(30), WINDOW) == 0


def test_the_oldest_is_forgotten_when_there_are_too_many():
    lately = Lately()
    for number in range(MAX_KEYS + 1):
        lately.add((str(number),), at(0), WINDOW)
    assert lately.count(("0",), at(0), WINDOW) == 0
    assert lately.count(("1",), at(0), WINDOW) == 1


@given(st.lists(st.integers(0, 200), min_size=1).map(sorted))
def test_nobody_counts_more_than_there_were_within_a_window(moments):
    lately = Lately()
    for index, moment in enumerate(moments):
        counted = lately.add(("a",), at(moment), WINDOW)
        assert 1 <= counted <= sum(moment - WINDOW < earlier <= moment for earlier in moments[: index + 1])

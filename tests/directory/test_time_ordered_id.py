"""GUIDs in order of time."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.ids import parse_guid
from entrada.core.directory.time_ordered_id import COUNTED, DICE, time_ordered_id

moments = st.integers(0, 2**45)
dice = st.binary(min_size=DICE, max_size=32)


@given(moments, st.integers(0, COUNTED - 1), dice)
def test_it_is_a_version_7_guid(milliseconds, count, thrown):
    made = time_ordered_id(milliseconds, count, thrown)
    assert parse_guid(made) == made
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (7, uuid.RFC_4122)
    assert uuid.UUID(made).int >> 80 == milliseconds


@given(st.tuples(moments, st.integers(0, COUNTED - 1)), st.tuples(moments, st.integers(0, COUNTED - 1)), dice, dice)
def test_whatever_the_dice_the_order_is_that_of_time_and_count(one, other, thrown, again):
    if one != other:
        assert (time_ordered_id(*one, thrown) < time_ordered_id(*other, again)) == (one < other)


def test_what_one_process_makes_in_one_moment_is_in_order(in_process):
    here = in_process.platform.here  # its clock stands still
    made = [here.new_id() for _ in range(1000)]
    assert made == sorted(set(made))

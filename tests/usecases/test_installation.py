"""Ids of an installation: GUIDs in order of time.  RFC 9562 §5.7."""

import uuid

import pytest
from attrs import evolve

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.installation import Installation
from tests.plugins.platforms import InProcess

# Nothing of the dice may reach the version and variant, and nothing else of them may be lost.
DICE = [pytest.param(b"\x00" * 10, id="all zeros"), pytest.param(b"\xff" * 10, id="all ones")]


def at(here: Installation, moment: int, dice: bytes) -> uuid.UUID:
    return uuid.UUID(evolve(here, clock=lambda: NumericDate(moment), entropy=lambda _: dice).new_id())


@pytest.mark.parametrize("dice", DICE)
def test_an_id_is_of_version_7_and_says_when(in_process: InProcess, dice: bytes):
    made = at(in_process.platform.here, 1_800_000_000, dice)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_800_000_000_000


def test_later_ids_sort_later(in_process: InProcess):
    here = in_process.platform.here
    assert str(at(here, 1_800_000_000, b"\xff" * 10)) < str(at(here, 1_800_000_001, b"\x00" * 10))


def test_ids_of_one_second_differ_by_their_dice(in_process: InProcess):
    here = in_process.platform.here
    assert len({here.new_id() for _ in range(100)}) == 100

"""Whatever colour a tenant chooses, its links and buttons can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.accent import Shades, contrast, dark_shades, light_shades

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
LEGIBLE = 4.5


def reads(shades: Shades, *grounds: str) -> bool:
    labels = [contrast(shades.on_accent, one) for one in (shades.accent, shades.strong)]
    return min([*labels, *(contrast(shades.accent, ground) for ground in grounds)]) >= LEGIBLE


@given(COLOURS)
def test_on_light_pages(accent):
    assert reads(light_shades(accent), "#ffffff", "#edf2ec", "#f4f7f3")


@given(COLOURS)
def test_on_dark_pages(accent):
    assert reads(dark_shades(accent), "#192620", "#0c1411", "#14201b")


@pytest.mark.parametrize(("accent", "light"), [("#14594a", "#14594a"), ("#0b6e4f", "#0b6e4f")])
def test_a_colour_that_can_be_read_stays_as_it_is(accent, light):
    assert light_shades(accent).accent == light


def test_black_and_white_are_as_far_apart_as_can_be():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)

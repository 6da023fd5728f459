"""What a note of a trace shows: its beginning, without what is secret."""

from time import process_time

import pytest

from entrada.core.gateway.masking import LONGEST_NOTE, masked

TOKEN = "eyJhbGciOi.eyJzdWIi.c2ln"
# fmt: off
ROWS = [  # the text, secrets, what was sent, what is shown
    pytest.param("a key k3y-of-us", ("k3y-of-us",), (), "a key ***", id="a secret"),
    pytest.param("k3y-of-us k3y-of-us.", ("k3y-of-us",), (), "*** ***.", id="twice"),
    pytest.param("is part1", (), (f"Bearer {TOKEN}.part1",), "is ***", id="a part of what was sent"),
    pytest.param("is c2ln", (), (f"Bearer {TOKEN}",), "is ***", id="the last part"),
    pytest.param(f"got {TOKEN}, so", (), (), "got ***, so", id="any token"),
    pytest.param("abcdefgh", ("abcdef", "cdefgh"), (), "***", id="secrets that overlap"),
    pytest.param("abc", (), ("abc",), "abc", id="words are short"),
    pytest.param("x" * 500, (), (), "x" * LONGEST_NOTE + "…", id="a beginning"),
    pytest.param("x" * 400, (), (), "x" * LONGEST_NOTE, id="all of it"),
    pytest.param("x" * 397 + "s3cret" + "y" * 9, ("s3cret",), (), "x" * 397 + "***…", id="a secret at the end is not cut in half"),
    pytest.param("x" * 396 + f" {TOKEN * 9}", (), (), "x" * 396 + " ***…", id="nor is a token"),
    pytest.param("x" * 396 + " eyJ", (), (), "x" * 396 + " eyJ", id="where nothing is cut"),
]
# fmt: on


@pytest.mark.parametrize(("text", "secrets", "sent", "shown"), ROWS)
def test_what_is_shown(text: str, secrets: tuple[str, ...], sent: tuple[str, ...], shown: str):
    assert masked(text, secrets, sent) == shown


@pytest.mark.parametrize(
    "text", ["-eyJ" * 15_000, "eyJ." * 15_000, "a.b " * 15_000, " ".join(map(str, range(1000, 13_000)))]
)
def test_what_a_caller_repeats_takes_no_time(text: str):
    """The first took 4 s of the event loop."""
    began = process_time()
    masked(text, (), (text,))
    assert process_time() - began < 0.5

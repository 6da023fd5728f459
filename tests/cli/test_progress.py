"""The line that says how far long work has come."""

import pytest

from entrada.cli import progress
from entrada.cli.progress import ProgressLine


@pytest.fixture
def seconds(monkeypatch):
    """What the clock shows; a test moves it."""
    shown = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: shown[0])
    return shown


def test_what_is_quickly_done_is_not_told(seconds, capsys):
    line = ProgressLine()
    seconds[0] = 0.9
    line("reading", 1, 2)
    line.end()
    assert capsys.readouterr().err == ""


def test_elsewhere_than_on_a_terminal_a_line_now_and_then(seconds, capsys):
    line = ProgressLine()
    for second in range(40):
        seconds[0] = float(second)
        line("reading", second, 1000)
    line.end()
    assert capsys.readouterr().err.splitlines() == [
        "reading: 1 of 1,000",
        "reading: 16 of 1,000",
        "reading: 31 of 1,000",
    ]


def test_on_a_terminal_one_line_changes_and_goes(seconds, capsys, monkeypatch):
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True)
    line = ProgressLine()
    for second in (2.0, 3.0):
        seconds[0] = second
        line("reading", int(second), 1000)
    line.end()
    assert capsys.readouterr().err == "\rreading: 2 of 1,000\rreading: 3 of 1,000\r                   \r"

"""Each row of "What differs from Entra" says what shows Entra's way, and which test would notice a change of ours."""

import re
from pathlib import Path

import pytest

from tests.docs.test_standards import is_a_test

PAGE = Path(__file__).parents[2] / "docs/explanation/what-differs-from-entra.md"
HEADING = ["Entra", "entrada", "why", "evidence", "test"]
# A page's name as its address has it; whose documentation it is, where it is not the identity platform's.
EVIDENCE = r"documented: [\w.-]+(, [\w.-]+)*( \([\w ]+\))?|captured|library source|unverified(: [\w ,]+)?"


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


TABLE = [cells(line) for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
ROWS = [row for row in TABLE if row != HEADING]


def test_every_table_has_the_same_columns():
    headings = [row for row in TABLE if row == HEADING]
    assert len(headings) == len(re.findall("^## ", PAGE.read_text("utf-8"), re.MULTILINE))
    assert [row for row in ROWS if len(row) != len(HEADING) or not all(row)] == []


def test_no_row_is_said_twice():
    assert len({row[0] for row in ROWS}) == len(ROWS) > 50


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_a_row_says_what_shows_it(row: list[str]):
    assert re.fullmatch(f"({EVIDENCE})(; ({EVIDENCE}))*", row[3]), row[3]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_a_row_names_its_witness(row: list[str]):
    named = re.findall("`([^`]+)`", row[4])
    assert named
    assert [name for name in named if not ("::" in name and is_a_test(name))] == []


def test_what_is_not_known_is_not_called_documented():
    hidden = [row[0] for row in ROWS if "is not documented" in row[0] and "unverified" not in row[3]]
    assert hidden == []

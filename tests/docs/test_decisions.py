"""Each decision says why there was a question, what was decided, what follows, and when to ask again."""

import re
from pathlib import Path

import pytest

RECORDS = sorted((Path(__file__).parents[2] / "docs/decisions").glob("[0-9]*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Revisit when"]


def test_numbers_are_given_once_and_none_is_left_out():
    assert [record.name[:4] for record in RECORDS] == [f"{number:04}" for number in range(len(RECORDS))]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_has_its_four_parts(record: Path):
    text = record.read_text(encoding="utf-8")
    assert text.startswith(f"# {record.name[:4]}: ")
    assert re.findall("^## (.*)$", text, re.MULTILINE) == SECTIONS
    for section in re.split("^## .*$", text, flags=re.MULTILINE)[1:]:
        assert len(section.split()) >= 8


@pytest.mark.parametrize("record", RECORDS[1:], ids=lambda record: record.stem)
def test_a_record_says_where_it_stands(record: Path):
    status = record.read_text(encoding="utf-8").splitlines()[2]
    assert re.fullmatch(r"\*(Accepted|Superseded by [0-9]{4}|Withdrawn), [0-9]{4}-[0-9]{2}-[0-9]{2}\.\*", status)

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/standards.md").read_text().splitlines()
    if re.match(r"\| (?!section )", line)
]


def test_there_are_rows():
    assert ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_a_row_points_at_a_file_and_a_test(row):
    _, _, files, tests = row
    named_files, named_tests = re.findall(r"`([^`]+)`", files), re.findall(r"`([^`]+)`", tests)
    assert named_files
    assert named_tests
    assert [name for name in named_files if not (name.startswith("src/") and (ROOT / name).is_file())] == []
    assert [name for name in named_tests if not is_a_test(name)] == []


def is_a_test(name: str) -> bool:
    """`tests/room/test_x.py`, or one of its tests: `tests/room/test_x.py::test_y`."""
    path, _, function = name.partition("::")
    if not (path.startswith("tests/") and (ROOT / path).is_file()):
        return False
    return not function or f"def {function}(" in (ROOT / path).read_text()

"""Each fragment is named so that the release notes find it, and says something in whole sentences."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAGMENTS = sorted(ROOT.glob("changelog.d/*.*.md"))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda one: one.name)
def test_a_fragment(fragment: Path):
    assert re.fullmatch(r"(\d+(\.[a-z0-9-]+)?|\+[a-z0-9-]+)\.(added|changed|removed|fixed|security)\.md", fragment.name)
    assert fragment.read_text("utf-8").rstrip().endswith(".")


def test_release_notes_hold_all_of_them():
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0"]
    notes = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert notes.count("\n- ") == len(FRAGMENTS)
    assert all(re.fullmatch(r"#\d+", issue) for issue in re.findall(r" \((#[^)]*)\)$", notes, re.MULTILINE))
    assert "(#3)" in notes

"""The page about the file of profiles names each member and each word, and its example is one that is read."""

import re
from pathlib import Path

import pytest

from entrada.cli.profiles.file import Profiles
from entrada.cli.profiles.members import KNOWN
from entrada.cli.profiles.profile import Kind
from entrada.cli.profiles.words import FlowName

PAGE = (Path(__file__).parents[2] / "docs/reference/profiles.md").read_text()


@pytest.mark.parametrize("word", sorted({*KNOWN, *Kind, *FlowName}, key=str), ids=str)
def test_every_word_of_the_file_is_there(word):
    assert re.search(rf"^\|[^|]*`{word}`|\|.*`{word}`", PAGE, re.MULTILINE), word


def test_the_example_is_read(tmp_path):
    [example] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "profiles.json").write_text(example)
    (tmp_path / "profiles.json").chmod(0o600)
    assert [one.name for one in Profiles(tmp_path / "profiles.json").all()] == ["graph", "nightly"]

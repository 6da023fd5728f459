"""entrada gateway check: what editors and CI read."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Entrada

POLICIES = Path(__file__).parents[1] / "gateway" / "policies"
BAD = '<policies>\n  <inbound>\n    <set-variable name="a" value="@(foo)" />\n    <bar />\n  </inbound>\n</policies>\n'


GOOD = "<policies><inbound><base /></inbound><backend><base /></backend></policies>"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xml"
    path.write_text(GOOD)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.xml"
    path.write_text(BAD)
    return path


def test_good_policies_are_not_talked_about(entrada: Entrada, good: Path):
    done = entrada("gateway", "check", good)
    assert (done.exit_code, done.output) == (0, "")


def test_each_fault_is_a_line_that_editors_find(entrada: Entrada, good: Path, bad: Path):
    done = entrada("gateway", "check", good, bad)
    assert done.exit_code == 1
    first, second = done.stdout.splitlines()
    assert first.startswith(f"{bad}:3:37: `foo` is not known. Instead: ")
    assert second.startswith(f"{bad}:4:5: There is no policy <bar>. Instead: ")


def test_faults_as_data(entrada: Entrada, good: Path, bad: Path):
    done = entrada("gateway", "check", "-o", "json", bad)
    first, second = json.loads(done.stdout)
    assert done.exit_code == 1
    told = {"file": str(bad), "line": 3, "column": 37, "severity": "fault"}
    assert {name: first[name] for name in told} == told
    assert second["what"] == "There is no policy <bar>."
    assert json.loads(entrada("gateway", "check", "-o", "json", good).stdout) == []


def test_standard_input(entrada: Entrada):
    done = entrada("gateway", "check", "-", stdin=BAD)
    assert done.exit_code == 1
    assert done.stdout.startswith("<stdin>:3:37: ")


def test_a_scope_says_what_may_stand_there(entrada: Entrada, tmp_path: Path):
    path = tmp_path / "limit.xml"
    path.write_text('<policies><inbound><rate-limit calls="1" renewal-period="1" /></inbound></policies>')
    assert entrada("gateway", "check", path).exit_code == 0
    assert entrada("gateway", "check", "--scope", "global", path).exit_code == 1


def test_named_values_are_given_or_missed(entrada: Entrada, tmp_path: Path):
    path = tmp_path / "named.xml"
    path.write_text("<policies><inbound><set-variable name='a' value='{{b}}' /></inbound></policies>")
    assert "`b`" in entrada("gateway", "check", path).stdout
    assert entrada("gateway", "check", "-n", "b=@(1 + 1)", path).exit_code == 0
    assert entrada("gateway", "check", "-n", "b", path).exit_code == 2


def test_a_file_that_is_not_there_is_wrong_use(entrada: Entrada, tmp_path: Path):
    assert entrada("gateway", "check", tmp_path / "none.xml").exit_code == 2
    assert entrada("gateway", "check").exit_code == 2


def test_nothing_in_a_document_moves_a_cursor(entrada: Entrada):
    done = entrada("gateway", "check", "-", stdin="<policies><inbound><\u202ea/></inbound><b\u202e/></policies>")
    assert done.exit_code == 1
    assert "\u202e" not in done.output


def test_warnings_are_told_and_count_only_where_they_are_to(entrada: Entrada, tmp_path: Path):
    path = tmp_path / "unwise.xml"
    path.write_text("<policies><inbound><mock-response /></inbound></policies>")
    done = entrada("gateway", "check", path)
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{path}:1:11: warning: Without <base /> in <inbound> ")
    assert entrada("gateway", "check", "--strict", path).exit_code == 1
    (told,) = json.loads(entrada("gateway", "check", "-o", "json", path).stdout)
    assert told["severity"] == "warning"

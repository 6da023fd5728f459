"""Where there are few columns: help, lists and addresses fit all the same."""

import click
import pytest

from entrada.cli.line_breaks import broken
from entrada.cli.profiles.profile import Profile, Where
from entrada.cli.profiles.shown_profile import listed
from tests.cli.conftest import Entrada

PROFILE = Profile(
    id="one",
    name="graph",
    where=Where(authority="https://login.example/contoso.example/of/a/long/path"),
    client_id="c0105000-0000-4000-8000-000000000c11",
)


@pytest.mark.parametrize("command", [("--help",), ("get-token", "--help"), ("config", "create", "--help")])
@pytest.mark.parametrize("columns", [48, 60])
def test_help(entrada: Entrada, command: tuple[str, ...], columns: int):
    lines = entrada(*command, COLUMNS=str(columns)).output.splitlines()
    described = [line for line in lines if line.startswith(" " * 10)]
    assert described
    assert [line for line in described if len(line) > columns] == []


def test_a_list_of_profiles():
    wide = list(listed([PROFILE], "table", verbose=False, width=200))
    assert len(wide) == 1
    (paragraph,) = listed([PROFILE], "table", verbose=False, width=56)
    paragraph = click.unstyle(paragraph)
    assert max(map(len, paragraph.splitlines())) <= 56
    assert PROFILE.authority.url in "".join(paragraph.split())
    assert PROFILE.client_id in paragraph
    assert list(listed([PROFILE], "table", verbose=False)) == wide


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("https://a.example/b/c?d=e&f=g", ["https://", "a.example/", "b/c?d=e", "&f=g"]),
        ("two words of text", ["two words", "of text"]),
        ("anidofmanyletters", ["anidofmanyletters"]),
        ("", [""]),
    ],
)
def test_where_a_line_is_broken(text: str, lines: list[str]):
    assert list(broken(text, 10)) == lines

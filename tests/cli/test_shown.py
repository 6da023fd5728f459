"""What is printed for people and for scripts moves no cursor and turns no line round."""

import json

import pytest
from ruamel.yaml import YAML

from entrada.cli.shown import show_all, show_one

SPITEFUL = "a\x1b[2Jb\x9b31mc\u202eexe\u2066d\u200fe\u061cf\u2028g\nh\u2069"
RAW = set(SPITEFUL) - set("abcdefgh2J31mx[\n")
FOUND = {"displayName": SPITEFUL, "tags": [SPITEFUL, "a\nb\u202e", "plain " * 40 + "\u202e"], "\u202ename": "שלום ä"}
COLUMNS = {"Name": lambda one: one["displayName"], "Tags": lambda one: one["tags"]}


def show_in_a_list(found, columns, output):
    show_all([found], columns, output, "none")


@pytest.mark.parametrize("show", [show_one, show_in_a_list])
@pytest.mark.parametrize("output", ["table", "json", "yaml"])
def test_nothing_that_moves_a_cursor_or_turns_a_line_round_is_printed(show, output, capsys):
    show(FOUND, COLUMNS, output)
    printed = capsys.readouterr().out
    assert RAW.isdisjoint(printed)
    if output != "table":
        assert "שלום ä" in printed


def test_json_means_the_same(capsys):
    show_one(FOUND, COLUMNS, "json")
    assert json.loads(capsys.readouterr().out) == FOUND


def test_yaml_means_the_same(capsys):
    show_one(FOUND, COLUMNS, "yaml")
    assert YAML(typ="safe", pure=True).load(capsys.readouterr().out) == FOUND

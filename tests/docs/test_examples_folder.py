"""Every example stands in the table of examples/README.md, with what starts it, and some test runs it."""

import re

import pytest

from tests.browser.examples import EXAMPLES, FOLDER
from tests.interop import test_example_programs, test_postman

TABLE = {
    row[0]: row[1:]
    for row in re.findall(
        r"^\| `([\w.]+)` \| ([^|]+) \| `([^`]+)` \| (?:`http://localhost:(\d+)`)? ?\|$",
        (FOLDER / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
}
THERE = {one.name for one in FOLDER.iterdir() if one.is_dir() or one.suffix == ".py"} - {"__pycache__", "node_modules"}
RUN = {*(one.name for one in EXAMPLES), test_postman.FOLDER.name, *test_example_programs.PROGRAMS}


def test_every_example_stands_in_the_table_and_is_run():
    assert set(TABLE) == THERE
    assert RUN == THERE


@pytest.mark.parametrize("name", TABLE)
def test_what_starts_it_is_there(name: str):
    _, start, _ = TABLE[name]
    begins = f"python {name}" if name.endswith(".py") else f"cd {name} && "
    assert start.startswith(begins)
    if "npm start" in start:
        assert '"start":' in (FOLDER / name / "package.json").read_text("utf-8")
    for program in re.findall(r"python (\w+\.py)", start):
        assert (FOLDER / name / program if (FOLDER / name).is_dir() else FOLDER / program).is_file()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_it_listens_where_the_table_says(example):
    *_, port = TABLE[example.name]
    sources = [one for kind in ("*.py", "*.mjs") for one in (FOLDER / example.name).rglob(kind)]
    told = "".join(one.read_text("utf-8") for one in sources if "node_modules" not in one.parts)
    assert re.findall(r'PORT"?(?:, | = )"(\d+)"', told) == [port]


def test_no_two_listen_on_one_port():
    ports = [port for *_, port in TABLE.values() if port]
    assert len(set(ports)) == len(ports) == len(EXAMPLES)

"""The walk through one sign-in names files and functions that are there, however short it names them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
WALK = PAGE.partition("## One sign-in, file by file")[2].partition("\n## ")[0]
FILES = [file.relative_to(ROOT / "src/entrada").as_posix() for file in (ROOT / "src/entrada").rglob("*.*")]
STEPS = re.findall(r"^\d+\. .*?(?=^\d+\. |\Z)", WALK, re.MULTILINE | re.DOTALL)


def found(name: str) -> list[str]:
    return [file for file in FILES if file == name or file.endswith(f"/{name}")]


def test_there_are_steps():
    assert len(STEPS) == 14


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.partition("**.")[0])
def test_a_step_names_files_and_functions_that_are_there(step: str):
    for name, function in re.findall(r"`([\w./]+\.(?:py|html))`(?:,\s+`(\w+)`)?", step):
        files = found(name)
        assert files, name
        if function:
            texts = [(ROOT / "src/entrada" / file).read_text("utf-8") for file in files]
            assert any(f"def {function}(" in text for text in texts), (name, function)

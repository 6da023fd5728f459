import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = chain(PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in ("server", "postgres")))


def test_each_dependency_has_its_reason_in_the_decision():
    record = (ROOT / "docs/decisions/0001-dependencies.md").read_text().lower()
    named = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in RUNTIME}
    assert len(named) > 5
    assert {name for name in named if not re.search(rf"\b{re.escape(name)}\b", record)} == set()

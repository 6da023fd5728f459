"""A page that names a file of this repository, or a test in it, names one that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("[!_]*/*.md")), *sorted((ROOT / "docs").glob("*.md"))]
NOT_KEPT = {
    "docs/_build/html",  # made by make docs
    "src/entrada/core/protocol/grants/x.py",  # from a recipe
    "src/entrada/server/usecases/redeem_x.py",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path):
    named = set(
        re.findall(
            r"`((?:src|tests|docs|scripts|requirements|changelog\.d)/[\w./-]*(?:::\w+)?)`", page.read_text("utf-8")
        )
    )
    assert {name for name in named - NOT_KEPT if not is_there(name)} == set()


def test_what_the_front_page_links_to_is_there():
    """Sphinx looks after the other pages."""
    links = re.findall(r"\]\(([^)#\s]+)", (ROOT / "README.md").read_text("utf-8"))
    here = [link for link in links if not link.startswith("http")]
    assert len(here) > 10
    assert [link for link in here if not (ROOT / link).exists()] == []


def is_there(name: str) -> bool:
    path, _, test = name.partition("::")
    return (ROOT / path).exists() and (not test or f"def {test}(" in (ROOT / path).read_text("utf-8"))


def test_a_page_that_the_code_fills_in_says_so_where_it_is_read_as_a_file():
    for page in PAGES:
        assert "-->\n<!-- until here -->" not in page.read_text("utf-8"), page

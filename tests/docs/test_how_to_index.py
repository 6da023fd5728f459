"""Whoever looks for a page finds it among the how-tos, in a line that says what it is for."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs/how-to"
INDEX = (FOLDER / "index.md").read_text("utf-8")
PAGES = sorted(page.name for page in FOLDER.glob("*.md") if page.name != "index.md")


def test_each_page_has_one_line_and_one_place_in_the_menu():
    lines = re.findall(r"^- \[[^\]]+\]\(([\w-]+\.md)\)[^\n]*[^\s]", INDEX, re.MULTILINE)
    menu = re.findall(r"^([a-z][\w-]+)$", INDEX, re.MULTILINE)
    assert sorted(lines) == PAGES
    assert [f"{name}.md" for name in menu] == lines


def test_each_kind_of_app_leads_to_a_page():
    table = INDEX.partition("## Which flow for which app")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 7
    assert [row for row in rows if not re.search(r"\]\([\w-]+\.md\) \|$", row)] == []

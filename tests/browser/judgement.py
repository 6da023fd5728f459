"""What is wrong with a page that is open: axe-core's findings, and anything that makes it scroll sideways."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "interop/node/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations'], preload: false})"


@cache
def _axe() -> str:
    if not AXE.exists():
        pytest.fail(f"axe-core is not installed; `make test` does it, or: cd {AXE.parents[2]} && npm ci")
    return AXE.read_text(encoding="utf-8")


def faults(page: Page) -> Iterator[str]:
    width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if width > room:
        yield f"scrolls sideways: {width} px in {room}"
    page.evaluate(_axe())
    for violation in page.evaluate(RUN, RULES)["violations"]:
        where = json.dumps([node["html"] for node in violation["nodes"]])[:400]
        yield f"{violation['id']}: {violation['help']}: {where}"

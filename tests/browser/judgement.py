"""What is wrong with a page that is open, light, dark and narrow: axe-core's findings, and what makes it scroll sideways.

The pictures are in artefacts/screenshots, anew with each run.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from playwright.sync_api import Page, ViewportSize

AXE = Path(__file__).parents[1] / "interop/node/node_modules/axe-core/axe.min.js"
SCREENSHOTS = Path(__file__).parents[2] / "artefacts" / "screenshots"
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations'], preload: false})"
WIDE, NARROW = ViewportSize(width=1280, height=960), ViewportSize(width=320, height=640)


@frozen
class Look:
    viewport: ViewportSize
    dark: bool
    rules: dict[str, Any]


LOOKS = {  # a dark page differs in its colours alone
    "dark": Look(WIDE, True, COLOURS),
    "narrow": Look(NARROW, False, EVERYTHING),
    "light": Look(WIDE, False, EVERYTHING),
}


@cache
def _axe() -> str:
    if not AXE.exists():
        pytest.fail(f"axe-core is not installed; `make test` does it, or: cd {AXE.parents[2]} && npm ci")
    return AXE.read_text(encoding="utf-8")


def faults_of_all(page: Page, names: Iterable[str]) -> dict[str, list[str]]:
    """Of each page that *names* opens in *page* and names, by name and look; nothing where all is well."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found = {f"{name} {look}": complaints for name in names for look, complaints in _faults(page, name)}
    return {where: complaints for where, complaints in found.items() if complaints}


def _faults(page: Page, name: str) -> Iterator[tuple[str, list[str]]]:
    page.evaluate(_axe())
    for look, how in LOOKS.items():  # it ends as it began: wide and light
        page.set_viewport_size(how.viewport)
        page.emulate_media(color_scheme="dark" if how.dark else "light", reduced_motion="reduce")
        page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
        yield look, list(_seen(page, how.rules))


def _seen(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if width > room:
        yield f"scrolls sideways: {width} px in {room}"
    for violation in page.evaluate(RUN, rules)["violations"]:
        where = json.dumps([node["html"] for node in violation["nodes"]])[:400]
        yield f"{violation['id']}: {violation['help']}: {where}"

"""Every page, light, dark and narrow: seen by axe-core, measured, and photographed for whoever reviews them.

The pictures are in artefacts/screenshots, anew with each run.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.every_page import answer_by_form, every_page
from tests.browser.judgement import faults

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parents[2] / "artefacts" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 960}, {"width": 320, "height": 640}
VIEWS: list[Any] = [
    pytest.param("light", {"viewport": WIDE, "color_scheme": "light"}, id="light"),
    pytest.param("dark", {"viewport": WIDE, "color_scheme": "dark"}, id="dark"),
    pytest.param("narrow", {"viewport": NARROW, "color_scheme": "light", "has_touch": True}, id="narrow"),
]


@pytest.fixture(scope="module")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.mark.parametrize(("view", "options"), VIEWS)
def test_every_page_is_accessible_and_fits(live, application, new_person: NewPerson, screenshots: Path, view, options):
    person = new_person(reduced_motion="reduce", **options)
    found: dict[str, list[str]] = {}
    for name in every_page(live, application, person):
        person.page.screenshot(path=screenshots / f"{name}-{view}.png", full_page=True)
        found[name] = list(faults(person.page))
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


@pytest.mark.parametrize(("view", "options"), VIEWS)
def test_the_page_that_posts_itself_too(live, application, new_person: NewPerson, screenshots: Path, view, options):
    person = new_person(reduced_motion="reduce", **options)
    person.context.add_init_script("HTMLFormElement.prototype.submit = () => {}")  # or it would be gone at once
    answer_by_form(live, application, person)
    person.page.screenshot(path=screenshots / f"form-post-{view}.png", full_page=True)
    assert list(faults(person.page)) == []

"""The portal's pages, light, dark and narrow, as test_every_page tries the others."""

from pathlib import Path

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.judgement import faults
from tests.browser.portal_pages import portal_pages
from tests.browser.test_every_page import SCREENSHOTS, VIEWS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("view", "options"), VIEWS)
def test_every_page_of_the_portal_is_accessible_and_fits(live, new_person: NewPerson, view, options):
    folder: Path = SCREENSHOTS
    folder.mkdir(parents=True, exist_ok=True)
    person = new_person(reduced_motion="reduce", **options)
    found: dict[str, list[str]] = {}
    for name in portal_pages(live, person):
        person.page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
        found[name] = list(faults(person.page))
    assert {name: complaints for name, complaints in found.items() if complaints} == {}

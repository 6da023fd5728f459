"""The portal's pages, as a person might see them: applications and what surrounds them, then the other rooms."""

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.judgement import WIDE, faults_of_all
from tests.browser.portal_pages import portal_pages
from tests.browser.portal_rooms import portal_rooms

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("pages", [portal_pages, portal_rooms], ids=lambda pages: pages.__name__)
def test_every_page_of_the_portal_is_accessible_and_fits(live, new_person: NewPerson, pages):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    assert faults_of_all(person.page, pages(live, person)) == {}

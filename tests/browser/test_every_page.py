"""Every page of the platform, the portal's apart, as a person might see it."""

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.every_page import answer_by_form, every_page
from tests.browser.judgement import WIDE, faults_of_all

pytestmark = pytest.mark.browser


def test_every_page_is_accessible_and_fits(live, application, new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    assert faults_of_all(person.page, every_page(live, application, person)) == {}


def test_the_page_that_posts_itself_too(live, application, new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    person.context.add_init_script("HTMLFormElement.prototype.submit = () => {}")  # or it would be gone at once
    answer_by_form(live, application, person)
    assert faults_of_all(person.page, ["form-post"]) == {}

"""11: the ID-token table, through the callback of every framework: a good token signs in, each spoilt one nobody."""

import pytest

from tests.client.spoilt_id_tokens import SPOILT_OF_ENTRA
from tests.web_sign_in.world import Worlds


@pytest.mark.parametrize("name", SPOILT_OF_ENTRA)
def test_11_nobody_signs_in_with(worlds: Worlds, name: str):
    there = worlds.make()
    there.authority.spoilt = SPOILT_OF_ENTRA[name]
    browser = there.browser()
    seen = there.sign_in(browser)
    assert seen.status == 400
    assert there.authority.count("authorization_code") == 1  # it came as far as the token
    assert browser.open("/").text == "nobody"


def test_11_the_token_that_they_are_made_of_is_good(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    assert there.sign_in(browser).status == 302
    assert browser.open("/").text == "Ada"

"""The picture in the README is of what is here: made anew by each run, and committed by `UPDATE_PICTURE=1 make test`."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.person import BEN, enter_password, headed, name_username
from tests.browser.picture import side_by_side

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "images" / "sign-in.webp"
MADE = ROOT / "artefacts" / "sign-in.webp"
MOST = 120_000


def test_the_picture_shows_a_sign_in_and_is_small(untouched, browser, new_person: NewPerson):
    person = new_person(viewport={"width": 660, "height": 936}, reduced_motion="reduce")
    page = person.open(f"{untouched.repsys}/auth/login")
    name_username(page, BEN)
    headed(page, "Enter password")
    password = page.screenshot()
    enter_password(page)
    headed(page, "Permissions requested")
    consent = page.screenshot()
    page.get_by_role("button", name="Accept").click()
    headed(page, "Hello, Ben Blue")
    repsys = page.screenshot()

    made = side_by_side(browser, [password, consent, repsys])
    target = COMMITTED if os.environ.get("UPDATE_PICTURE") else MADE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made)
    assert len(made) < MOST
    assert COMMITTED.stat().st_size < MOST

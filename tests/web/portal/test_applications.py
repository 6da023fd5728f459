import re

import pytest

from tests.drivers.live_server import COLORS_API, REPSYS
from tests.web.portal.portal_driver import BEN, AtThePortal

PAGES = ["", "/authentication", "/credentials", "/claims", "/claims?user=cai@colors.example", "/permissions", "/permissions/add",
         "/permissions/add?api=00000003-0000-0000-c000-000000000000", "/permissions/grant", "/expose", "/expose/scopes/new",
         "/roles", "/roles/new", "/owners", "/manifest", "/manifest?format=aad", "/properties", "/endpoints", "/configuration", "/delete"]


@pytest.mark.parametrize("app", [COLORS_API, REPSYS])
def test_every_page_of_an_application_shows(in_process, app):
    ada = AtThePortal(in_process)
    for path in PAGES:
        page = ada.open(f"/portal/applications/{app}{path}")
        assert page.status == 200, (path, page.text)
        assert "<h1>" in page.text
    for path in ["", "/owned", "/deleted", "/new"]:
        page = ada.open(f"/portal/applications{path}")
        assert page.status == 200, (path, page.text)

"""What is no page carries the headers of pages all the same: no browser guesses what it is, none keeps it."""

import pytest

from entrada.server.web.http.pages import HEADERS
from tests.drivers.live_server import REPSYS
from tests.web.portal.portal_driver import AtThePortal

THERE = f"/portal/applications/{REPSYS}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{THERE}/manifest/download", 200),
        (f"{THERE}/manifest/download?format=aad", 200),
        (f"{THERE}/postman", 200),
        ("/portal/branding/accent.css?accent=aa3300", 200),
        ("/portal/branding/accent.css?accent=nothing", 404),
    ],
)
def test_with_the_headers_of_pages(in_process, path, status):
    answer = AtThePortal(in_process).browser.client.get(path)
    assert answer.status_code == status
    assert answer.headers.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()

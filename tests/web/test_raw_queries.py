"""A query may hold any bytes at all on the wire."""

import pytest

from tests.fuzz.raw import Sent, send
from tests.web.seats import COLORS


@pytest.mark.parametrize(
    ("path", "status"),
    [("/static/entrada", 307), ("/healthz", 200), (f"/{COLORS}/oauth2/v2.0/authorize", 400), ("/nowhere", 404)],
)
@pytest.mark.parametrize("query", [b"\x80", b"a=\xff&b=%ff", b"a=\xc3\xa9"], ids=ascii)
def test_bytes_that_no_url_has_are_no_fault(shared, path, status, query):
    assert send(shared.platform.app, Sent(method="GET", path=path, query=query)).status == status


def test_they_mean_what_they_would_mean_encoded(shared):
    raw, encoded = (
        send(shared.platform.app, Sent(method="GET", path="/error", query=query)).body
        for query in ("code=é".encode(), b"code=%C3%A9")
    )
    assert raw == encoded

"""How an authorization response travels: OAuth 2.0 Multiple Response Types; reference sections 11 and 12."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.protocol.response_mode import Reply, ResponseMode, parse_response_mode
from tests.protocol.redirect_mutants import REGISTERED

FIELDS = [("code", "c d"), ("state", "a&b=ü\r\n#")]
ENCODED = "code=c%20d&state=a%26b%3D%C3%BC%0D%0A%23"
# fmt: off
LOCATIONS = [  # redirect URI, mode, location
    pytest.param("https://app.example/cb",     ResponseMode.QUERY,    f"https://app.example/cb?{ENCODED}#",     id="a query, and an empty fragment"),
    pytest.param("https://app.example/cb?a=1", ResponseMode.QUERY,    f"https://app.example/cb?a=1&{ENCODED}#", id="behind a query of its own"),
    pytest.param("https://app.example/cb",     ResponseMode.FRAGMENT, f"https://app.example/cb#{ENCODED}",      id="a fragment"),
    pytest.param("https://app.example",        ResponseMode.QUERY,    f"https://app.example/?{ENCODED}#",       id="a missing path becomes a slash"),
    pytest.param("http://localhost:53124",     ResponseMode.FRAGMENT, f"http://localhost:53124/#{ENCODED}",     id="on loopback too"),
    pytest.param("msal123://auth",             ResponseMode.QUERY,    f"msal123://auth/?{ENCODED}#",            id="a scheme of its own"),
    pytest.param("urn:ietf:wg:oauth:2.0:oob",  ResponseMode.QUERY,    f"urn:ietf:wg:oauth:2.0:oob?{ENCODED}#",  id="no host at all"),
]
MODES = [
    pytest.param(None,        ResponseMode.QUERY,     id="query is the code flow's default"),
    pytest.param("query",     ResponseMode.QUERY,     id="query"),
    pytest.param("fragment",  ResponseMode.FRAGMENT,  id="fragment"),
    pytest.param("form_post", ResponseMode.FORM_POST, id="form_post"),
    pytest.param("Query",     None,                   id="another case"),
    pytest.param("jwt",       None,                   id="a mode we do not speak"),
]
# fmt: on


@pytest.mark.parametrize(("uri", "mode", "location"), LOCATIONS)
def test_where_the_answer_goes(uri, mode, location):
    assert Reply(uri, mode, FIELDS).location == location


@pytest.mark.parametrize(("text", "mode"), MODES)
def test_reading_a_mode(text, mode):
    assert parse_response_mode(text) is mode


@given(
    st.sampled_from([uri for uri in REGISTERED if uri.startswith("http")]),
    st.sampled_from([ResponseMode.QUERY, ResponseMode.FRAGMENT]),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_no_state_leaves_its_place(uri, mode, state):
    location = urlsplit(Reply(uri, mode, [("code", "c"), ("state", state)]).location)
    registered = urlsplit(uri)
    assert (location.scheme, location.netloc, location.path or "/") == (
        registered.scheme,
        registered.netloc,
        registered.path or "/",
    )
    answer = location.query if mode is ResponseMode.QUERY else location.fragment
    assert dict(parse_qsl(answer, keep_blank_values=True))["state"] == state

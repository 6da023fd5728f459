"""A redirect URI is the registered one, character by character; only a loopback port may differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform, RedirectUri
from entrada.core.protocol.redirect_uri import find_registered
from tests.protocol.redirect_mutants import REGISTERED, mutants

# fmt: off
PORTS = [  # what is registered, what is sent, does it match
    pytest.param("http://localhost:5000/cb",    "http://localhost:5000/cb",   True,  id="itself"),
    pytest.param("http://localhost:5000/cb",    "http://localhost:1/cb",      True,  id="the smallest port"),
    pytest.param("http://localhost:5000/cb",    "http://localhost:65535/cb",  True,  id="the largest port"),
    pytest.param("http://localhost:5000/cb",    "http://localhost:65536/cb",  False, id="a number that is no port"),
    pytest.param("http://localhost:5000/cb",    "http://localhost/cb",        True,  id="the port left out"),
    pytest.param("http://localhost",            "http://localhost:53124",     True,  id="a port where none is registered"),
    pytest.param("http://localhost",            "http://localhost:53124/",    False, id="a slash where none is registered"),
    pytest.param("http://localhost/",           "http://localhost:53124",     False, id="no slash where one is registered"),
    pytest.param("https://localhost/cb",        "https://localhost:8443/cb",  True,  id="https on loopback"),
    pytest.param("http://localhost/cb",         "https://localhost:8443/cb",  False, id="https for http"),
    pytest.param("http://127.0.0.1:5000/cb",    "http://127.0.0.1:6000/cb",   True,  id="IPv4 loopback"),
    pytest.param("http://[::1]:5000/cb",        "http://[::1]:6000/cb",       True,  id="IPv6 loopback"),
    pytest.param("http://127.0.0.1:5000/cb",    "http://localhost:5000/cb",   False, id="another name of loopback"),
    pytest.param("http://localhost:5000/cb",    "http://127.0.0.1:5000/cb",   False, id="the address for the name"),
    pytest.param("http://localhost:5000/cb?a=1", "http://localhost:6000/cb?a=1", True, id="the query is kept"),
    pytest.param("http://localhost:5000/cb?a=1", "http://localhost:6000/cb?a=2", False, id="another query"),
    pytest.param("http://localhost:5000/cb",    "http://localhost:6000/CB",   False, id="paths distinguish case"),
    pytest.param("https://app.example/cb",      "https://app.example:443/cb", False, id="the default port of another host"),
    pytest.param("https://app.example:8443/cb", "https://app.example:9443/cb", False, id="another port of another host"),
    pytest.param("http://localhost.evil.example/cb", "http://localhost.evil.example:1/cb", False, id="a name that begins like loopback"),
]
# fmt: on


@pytest.mark.parametrize(("registered", "sent", "matches"), PORTS)
def test_only_a_loopback_port_may_differ(registered, sent, matches):
    found = find_registered(sent, [RedirectUri(registered, Platform.WEB)])
    assert (found is not None) == matches


@pytest.mark.parametrize("uri", REGISTERED)
def test_no_mutant_is_accepted(uri):
    spoilt = mutants(uri)
    registered = RedirectUri(uri, Platform.WEB)
    assert find_registered(uri, [registered]) is registered
    assert len(spoilt) >= 400
    assert [one for one in spoilt if find_registered(one, [registered])] == []


@given(st.sampled_from(REGISTERED[:5]), st.text(min_size=1), st.integers(0, 80))
def test_whatever_is_put_into_it_is_noticed(uri, extra, at):
    at = min(at, len(uri))
    sent = uri[:at] + extra + uri[at:]
    assert find_registered(sent, [RedirectUri(uri, Platform.WEB)]) is None


def test_an_exact_registration_comes_before_one_of_another_port():
    # Their platforms differ, and with them the client's rules.
    web, spa = (
        RedirectUri("http://localhost:3000/cb", Platform.WEB),
        RedirectUri("http://localhost:4000/cb", Platform.SPA),
    )
    assert find_registered("http://localhost:4000/cb", [web, spa]) is spa
    assert find_registered("http://localhost:3000/cb", [spa, web]) is web


def test_nothing_matches_nothing():
    assert find_registered("https://app.example/", []) is None

"""An admin consent returns to a registered redirect URI or below it, and nowhere else.  Reference section 28."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform, RedirectUri
from entrada.core.protocol.redirect_below import find_at_or_below
from tests.protocol.redirect_mutants import REGISTERED, mutants

LONG = "a" * 600
# fmt: off
BELOW = [  # what is registered, what is sent, does it match
    pytest.param("https://app.example/cb",  "https://app.example/cb",              True,  id="itself"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/permissions",  True,  id="a segment more"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/a/b.c/d-e_f~g", True, id="several"),
    pytest.param("https://app.example/",    "https://app.example/permissions",     True,  id="below a root with its slash"),
    pytest.param("https://app.example",     "https://app.example/permissions",     True,  id="below a host alone"),
    pytest.param("http://localhost:5000/cb", "http://localhost:6000/cb/granted",   True,  id="a loopback port may differ as ever"),
    pytest.param("http://localhost",        "http://localhost:53124/granted",      True,  id="below loopback"),
    pytest.param("https://app.example/cb",  "https://app.example/cbx",             False, id="a longer name is another folder"),
    pytest.param("https://app.example/cb",  "https://app.example/",                False, id="above it"),
    pytest.param("https://app.example/cb",  "https://app.example/other",           False, id="beside it"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/",             False, id="an empty segment"),
    pytest.param("https://app.example/cb",  "https://app.example/cb//evil.example", False, id="an empty segment between"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/..",           False, id="up again"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/../evil",      False, id="up and down"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/a/./b",        False, id="a dot alone"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/%2e%2e/evil",  False, id="dots in disguise"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/a?x=1",        False, id="a query"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/a#x",          False, id="a fragment"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/a\\b",         False, id="a backslash"),
    pytest.param("https://app.example",     "https://app.example.evil.example/x",  False, id="a host that begins alike"),
    pytest.param("https://app.example",     "https://app.example@evil.example/x",  False, id="a host in the user's place"),
    pytest.param("https://app.example/cb?a=b", "https://app.example/cb/x?a=b",     False, id="registered with a query: as it is"),
    pytest.param("https://app.example/cb?a=b", "https://app.example/cb?a=b/x",     False, id="nothing goes below a query"),
    pytest.param("com.example.app:/oauth",  "com.example.app:/oauth/x",            False, id="an app's own scheme: as it is"),
    pytest.param("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob/x",       False, id="no address at all"),
    pytest.param("https://app.example/cb",  f"https://app.example/cb/{LONG}",      False, id="longer than any registration"),
    pytest.param("https://app.example/cb",  "https://app.example/cb/1/2/3/4/5/6/7/8/9", False, id="deeper than anybody needs"),
]
# fmt: on


@pytest.mark.parametrize(("registered", "sent", "matches"), BELOW)
def test_at_or_below_what_is_registered(registered, sent, matches):
    found = find_at_or_below(sent, [RedirectUri(registered, Platform.WEB)])
    assert (found is not None) == matches


@pytest.mark.parametrize("uri", REGISTERED)
def test_no_mutant_leaves_the_place_that_is_registered(uri):
    """A mutant that is accepted is *uri* with plain segments behind it: same scheme, same host, a path below."""
    registered = RedirectUri(uri, Platform.WEB)
    accepted = [one for one in mutants(uri) if find_at_or_below(one, [registered])]
    assert all(one.startswith(uri.rstrip("/") + "/") for one in accepted)
    assert {urlsplit(one)[:2] for one in accepted} <= {urlsplit(uri)[:2]}


@given(st.sampled_from(REGISTERED), st.text(alphabet="/.\\?#%@:;&=ab~- \t\0é", max_size=20))
def test_whatever_follows_host_and_folder_stay(uri, tail):
    registered = RedirectUri(uri, Platform.WEB)
    if find_at_or_below(uri + tail, [registered]) is None or not tail:
        return
    before, after = urlsplit(uri), urlsplit(uri + tail)
    assert (before.scheme, before.hostname, before.query) == (after.scheme, after.hostname, after.query)
    assert after.path.startswith(before.path.rstrip("/") + "/") or before.hostname in ("localhost", "127.0.0.1", "::1")
    assert not {".", ".."} & set(after.path.split("/"))


def test_the_nearest_registration_is_meant():
    near = RedirectUri("https://app.example/a/b", Platform.WEB)
    far = RedirectUri("https://app.example/a", Platform.SPA)
    assert find_at_or_below("https://app.example/a/b/c", [far, near]) is near

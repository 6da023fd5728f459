"""One way after another to register a redirect URI that leads astray."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform
from entrada.core.directory.redirect_uri_rules import fault, logout_url_fault

WEB, SPA, PUBLIC = Platform.WEB, Platform.SPA, Platform.PUBLIC_CLIENT

GOOD = [
    ("https://app.example/callback", WEB),
    ("https://app.example", SPA),
    ("https://app.example/callback?tenant=a&next=%2Fhome", WEB),
    ("https://app.example:8443/a/b.c/~me", WEB),
    ("https://xn--bcher-kva.example/", WEB),
    ("http://localhost", PUBLIC),
    ("http://localhost:5000/", WEB),
    ("http://127.0.0.1:5001/cb", WEB),
    ("http://[::1]:3000/cb", SPA),
    ("https://login.microsoftonline.com/common/oauth2/nativeclient", PUBLIC),
    ("msalc0105000-0000-4000-8000-000000000c11://auth", PUBLIC),
    ("ms-appx-web://Microsoft.AAD.BrokerPlugin/c0105000-0000-4000-8000-000000000c11", PUBLIC),
    ("com.example.app:/oauth", PUBLIC),
    ("urn:ietf:wg:oauth:2.0:oob", PUBLIC),
    ("https://app.example/" + "a" * 236, WEB),
]


@pytest.mark.parametrize(("uri", "platform"), GOOD)
def test_these_may_be_registered(uri, platform):
    assert fault(uri, platform) is None


# fmt: off
BAD = [  # the URI, its platform, a part of the sentence
    pytest.param("", WEB, "empty", id="nothing"),
    pytest.param("https://app.example/" + "a" * 237, WEB, "256", id="257 characters"),
    pytest.param("/callback", WEB, "absolute", id="relative"),
    pytest.param("//app.example/callback", WEB, "absolute", id="without scheme"),
    pytest.param("https://app.example/*", WEB, "wildcard", id="wildcard in the path"),
    pytest.param("https://*.app.example/cb", WEB, "wildcard", id="wildcard in the host"),
    pytest.param("https://app.example/cb#top", WEB, "fragment", id="fragment"),
    pytest.param("https://app.example/cb#", WEB, "fragment", id="empty fragment"),
    pytest.param("https://app.example/a b", WEB, "character", id="space"),
    pytest.param("https://app.example/cb\n", WEB, "character", id="line break at the end"),
    pytest.param("https://app.example\\@evil.example/", WEB, "character", id="backslash"),
    pytest.param("https://büro.example/", WEB, "character", id="not ASCII"),
    pytest.param("https://app.example/it's", WEB, "may not hold '", id="apostrophe"),
    pytest.param("https://app.example/(a)", WEB, "may not hold ( )", id="parentheses"),
    pytest.param("https://app.example/a;b", WEB, "may not hold ;", id="semicolon"),
    pytest.param("https://app.example/a%2", WEB, "percent", id="half an escape"),
    pytest.param("http://app.example/cb", WEB, "needs https", id="plain http"),
    pytest.param("http://localhost.evil.example/cb", WEB, "needs https", id="localhost as a label"),
    pytest.param("http://127.0.0.1.evil.example/cb", WEB, "needs https", id="an address as labels"),
    pytest.param("http://0.0.0.0/cb", WEB, "needs https", id="any address is not loopback"),
    pytest.param("https://user@app.example/cb", WEB, "user", id="user name"),
    pytest.param("http://localhost@evil.example/cb", WEB, "user", id="localhost as user name"),
    pytest.param("https://App.example/cb", WEB, "lower case", id="upper-case host"),
    pytest.param("HTTPS://app.example/cb", WEB, "lower case", id="upper-case scheme"),
    pytest.param("https:///cb", WEB, "host name", id="no host"),
    pytest.param("https:app.example/cb", WEB, "host", id="no slashes"),
    pytest.param("https:/app.example/cb", WEB, "host", id="one slash"),
    pytest.param("https://app..example/cb", WEB, "host name", id="empty label"),
    pytest.param("https://[::1/cb", WEB, "not a URI", id="half an address"),
    pytest.param("https://%61pp.example/cb", WEB, "host name", id="escaped host"),
    pytest.param("https://app.example:/cb", WEB, "not a port", id="empty port"),
    pytest.param("https://app.example:0/cb", WEB, "not a port", id="port 0"),
    pytest.param("https://app.example:65536/cb", WEB, "not a port", id="port too high"),
    pytest.param("https://app.example:80a/cb", WEB, "not a port", id="port with a letter"),
    pytest.param("https://app.example/a/../cb", WEB, "segments", id="dot segments"),
    pytest.param("https://app.example/a/%2e%2E/cb", WEB, "segments", id="escaped dot segments"),
    pytest.param("https://app.example/a/..%5ccb", WEB, "segments", id="dots before an escaped backslash"),
    pytest.param("https://app.example/.", WEB, "segments", id="a single dot"),
    pytest.param("https://app.example/cb?code=1", WEB, "code", id="code in the query"),
    pytest.param("https://app.example/cb?x=1&state", WEB, "state", id="state without value"),
    pytest.param("https://app.example/cb?Iss=x", WEB, "iss", id="iss in another case"),
    pytest.param("https://app.example/cb?%65rror=x", WEB, "error", id="error, escaped"),
    pytest.param("https://app.example/cb?response=jwt", WEB, "response", id="response"),
    pytest.param("javascript:alert", PUBLIC, "never leads back", id="javascript"),
    pytest.param("JavaScript:alert", PUBLIC, "never leads back", id="javascript in another case"),
    pytest.param("data:text/html", PUBLIC, "never leads back", id="data"),
    pytest.param("vbscript:x", PUBLIC, "never leads back", id="vbscript"),
    pytest.param("file:///etc/passwd", PUBLIC, "never leads back", id="file"),
    pytest.param("blob:https://app.example/x", PUBLIC, "never leads back", id="blob"),
    pytest.param("myapp://auth", WEB, "publicClient", id="own scheme for a web app"),
    pytest.param("myapp://auth", SPA, "publicClient", id="own scheme for a SPA"),
    pytest.param("MyApp://auth", PUBLIC, "lower case", id="own scheme in upper case"),
    pytest.param("myapp://", PUBLIC, "names a place", id="own scheme and nothing more"),
    pytest.param("myapp:auth", PUBLIC, "slash", id="own scheme without slash"),
    pytest.param("urn:ietf:wg:oauth:2.0:oob:auto", PUBLIC, "slash", id="another URN"),
]
# fmt: on


@pytest.mark.parametrize(("uri", "platform", "said"), BAD)
def test_these_may_not(uri, platform, said):
    assert said in (fault(uri, platform) or "registered!")


@given(st.text(alphabet="abcAB12:/@#?%.*[]\\ \n&=-é", max_size=30), st.sampled_from(Platform))
def test_whatever_passes_is_https_loopback_or_an_own_scheme(rest, platform):
    for start in ("", "http:", "http://", "https://", "https://localhost", "http://localhost"):
        if fault(start + rest, platform) is None:
            scheme, _, after = (start + rest).partition(":")
            assert after.startswith("/")
            assert (
                scheme == "https" or platform is PUBLIC or after.startswith(("//localhost", "//127.0.0.1", "//[::1]"))
            )


def test_a_logout_url_may_have_any_query():
    assert logout_url_fault("https://app.example/out?state=x") is None
    assert "needs https" in (logout_url_fault("http://app.example/out") or "")

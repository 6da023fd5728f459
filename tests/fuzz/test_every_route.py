"""Whatever is sent to whatever route: no 500, no traceback, no secret in the log.

Half of the requests are anything at all, half are good ones with a little of them spoilt, which get further.
"""

import asyncio
import io
import logging
from collections.abc import Callable, Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.server import logs
from entrada.server.store.memory import MemoryStore
from entrada.testing import platform
from tests.fuzz.effort import examples
from tests.fuzz.raw import Answered, Header, Sent, send
from tests.fuzz.seeds import TROUBLE, seeds
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import CLI_APP, COLORS, COLORS_API, DAEMON, PETALS, REPSYS_APP, SCOPE, Seat, fields_of

MARK: Final = "Ge4eim"  # in every secret that is sent
FORM: Final = "application/x-www-form-urlencoded"


def every_route() -> dict[str, tuple[str, ...]]:
    """As the reference lists them: path and methods."""
    file = Path(__file__).parents[2] / "docs" / "_ext" / "from_code.py"
    spec = spec_from_file_location("from_code", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, tuple[str, ...]] = module.routes()
    return found


ROUTES: Final = sorted(every_route().items())

# ---- what is sent ----

_TEXT: Final = st.one_of(st.sampled_from(TROUBLE), st.text(max_size=40), st.text("/.%\\?#@:[]", max_size=12))
_TENANTS: Final = st.one_of(st.sampled_from([COLORS, PETALS, "common", "organizations", "colors.example"]), _TEXT)
# The parameters that some endpoint reads; of some, what gets further than anything would.
# fmt: off
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "client_id": (REPSYS_APP.client_id, CLI_APP.client_id, DAEMON, "00000000-0000-0000-0000-000000000000"),
    "response_type": ("code", "code id_token", "id_token", "token", "none"),
    "redirect_uri": (REPSYS_APP.redirect_uri, "http://localhost", "https://evil.example/"),
    "post_logout_redirect_uri": ("http://localhost:5000/",),
    "scope": (SCOPE, *seeds("scope")),
    "resource": ("https://graph.microsoft.com", f"api://{COLORS_API}"),
    "claims": tuple(seeds("claims")),
    "response_mode": ("query", "fragment", "form_post", "web_message"),
    "prompt": ("none", "login", "consent", "select_account", "create", "none login"),
    "code_challenge_method": ("S256", "plain"),
    "grant_type": (
        "authorization_code", "refresh_token", "client_credentials", "password", "device_code",
        "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ),
    "client_assertion_type": ("urn:ietf:params:oauth:client-assertion-type:jwt-bearer",),
    "requested_token_use": ("on_behalf_of",),
    "login_hint": ("ben@colors.example", "nobody@colors.example"),
    "username": ("ben@colors.example", "eva@petals.example"),
    "error": ("access_denied",), "error_subcode": ("cancel",), "max_age": ("0", "-1", "9" * 30, "1e9", "\u0661"),
    "decision": ("accept", "approve", "decline", "cancel"), "action": ("back",), "all": ("1",), "account": ("x",),
    "user_code": ("BCDFGHJKL",), "$top": ("10", "0", "\u0661", "9" * 30), "$skip": ("0", "-1"), "keep": ("on",),
    "state": ("s",), "nonce": ("n",), "code_challenge": ("a" * 43,), "acr_values": ("mfa",), "domain_hint": ("x",),
    "sid": ("x",), "logout_hint": ("ben@colors.example",), "user": ("x",), "session": ("x",), "client_info": ("1",),
    "api-version": ("1.0", "1.1", "2018-02-01", ""), "authorization_endpoint": ("https://localhost:8443/common/",),
    "appid": (DAEMON,), "admin_consent": ("true",), "ui_locales": ("de",), "amr_values": ("mfa",), "clientid": ("x",),
}
SECRET: Final = (
    "ctx", "passwd", "password", "newpasswd", "new_password", "otc", "recovery", "client_secret", "client_assertion",
    "assertion", "code", "device_code", "refresh_token", "code_verifier", "id_token_hint", "token",
)
HEADERS: Final = (
    "authorization", "cookie", "origin", "referer", "user-agent", "accept", "accept-language", "content-type",
    "x-forwarded-for", "client-request-id", "return-client-request-id", "metadata", "x-identity-header", "host2",
)
# fmt: on
_SECRETS: Final = st.builds(lambda text: f"{MARK}{text}", _TEXT)
_VALUES: Final = {name: st.one_of(st.sampled_from(values), _TEXT) for name, values in KNOWN.items()} | dict.fromkeys(
    SECRET, _SECRETS
)


@st.composite
def fields(draw, least: int = 0, most: int = 8) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from(sorted(_VALUES)), min_size=least, max_size=most, unique=True))
    return {name: draw(_VALUES[name]) for name in names}


_LATIN: Final = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30)
_HEADER_VALUES: Final = {
    "authorization": st.builds(
        lambda scheme, rest: f"{scheme} {MARK}{rest}", st.sampled_from(["Bearer", "Basic", "bearer", "X"]), _LATIN
    ),
    "cookie": st.builds(
        lambda name, value: f"{name}={MARK}{value}",
        st.sampled_from([f"__Host-entrada-{one}" for one in ("browser", "session", "persistent")]),
        _LATIN,
    ),
    "content-type": st.sampled_from([FORM, f"{FORM};charset=utf-16", "application/json", "multipart/form-data", ""]),
}


@st.composite
def anything(draw) -> Sent:
    pattern, methods = draw(st.sampled_from(ROUTES))
    path = pattern
    for name, value in (("{tenant}", _TENANTS), ("{realm:userrealm}", st.just("UserRealm"))):
        path = path.replace(name, quote(draw(value), safe="/%"))
    for name in ("{user}", "{username}"):
        path = path.replace(name, quote(draw(_TEXT), safe="/%"))
    names = draw(st.lists(st.sampled_from(HEADERS), max_size=4, unique=True))
    headers = {"content-type": FORM, **{name: draw(_HEADER_VALUES.get(name, _LATIN)) for name in names}}
    as_form = st.builds(lambda sent: urlencode(sent).encode(), fields())
    encoded = st.one_of(as_form, as_form, st.binary(max_size=60))
    return Sent(
        method=draw(st.sampled_from([*methods, *methods, "HEAD", "OPTIONS", "POST", "PURGE"])),
        path=path if path.startswith("/") else f"/{path}",
        query=draw(encoded) if draw(st.booleans()) else b"",
        body=draw(encoded),
        headers=tuple((name.encode(), value.encode("latin-1")) for name, value in headers.items()),
    )


def spoilt(good: Mapping[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """One to three parameters replaced, added or left out."""
    left_out = st.sets(st.sampled_from(sorted(good)), max_size=1)
    return st.builds(
        lambda more, without: {name: text for name, text in {**good, **more}.items() if name not in without},
        fields(1, 3),
        left_out,
    )


# ---- where it is sent ----


@pytest.fixture(scope="module")
def there(signing_keys: MemoryStore) -> InProcess:
    made = asyncio.run(platform(keys=signing_keys))
    return InProcess(made, new_client(made))


@pytest.fixture(scope="module")
def seat(there: InProcess) -> Seat:
    """Ben, signed in, who has consented."""
    seat = Seat(there)
    assert seat.sign_in()["code"]
    return seat


@pytest.fixture
def log(monkeypatch) -> Iterator[io.StringIO]:
    """As the server writes it, everything from debug up."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    before = structlog.get_config()
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    logs.configure("debug", "json")
    yield written
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def check(answer: Answered, log: io.StringIO) -> None:
    written = log.getvalue()
    log.seek(0)
    log.truncate()
    assert answer.status < 500, written
    assert b"Traceback" not in answer.body
    assert "exception" not in written
    assert '"decision":"failed"' not in written
    assert MARK not in written


def cookies(seat: Seat) -> Header:
    held = seat.browser.client.cookies.items()
    return b"cookie", "; ".join(f"{name}={value}" for name, value in held).encode()


GENTLY: Final = settings(max_examples=examples(500), deadline=None, suppress_health_check=list(HealthCheck))


@GENTLY
@given(sent=anything())
def test_anything_at_any_route(there, log, sent):
    check(send(there.platform.app, sent), log)


def by_secret(seat: Seat) -> Mapping[str, str]:
    api = f"api://{COLORS_API}/.default"
    own = {"client_id": DAEMON, "client_secret": "daemon-dev-secret", "scope": api}
    return {"grant_type": "client_credentials", **own}


def by_device(seat: Seat) -> Mapping[str, str]:
    return {"grant_type": "device_code", "client_id": CLI_APP.client_id, "device_code": MARK}


def by_password(seat: Seat) -> Mapping[str, str]:
    who = {"username": "ben@colors.example", "password": MARK}
    return {"grant_type": "password", "client_id": CLI_APP.client_id, "scope": SCOPE, **who}


GOOD: Final[Mapping[str, Callable[[Seat], Mapping[str, str]]]] = {
    "code": lambda seat: seat.redemption(MARK),
    "refresh": lambda seat: seat.refreshment(MARK),
    "secret": by_secret,
    "device": by_device,
    "password": by_password,
}


@GENTLY
@given(data=st.data(), tenant=_TENANTS)
def test_a_good_authorization_request_spoilt(seat, log, data, tenant):
    asked = data.draw(spoilt(seat.asked({"prompt": "none"})))
    where = quote(data.draw(st.sampled_from([COLORS, COLORS, "common", tenant])), safe="/%") or "x"
    version = data.draw(st.sampled_from(["v2.0/", "v2.0/", ""]))
    sent = Sent(method="GET", path=f"/{where}/oauth2/{version}authorize", query=urlencode(asked).encode())
    check(send(seat.there.platform.app, sent, [cookies(seat)]), log)


@GENTLY
@given(data=st.data(), kind=st.sampled_from(sorted(GOOD)))
def test_a_good_token_request_spoilt(seat, log, data, kind):
    form = data.draw(spoilt(GOOD[kind](seat)))
    place = data.draw(st.sampled_from(["token", "token", "devicecode"]))
    check(send(seat.there.platform.app, posted(place, form)), log)


def posted(place: str, form: Mapping[str, str]) -> Sent:
    path = f"/{COLORS}/oauth2/v2.0/{place}"
    return Sent(method="POST", path=path, body=urlencode(form).encode(), headers=((b"content-type", FORM.encode()),))


@GENTLY
@given(data=st.data())
def test_a_redemption_after_a_spoilt_authorization(seat, log, data):
    """What was accepted there must hold to the end: the claims, the nonce and the scope travel in the code."""
    asked = data.draw(spoilt(seat.asked({"prompt": "none"})))
    path = f"/{COLORS}/oauth2/v2.0/authorize"
    sent = Sent(method="GET", path=path, query=urlencode(asked).encode())
    answer = send(seat.there.platform.app, sent, [cookies(seat)])
    check(answer, log)
    code = fields_of(answer.headers.get("location")).get("code")
    if code is not None:
        check(send(seat.there.platform.app, posted("token", seat.redemption(code))), log)


def test_the_log_is_really_read_and_the_good_requests_are_good(seat, log):
    query = urlencode(seat.asked({"prompt": "none"})).encode()
    sent = Sent(method="GET", path=f"/{COLORS}/oauth2/v2.0/authorize", query=query)
    code = fields_of(send(seat.there.platform.app, sent, [cookies(seat)]).headers["location"])["code"]
    assert send(seat.there.platform.app, posted("token", seat.redemption(code))).status == 200
    assert send(seat.there.platform.app, posted("token", by_secret(seat))).status == 200
    assert send(seat.there.platform.app, posted("token", seat.redemption(MARK))).status == 400
    assert '"decision":"refused"' in log.getvalue()
    assert '"decision":"granted"' in log.getvalue()

"""429 and Retry-After for who asks too much; nobody else notices.  RFC 6585 §4; reference sections 17 and 35."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx2
import pytest
from msal import ConfidentialClientApplication  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from entrada.core.errors import catalogue as why
from entrada.server.app import Exposure, application
from entrada.server.web.http import turnstile
from entrada.server.web.http.throttle import Limits
from entrada.testing import ORIGIN
from tests.drivers.form_browser import FormBrowser
from tests.plugins.platforms import InProcess
from tests.web.seats import CLI, COLORS, DAEMON, Seat, reason_of

STRANGER, NEIGHBOUR = "203.0.113.50", "203.0.113.51"
TOKEN = f"/{COLORS}/oauth2/v2.0/token"
LIMITS = Limits(address=12, client=5)
GOOD = {"client_secret": "daemon-dev-secret", "scope": "api://c0105000-0000-4000-8000-00000000ba51/.default"}


@pytest.fixture
def app(in_process: InProcess):
    return application(in_process.platform.here, Exposure(("localhost",), limits=LIMITS))


def client_at(app, address: str) -> TestClient:
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, client=(address, 4000))


def ask(client: TestClient, client_id: str = DAEMON, **changes: str):
    form = {"grant_type": "client_credentials", "client_id": client_id, **GOOD, **changes}
    return client.post(TOKEN, data=form)


def guess(client: TestClient, number: int, client_id: str = DAEMON):
    return ask(client, client_id, client_secret=f"guess {number}")


# ---- a client at an address ----


def test_guesses_at_a_clients_secret_end_in_429(app):
    stranger = client_at(app, STRANGER)
    assert [guess(stranger, n).status_code for n in range(7)] == [401] * 5 + [429] * 2
    answer = guess(stranger, 8)
    assert reason_of(answer) == (429, "temporarily_unavailable", [why.THROTTLED.code], None)
    assert answer.json()["error_description"].startswith("AADSTS90055: ")
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert answer.headers["cache-control"] == "no-store, no-cache"


def test_the_right_secret_waits_too_and_is_let_in_after_retry_after(app, in_process):
    stranger = client_at(app, STRANGER)
    for n in range(5):
        guess(stranger, n)
    throttled = ask(stranger)
    assert throttled.status_code == 429
    in_process.clock.advance(int(throttled.headers["retry-after"]))
    assert ask(stranger).status_code == 200


def test_others_notice_nothing(app):
    stranger = client_at(app, STRANGER)
    for n in range(6):
        guess(stranger, n)
    assert guess(stranger, 9).status_code == 429
    assert ask(client_at(app, NEIGHBOUR)).status_code == 200  # the same client elsewhere
    assert guess(stranger, 1, CLI).status_code == 401  # another client there


def test_a_thousand_successes_weigh_as_one_guess(app):
    daemon = client_at(app, STRANGER)
    assert {ask(daemon).status_code for _ in range(50)} == {200}
    assert guess(daemon, 1).status_code == 401


def test_the_device_authorization_endpoint_is_throttled_alike(app):
    stranger = client_at(app, STRANGER)
    path = f"/{COLORS}/oauth2/v2.0/devicecode"
    unknown = [
        stranger.post(path, data={"client_id": "00000000-0000-4000-8000-00000000dead", "scope": "openid"})
        for _ in range(7)
    ]
    assert unknown[-1].status_code == 429
    assert int(unknown[-1].headers["retry-after"]) >= 1
    assert unknown[-1].json()["error_codes"] == [why.THROTTLED.code]


def test_a_device_that_begins_leaves_a_row_and_weighs_as_a_guess(app):
    stranger = client_at(app, STRANGER)
    form = {"client_id": CLI, "scope": "openid"}
    answers = [stranger.post(f"/{COLORS}/oauth2/v2.0/devicecode", data=form) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]


# ---- many at once ----


def all_at_once(app, forms: list[dict[str, str]], refused: int = 0, address: str = STRANGER) -> Counter[int]:
    """Each is under way before any has sent its form to the end; that comes when so many were *refused*."""
    turned_away: list[int] = []
    enough = asyncio.Event()

    async def body(form: dict[str, str]) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.01)
        if refused:
            await enough.wait()
        yield urlencode({"grant_type": "client_credentials", "client_id": DAEMON, **GOOD, **form}).encode()

    async def send() -> Counter[int]:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        transport = httpx2.ASGITransport(app=app, client=(address, 5))
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:

            async def one(form: dict[str, str]) -> int:
                status = (await client.post(TOKEN, content=body(form))).status_code
                turned_away.extend([status] * (status == 429))
                if len(turned_away) >= refused:
                    enough.set()
                return status

            return Counter(await asyncio.wait_for(asyncio.gather(*map(one, forms)), timeout=60))

    return asyncio.run(send())


def test_guesses_at_one_client_at_once_are_no_more_than_one_after_another(app):
    assert all_at_once(app, [{"client_secret": f"guess {n}"} for n in range(40)]) == {401: 5, 429: 35}


def test_guesses_everywhere_at_once_are_no_more_than_one_after_another(app):
    unknown = [{"client_id": f"00000000-0000-4000-8000-{n:012d}"} for n in range(100)]
    assert all_at_once(app, unknown) == {400: 12, 429: 88}


def test_a_burst_that_succeeds_is_let_in_whole(app):
    assert all_at_once(app, [{}] * 60) == {200: 60}
    assert all_at_once(app, [{"client_secret": f"guess {n}"} for n in range(40)])[401] == 5  # nothing was left inside


def test_others_do_not_wait_for_a_crowd_elsewhere(app):
    assert all_at_once(app, [{}] * 12, address=NEIGHBOUR) == {200: 12}


def test_nobody_waits_for_ever_behind_requests_that_do_not_end(app, monkeypatch):
    monkeypatch.setattr(turnstile, "_PATIENCE", 0.05)
    assert all_at_once(app, [{}] * 20, refused=8) == {200: 12, 429: 8}
    assert all_at_once(app, [{}] * 20) == {200: 20}


# ---- an address ----


def exhaust(client: TestClient) -> None:
    for n in range(40):
        if guess(client, n, f"00000000-0000-4000-8000-{n:012d}").status_code == 429:
            return
    raise AssertionError("never throttled")


def test_an_address_that_guesses_everywhere_is_refused_everywhere(app, in_process):
    stranger = client_at(app, STRANGER)
    exhaust(stranger)
    page = stranger.get("/", headers={"accept": "text/html"})
    assert (page.status_code, int(page.headers["retry-after"]) >= 1) == (429, True)
    assert why.THROTTLED.aadsts in page.text
    assert "text/html" in page.headers["content-type"]
    assert page.headers["content-security-policy"]
    answer = stranger.get(f"/{COLORS}/v2.0/.well-known/openid-configuration")
    assert answer.json()["error_codes"] == [why.THROTTLED.code]
    assert client_at(app, NEIGHBOUR).get("/").status_code == 200
    in_process.clock.advance(60)
    assert stranger.get("/").status_code == 200


def test_wrong_passwords_on_the_page_count(app, in_process):
    stranger = client_at(app, STRANGER)
    browser, url = FormBrowser(stranger, ORIGIN), Seat(in_process).authorize_url()
    tried = 0
    while (page := browser.open(url)).status == 200:
        page = browser.submit(page, "username", username=f"user{tried}@colors.example")
        browser.submit(page, "passwd", passwd="wrong")
        tried += 1
    assert (page.status, tried) == (429, 12)


def test_an_ipv6_network_is_one_address(app):
    exhaust(client_at(app, "2001:db8:9:9::1"))
    assert client_at(app, "2001:db8:9:9:aaaa::2").get("/").status_code == 429
    assert client_at(app, "2001:db8:9:a::1").get("/").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8", "testclient"])
def test_this_machine_is_never_limited(app, address):
    here = client_at(app, address)
    assert {guess(here, n).status_code for n in range(30)} == {401}


def test_no_limit_means_none(in_process):
    app = application(in_process.platform.here, Exposure(("localhost",), limits=Limits(address=0, client=0)))
    stranger = client_at(app, STRANGER)
    assert {guess(stranger, n).status_code for n in range(30)} == {401}


def test_what_is_remembered_is_bounded(app, monkeypatch):
    monkeypatch.setattr(turnstile, "MOST", 3)
    exhaust(client_at(app, STRANGER))
    assert client_at(app, STRANGER).get("/").status_code == 429
    for n in range(4):
        client_at(app, f"198.51.100.{n}").get("/")
    assert client_at(app, STRANGER).get("/").status_code == 200  # forgotten before memory runs out


# ---- loops ----


def test_the_same_refused_request_again_and_again_is_a_loop(in_process):
    app = application(in_process.platform.here, Exposure(("localhost",), limits=Limits(address=10_000, client=10_000)))
    stranger = client_at(app, STRANGER)
    form = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": "nonsense"}
    codes = [stranger.post(TOKEN, data=form).json()["error_codes"][0] for _ in range(17)]
    assert codes == [why.MALFORMED_GRANT.code] * 15 + [why.LOOP_DETECTED.code] * 2
    assert reason_of(stranger.post(TOKEN, data=form))[:2] == (400, "invalid_grant")
    other = stranger.post(TOKEN, data={**form, "refresh_token": "other"})
    assert other.json()["error_codes"] == [why.MALFORMED_GRANT.code]
    in_process.clock.advance(300)
    assert stranger.post(TOKEN, data=form).json()["error_codes"] == [why.MALFORMED_GRANT.code]


def test_a_device_that_polls_is_no_loop(in_process):
    app = application(in_process.platform.here, Exposure(("localhost",), limits=Limits(address=10_000, client=10_000)))
    device = client_at(app, STRANGER)
    made = device.post(f"/{COLORS}/oauth2/v2.0/devicecode", data={"client_id": CLI, "scope": "openid"}).json()
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": CLI,
        "device_code": made["device_code"],
    }
    codes = set()
    for _ in range(20):
        in_process.clock.advance(made["interval"])
        codes.add(device.post(TOKEN, data=form).json()["error"])
    assert codes == {"authorization_pending"}


# ---- what MSAL makes of it ----


class ThroughTheApp:
    """What MSAL calls an http_client: the application in process, from an address that is not this machine's."""

    def __init__(self, client: TestClient) -> None:
        self._client, self.sent = client, 0

    def post(self, url, params=None, data=None, headers=None, **_):
        self.sent += 1
        body = data if isinstance(data, str) else urlencode(data or {})
        return self._client.post(
            url,
            params=params,
            content=body,
            headers={"content-type": "application/x-www-form-urlencoded", **(headers or {})},
        )

    def get(self, url, params=None, headers=None, **_):
        return self._client.get(url, params=params, headers=headers)

    def close(self) -> None:
        pass


def test_msal_says_so_and_stays_away_as_long_as_it_is_told(app):
    stranger = client_at(app, STRANGER)
    for n in range(5):
        guess(stranger, n)
    transport = ThroughTheApp(stranger)
    client = ConfidentialClientApplication(
        DAEMON,
        client_credential=GOOD["client_secret"],
        authority=f"{ORIGIN}/{COLORS}",
        instance_discovery=False,
        http_client=transport,
    )
    answers = [client.acquire_token_for_client([GOOD["scope"]]) for _ in range(3)]
    assert [answer["error_codes"] for answer in answers] == [[why.THROTTLED.code]] * 3
    assert transport.sent == 1  # the second and the third never left MSAL

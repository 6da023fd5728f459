"""One application under test with all that it talks to: its authority, an API, the store of its sessions, a clock."""

import base64
import json
import os
from collections.abc import Callable
from typing import Any, Protocol

from attrs import define, evolve, field, frozen

from entrada.client.authority import entra_authority
from entrada.client.flow import Call, Reply
from entrada.client.token_cache.port import Kept
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.web_settings import Api, WebSettings
from entrada.testing import FakeClock
from tests.web_sign_in.app_under_test import AppUnderTest, Asked, Seen
from tests.web_sign_in.authority import API, CLIENT, HOST, READ, SECRET, ActingAuthority, Answer, replied
from tests.web_sign_in.browser import Browser

KEY = "00" * 32


@define
class ActingApi:
    """The API downstream: colors for whoever may read, ink for whoever may write."""

    authority: ActingAuthority
    challenges: int = 0  # how many calls more are answered with a claims challenge
    asked: int = 0
    painted: list[str] = field(factory=list)

    def __call__(self, call: Call) -> Reply:
        self.asked += 1
        kind, _, token = call.headers["authorization"].partition(" ")
        known = self.authority.knows(token)
        assert kind == "Bearer"
        if known is None:
            return replied({"error": "invalid_token"}, 401)
        if self.challenges:
            self.challenges -= 1
            claims = base64.b64encode(json.dumps({"access_token": {"nbf": {"essential": True}}}).encode()).decode()
            said = f'Bearer error="insufficient_claims", claims="{claims}"'
            return evolve(replied({}, 401), headers={"www-authenticate": said})
        if call.url == f"{API}/paint":
            self.painted.append("paint")
        return replied({"colors": ["red", "green"]})


@frozen(kw_only=True)
class Making:
    """What an application is made of; a framework's maker turns it into one."""

    settings: WebSettings
    store: SessionStore
    clock: FakeClock
    call: Callable[[Call], Reply]


class Maker(Protocol):
    """Of one framework."""

    def store(self) -> SessionStore:
        """Where this framework's sessions rest when several processes share them."""
        ...

    def make(self, making: Making) -> AppUnderTest: ...


@define
class There:
    maker: Maker
    making: Making
    authority: ActingAuthority
    api: ActingApi
    app: AppUnderTest
    made: list[AppUnderTest]  # to be closed

    @property
    def clock(self) -> FakeClock:
        return self.authority.clock

    def browser(self, origin: str = "https://app.example") -> Browser:
        return Browser(self.app, origin)

    def leave(self, browser: Browser, seen: Seen, strip: str = "") -> str:
        """The authority's page that the browser is led to, over redirects of our own.  *strip*: what a proxy takes off."""
        for _ in range(4):
            assert seen.status in {302, 303}, (seen.status, seen.text)
            if seen.location.startswith(HOST):
                return seen.location
            assert seen.location.startswith("/"), seen.location
            seen = browser.open(seen.location.removeprefix(strip))
        raise AssertionError(f"round and round: {seen.location}")

    def begin(self, browser: Browser, path: str = "/reports") -> Answer:
        """As far as what the authority answers, which the browser has not brought back yet."""
        return self.authority.page(self.leave(browser, browser.open(path)))

    def sign_in(self, browser: Browser, path: str = "/reports") -> Seen:
        return browser.answer(self.begin(browser, path))

    def sign_out(self, browser: Browser, **fields: str) -> Seen:
        return browser.post("/auth/logout", fields)

    def again(self) -> "There":
        """The same after a restart: another process, the same store."""
        app = self.maker.make(self.making)
        self.made.append(app)
        return There(self.maker, self.making, self.authority, self.api, app, self.made)

    def forget_tokens(self, browser: Browser) -> None:
        """As if what keeps them were lost, and the session were not."""
        desk = Desk(self.making.settings, self.making.store, self.clock, os.urandom)
        found = desk.sessions.find(browser.sent("/")[f"__Host-{desk.cookie}"], self.clock())
        assert found
        desk.sessions.change(found, lambda session: evolve(session, kept=Kept()), self.clock())

    def together(self, browser: Browser, path: str, times: int) -> list[Seen]:
        asked = Asked(method="GET", origin=browser.origin, path=path, cookies=browser.sent(path), headers=NAVIGATES)
        return self.app.send_together([asked] * times)


NAVIGATES = {"accept": "text/html", "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}


@define
class Worlds:
    maker: Maker
    made: list[AppUnderTest] = field(factory=list)

    def make(self, *, segment: str = "organizations", **changes: Any) -> There:
        authority = ActingAuthority(segment=segment)
        api = ActingApi(authority)

        def call(call: Call) -> Reply:
            return (api if call.url.startswith(API) else authority)(call)

        settings = WebSettings(
            **{
                "authority": entra_authority(authority.url),
                "client_id": CLIENT,
                "client_secret": SECRET,
                "scopes": (READ,),
                "public_url": "https://app.example",
                "key": KEY,
                "apis": {"colors": Api(base_url=API, scopes=(READ,))},
                **changes,
            }
        )
        making = Making(settings=settings, store=self.maker.store(), clock=authority.clock, call=call)
        there = There(self.maker, making, authority, api, self.maker.make(making), self.made)
        self.made.append(there.app)
        return there

    def close(self) -> None:
        for app in self.made:
            app.close()

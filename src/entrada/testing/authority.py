"""A real authority in the process of a test: applications and browsers reach it without a network.

authority = in_process_authority()
auth = Entrada(authority.settings(), send=authority.send, clock=authority.clock)
... the application redirects to `location` ...
back = authority.sign_in(location, "ada@colors.example")    # what the browser opens next
"""

import asyncio
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

import httpx2
from attrs import define, field, frozen

from entrada.client.authority import entra_authority
from entrada.client.flow import Call, Reply
from entrada.client.transport import over_async
from entrada.client.web_sign_in.web_settings import WebSettings
from entrada.testing.in_process import ORIGIN, FakeClock, Platform, platform

PASSWORD: Final = "Entrada-dev-2026"  # of everybody in the development directory
_TENANT: Final = "c0105000-0000-4000-8000-000000000001"
_REPSYS: Final = "c0105000-0000-4000-8000-00000000e951"
_MOST_PAGES: Final = 12  # of one sign-in


@frozen
class InProcessAuthority:
    platform: Platform

    @property
    def clock(self) -> FakeClock:
        """It stands still until told; the application must go by it, or tokens are of another time."""
        return self.platform.clock

    def settings(self, **changes: object) -> WebSettings:
        """Those of repsys, a web application of the development directory."""
        return WebSettings.from_mapping(
            {
                "authority": entra_authority(f"{ORIGIN}/{_TENANT}"),
                "client_id": _REPSYS,
                "client_secret": "repsys-dev-secret",
                "public_url": "http://localhost:5000",
                **changes,
            }
        )

    def send(self, call: Call) -> Reply:
        """For `send=`, in Flask and Django."""
        return asyncio.run(self.send_async(call))

    async def send_async(self, call: Call) -> Reply:
        """For `send=`, in FastAPI."""
        async with self._client() as client:
            return await over_async(client)(call)

    def sign_in(self, url: str, username: str, password: str = PASSWORD) -> str:
        """Through the pages as a person would, consent included: where the browser is sent back to.

        For `response_mode` query, and from outside of an event loop.
        """
        return asyncio.run(self._signed_in(url, {"username": username, "passwd": password, "decision": "accept"}))

    async def _signed_in(self, url: str, typed: dict[str, str]) -> str:
        async with self._client() as browser:
            answer = await browser.get(url)
            for _ in range(_MOST_PAGES):
                here = str(answer.url)
                if answer.is_redirect:
                    there = urljoin(here, answer.headers["location"])
                    if not there.startswith(f"{ORIGIN}/"):
                        return there
                    answer = await browser.get(there)
                else:
                    action, fields = _filled_in(answer.text, typed)
                    answer = await browser.post(urljoin(here, action), data=fields)
        raise AssertionError(f"The sign-in does not end: {answer.url}")

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self.platform.app), base_url=ORIGIN)


def in_process_authority() -> InProcessAuthority:
    """From outside of an event loop; within one, `InProcessAuthority(await platform())`."""
    return InProcessAuthority(asyncio.run(platform()))


def _filled_in(page: str, typed: dict[str, str]) -> tuple[str, dict[str, str]]:
    reader = _Forms()
    reader.feed(page)
    for form in reader.forms:
        known = typed.keys() & (form.fields.keys() | form.buttons)
        if known:
            return form.action, {**form.fields, **{name: typed[name] for name in known}}
    raise AssertionError(f"The sign-in stops at a page with nothing to fill in: {page[:2000]}")


@define
class _Form:
    action: str
    fields: dict[str, str] = field(factory=dict[str, str])
    buttons: set[str] = field(factory=set[str])  # sent when pressed alone


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(has.get("action", "")))
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.add(has.get("name", ""))
        elif tag == "input" and self.forms and has.get("type") != "checkbox" and "name" in has:
            self.forms[-1].fields[has["name"]] = has.get("value", "")

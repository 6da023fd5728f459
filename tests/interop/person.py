"""Whoever sits at the browser that a client opens: signs in through the real pages, and brings the answer back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx2
from attrs import define, field

from tests.drivers.form_browser import FormBrowser, Page
from tests.drivers.live_server import LiveServer


@define
class Person:
    live: LiveServer
    username: str
    browser: FormBrowser = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.browser = self.live.browser()

    def answer(self, url: str) -> str:
        """Open *url*, do what the pages ask, and tell where the browser was sent (response modes query, fragment)."""
        self.browser = FormBrowser(self.browser.client, self.live.origin)  # the same cookies, sent nowhere yet
        page = self._through(url)
        assert self.browser.left_to is not None, f"{page.status} {page.url}: {page.text[:3000]}"
        return self.browser.left_to.removesuffix("#")  # an empty fragment never leaves the browser

    def fields(self, url: str) -> dict[str, str]:
        """The same, and what the answer says."""
        parts = urlsplit(self.answer(url))
        return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}

    def post_answer(self, url: str) -> None:
        """The same for response mode form_post: the form goes to the listener it names, as a browser's script would."""
        form = self._through(url).form_with("state")  # an error comes by the same form as a code
        answer = httpx2.post(form.action, data=form.fields, headers={"Origin": self.live.origin}, trust_env=False)
        assert answer.status_code == 200, answer.text

    def let_in(self, url: str, user_code: str, decision: str = "approve") -> None:
        """Type the code a device shows, sign in as far as it is asked, and decide."""
        page = self.browser.submit(self.browser.open(url), "user_code", user_code=user_code)
        page = self.browser.sign_in(page, self.username)
        done = self.browser.submit(page, "decision", decision=decision)
        assert done.status == 200, done.text[:3000]

    def _through(self, url: str) -> Page:
        page = self.browser.open(url)
        if 'name="account"' in page.text:  # nobody else uses this browser: the first account is this person's
            account = next(value for name, value in page.form_with("account").buttons if name == "account")
            page = self.browser.submit(page, "account", account=account)
        return self.browser.sign_in(page, self.username)


People = Callable[[str], Person]

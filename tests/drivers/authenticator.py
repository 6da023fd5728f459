"""A phone with an authenticator application in it, which reads what the page shows."""

from __future__ import annotations

import re

import pyotp
from attrs import define

from tests.drivers.form_browser import FormBrowser, Page


@define
class Authenticator:
    secret: str  # base32

    @classmethod
    def of(cls, html: str) -> Authenticator:
        """Typed from the page that sets it up."""
        found = re.search(r'class="setup-key"[^>]*><code>([A-Z2-7 ]+)</code>', html)
        assert found, html[:3000]
        return cls(found[1].replace(" ", ""))

    def code(self, now: int) -> str:
        return pyotp.TOTP(self.secret).at(now)

    def wrong_code(self, now: int) -> str:
        """One that is not right now, nor a moment before or after."""
        right = {self.code(now + offset) for offset in (-30, 0, 30)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def recovery_codes(html: str) -> list[str]:
    return re.findall(r"<code>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})</code>", html)


def set_up(browser: FormBrowser, page: Page, now: int) -> tuple[Authenticator, list[str], Page]:
    """Through the pages that set up an authenticator; the codes it was given, and the page that follows consent."""
    phone = Authenticator.of(page.text)
    page = browser.submit(page, "otc", otc=phone.code(now))
    codes = recovery_codes(page.text)
    assert codes, page.text[:3000]
    return phone, codes, browser.consent(browser.submit(page, "saved", saved="1"))

"""A browser without JavaScript: follows redirects, keeps cookies, fills in and submits forms.

It signs in through the real pages, so that a test which needs a token passes where a person would.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2
from attrs import define, field

PASSWORD = "Entrada-dev-2026"


@define
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(factory=dict)
    buttons: list[tuple[str, str]] = field(factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif tag == "input" and self.forms and "name" in has:
            if has.get("type") not in ("checkbox", "radio") or (has["type"] == "radio" and "checked" in has):
                self.forms[-1].fields[has["name"]] = has.get("value", "")
        elif tag == "textarea" and self.forms:
            self._area = has["name"]
            self.forms[-1].fields[self._area] = ""
        elif tag == "select" and self.forms:
            self._select = has["name"]
        elif tag == "option" and self._select:
            if "selected" in has or self._select not in self.forms[-1].fields:
                self.forms[-1].fields[self._select] = has.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((has.get("name", ""), has.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            fields = self.forms[-1].fields
            fields[self._area] = fields[self._area] + data if fields[self._area] else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


@define
class Page:
    url: str
    status: int
    text: str
    headers: httpx2.Headers

    @property
    def forms(self) -> list[Form]:
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def form_with(self, name: str) -> Form:
        """The form that holds a field or a button of that name."""
        for form in self.forms:
            if name in form.fields or any(button == name for button, _ in form.buttons):
                return form
        raise AssertionError(f"no form with {name} on {self.url}: {self.text[:3000]}")


def _leads_to(answer: httpx2.Response) -> str | None:
    if answer.is_redirect:
        return answer.headers["location"]
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', answer.text)
    return unescape(found[1]) if found else None


class FormBrowser:
    """*client* reaches the server; what leads elsewhere is not followed, and stands in `left_to`."""

    def __init__(self, client: httpx2.Client, origin: str) -> None:
        self.client, self.origin = client, origin
        self.left_to: str | None = None
        self.seen: list[str] = []

    def open(self, url: str) -> Page:
        return self._follow(self.client.get(url))

    def submit(self, page: Page, holding: str, **values: str) -> Page:
        form = page.form_with(holding)
        sent = {**form.fields, **values}
        url = urljoin(page.url, form.action)
        if not self._is_ours(url):
            self.left_to = url
            return Page(url, 0, "", httpx2.Headers())
        return self._follow(self.client.post(url, data=sent))

    def sign_in(self, page: Page, username: str, password: str = PASSWORD, **values: str) -> Page:
        """Through whichever of the user name and password pages are shown, and consent if it is asked for."""
        if 'id="username"' in page.text:
            page = self.submit(page, "username", username=username)
        if 'id="passwd"' in page.text:
            page = self.submit(page, "passwd", passwd=password, **values)
        return self.consent(page)

    def consent(self, page: Page) -> Page:
        """If it is asked for."""
        asked = page.status == 200 and 'value="accept"' in page.text
        return self.submit(page, "decision", decision="accept") if asked else page

    def enter_code(self, page: Page, code: str) -> Page:
        """On the page that asks for a second factor, and through consent if it is asked for."""
        return self.consent(self.submit(page, "otc", otc=code))

    def _follow(self, answer: httpx2.Response) -> Page:
        for _ in range(10):
            self.seen.append(str(answer.url))
            told = _leads_to(answer)
            if told is None:
                break
            target = urljoin(str(answer.url), told)
            if not self._is_ours(target):
                self.left_to = target
                break
            answer = self.client.get(target)
        return Page(str(answer.url), answer.status_code, answer.text, answer.headers)

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" == self.origin

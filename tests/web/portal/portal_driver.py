"""Somebody at the portal, in a browser without JavaScript."""

import html
import re

from attrs import define, field

from tests.drivers.form_browser import FormBrowser, Page
from tests.plugins.platforms import InProcess

ADA, BEN, CAI = "ada@colors.example", "ben@colors.example", "cai@colors.example"
EVA = "eva@petals.example"


@define
class AtThePortal:
    there: InProcess
    username: str = ADA
    browser: FormBrowser = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.browser = self.there.browser()
        self.home = self.browser.sign_in(self.browser.open("/portal"), self.username)

    home: Page = field(init=False)

    def open(self, path: str) -> Page:
        return self.browser.open(path)

    def send(self, path: str, action: str) -> Page:
        """The form of the page at *path* whose action ends so, as it stands there."""
        page = self.open(path)
        form = next(one for one in page.forms if one.action.endswith(action))
        return self.browser._follow(self.browser.client.post(form.action, data=form.fields))

    def csrf(self, page: Page) -> str:
        return next(form.fields["csrf"] for form in page.forms if "csrf" in form.fields)

    def area(self, page: Page, name: str) -> str:
        """What stands in a textarea."""
        found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
        assert found, page.text
        return html.unescape(found[1])

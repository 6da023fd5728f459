"""Somebody at the portal, in a browser without JavaScript."""

from attrs import define, field

from tests.drivers.form_browser import FormBrowser, Page
from tests.plugins.platforms import InProcess

ADA, BEN, EVA = "ada@colors.example", "ben@colors.example", "eva@petals.example"


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

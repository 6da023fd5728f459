"""Somebody at the console, in a browser without JavaScript."""

from attrs import define, field

from tests.drivers.form_browser import FormBrowser, Page
from tests.plugins.platforms import InProcess
from tests.web.portal.portal_driver import BEN


@define
class AtTheConsole:
    there: InProcess
    username: str = BEN
    browser: FormBrowser = field(init=False)
    home: Page = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.browser = self.there.browser()
        self.home = self.browser.sign_in(self.browser.open("/developer"), self.username)

    def open(self, path: str) -> Page:
        return self.browser.open(path)

    def press(self, page: Page, action: str, **values: str) -> Page:
        """Send the form of the page whose action ends so, with these values."""
        form = next(one for one in page.forms if one.action.endswith(action))
        return self.browser._follow(self.browser.client.post(form.action, data={**form.fields, **values}))

    @property
    def cookies(self) -> dict[str, str]:
        return {one.name: one.value or "" for one in self.browser.client.cookies.jar}

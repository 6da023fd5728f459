"""The pages as the server renders them: safe whatever people call themselves, and usable by keyboard without JavaScript."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.account_contexts import ACCOUNT_PAGES
from tests.browser.page_contexts import EVERYDAY, PAGES, REPSYS_PAGES
from tests.browser.page_rendering import ACCOUNT, IDENTITY, REPSYS, Site, render
from tests.browser.preview_pages import CHROMIUM_ARGS, ORIGIN, answer

VARIANTS = [
    pytest.param(site, template, context, id=f"{site.name} {template} {name}")
    for site, pages in ((IDENTITY, PAGES), (ACCOUNT, ACCOUNT_PAGES), (REPSYS, REPSYS_PAGES))
    for template, contexts in pages.items()
    for name, context in contexts.items()
]
NAMES_BRING = {"b", "img"}  # elements that the nasty contexts try to bring in, and no template uses


class Elements(HTMLParser):
    """Every element with its attributes, in document order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("site", [IDENTITY, ACCOUNT, REPSYS], ids=lambda site: site.name)
def test_every_template_is_shown_here(site: Site):
    pages = {"identity": PAGES, "account": ACCOUNT_PAGES, "repsys": REPSYS_PAGES}[site.name]
    templates = {file.name for file in site.templates.glob("[!_]*.html")} - {"page.html"}
    assert templates == set(pages)


@pytest.mark.parametrize(("site", "template", "context"), VARIANTS)
def test_the_strictest_policy_has_nothing_to_block(site, template, context):
    for tag, attributes in Elements(render(site, template, context)).found:
        assert tag not in NAMES_BRING or attributes.get("src") == context.get("qr_code", "")
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or (template == "form_post.html" and attributes == {"nonce": context["nonce"]})
        assert not (attributes.get("href") or "").startswith("javascript:")


@pytest.mark.parametrize(("site", "template", "context"), VARIANTS)
def test_one_heading_names_the_page_and_every_field_has_a_label(site, template, context):
    found = Elements(render(site, template, context)).found
    labels = {attributes.get("for") for tag, attributes in found if tag == "label"}
    assert [tag for tag, _ in found].count("h1") == 1
    assert {
        attributes["id"]
        for tag, attributes in found
        if tag == "input" and attributes.get("type") != "hidden" and attributes.get("aria-hidden") != "true"
    } <= labels


@pytest.mark.parametrize(("site", "template", "context"), VARIANTS)
def test_every_form_carries_the_hidden_inputs(site, template, context):
    found = Elements(render(site, template, context)).found
    posting = [a for tag, a in found if tag == "form" and a.get("method") == "post"]
    for name, value in context.get("fields" if template == "form_post.html" else "hidden", []):
        carried = [a for tag, a in found if tag == "input" and a.get("name") == name and a.get("type") == "hidden"]
        assert [a["value"] for a in carried] == [value] * len(posting)


def test_signing_out_goes_on_to_the_application_without_a_script():
    html = render(
        IDENTITY,
        "signed_out.html",
        {**PAGES["signed_out.html"]["everyday"], "return_url": "https://app.example/?a=1&b='"},
    )
    refresh = [a["content"] for tag, a in Elements(html).found if a.get("http-equiv") == "refresh"]
    assert refresh == ["0; url=https://app.example/?a=1&b='"]
    assert ("a", {"class": "button", "href": "https://app.example/?a=1&b='"}) in Elements(html).found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def posted() -> list[dict[str, str]]:
    return []


def opened(
    browser: Browser, template: str, context: dict[str, object], posted: list[dict[str, str]], *, scripts: bool
) -> Page:
    page = browser.new_context(java_script_enabled=scripts).new_page()

    def remember(request: Request) -> None:
        if request.method == "POST":
            posted.append(dict(parse_qsl(request.post_data or "", keep_blank_values=True)))

    page.on("request", remember)
    page.route("**/*", lambda route: answer(route, {"/page": render(IDENTITY, template, context)}))
    page.goto(f"{ORIGIN}/page", wait_until="commit")  # a page that posts itself is never said to have loaded
    for field in page.locator("[autofocus]").all():
        expect(field).to_be_focused()
    return page


# fmt: off
KEYS = [  # the page, what is pressed, what the form says
    pytest.param("username.html", "everyday", ["ben@colors.example", "Enter"], {"username": "ben@colors.example"}, id="Enter after the user name goes on"),
    pytest.param("username.html", "everyday", ["Tab", "Tab", "Enter"], {"username": "", "cancel": "1"}, id="an empty user name does not stop Cancel"),
    pytest.param("password.html", "everyday", ["secret", "Enter"], {"username": "ben@colors.example", "passwd": "secret"}, id="Enter after the password signs in, and asks for no other account"),
    pytest.param("password.html", "everyday", ["secret", "Tab", "Space", "Tab", "Enter"], {"username": "ben@colors.example", "passwd": "secret", "keep": "1"}, id="stay signed in"),
    pytest.param("password.html", "everyday", ["Shift+Tab", "Enter"], {"other": "1"}, id="another account instead"),
    pytest.param("account_picker.html", "everyday", ["Tab", "Tab", "Enter"], {"account": "b1"}, id="the second account"),
    pytest.param("account_picker.html", "everyday", ["Tab", "Tab", "Tab", "Tab", "Enter"], {"account": ""}, id="an account not listed"),
    pytest.param("consent.html", "admin", ["Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Enter"], {"decision": "accept"}, id="accept is the last stop"),
    pytest.param("consent.html", "everyone", ["Tab", "Tab", "Tab", "Tab", "Space", "Tab", "Tab", "Tab", "Enter"], {"on_behalf": "1", "decision": "accept"}, id="accept for everyone"),
    pytest.param("consent.html", "everyone", ["Tab", "Tab", "Tab", "Tab", "Space", "Enter"], {"on_behalf": "1", "decision": "cancel"}, id="Enter in the checkbox never consents"),
    pytest.param("device_code.html", "everyday", ["bcd fgh jkl", "Enter"], {"user_code": "bcd fgh jkl"}, id="Enter after the code goes on"),
    pytest.param("device_confirm.html", "everyday", ["Tab", "Tab", "Enter"], {"decision": "decline"}, id="turning a device away comes first"),
    pytest.param("device_confirm.html", "everyday", ["Tab", "Tab", "Tab", "Enter"], {"decision": "approve"}, id="letting a device in is the last stop"),
    pytest.param("sign_out.html", "everyday", ["Tab", "Tab", "Tab", "Enter"], {"all": "1"}, id="sign out of all"),
]
# fmt: on


@pytest.mark.browser
@pytest.mark.parametrize(("template", "name", "keys", "says"), KEYS)
def test_keys_alone_are_enough(chromium, posted, template, name, keys, says):
    page = opened(chromium, template, PAGES[template][name], posted, scripts=False)
    with page.expect_request(lambda request: request.method == "POST"):
        for key in keys:
            if key in {"Enter", "Tab", "Shift+Tab", "Space"}:
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)
    page.context.close()
    assert posted == [{**dict(EVERYDAY["hidden"]), **says}]


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["by itself", "without JavaScript, by its button"])
def test_an_answer_by_form_is_posted(chromium, posted, scripts):
    page = opened(chromium, "form_post.html", PAGES["form_post.html"]["everyday"], posted, scripts=scripts)
    if not scripts:
        page.get_by_role("button", name="Continue").click()
    page.wait_for_timeout(500)
    page.context.close()
    assert posted == [{"code": "1.AAA", "submit": "x\r\n\"'<", "state": "s"}]

"""Shows every page with everyday and with nasty contents: `python -m tests.browser.preview_pages FOLDER`.

Writes static HTML and screenshots (light, dark, 320 px) into FOLDER and complains about sideways scrolling, anything
the strict Content-Security-Policy blocks, and, when given axe-core's file by --axe, any accessibility violation.
"""
# ruff: noqa: T201 - it is run by hand, and says what it found

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

from tests.browser.account_contexts import ACCOUNT_PAGES
from tests.browser.page_contexts import PAGES, REPSYS_PAGES, Context
from tests.browser.page_rendering import ACCOUNT, IDENTITY, REPSYS, Site, render

ORIGIN = "http://preview.localhost"
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'nonce-preview'; form-action 'self'; "
    "frame-src http://app.localhost; frame-ancestors 'none'; base-uri 'none'"
)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    "narrow-dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "reduced_motion": "reduce"},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}


def every_page() -> Iterator[tuple[Site, str, str, Context]]:
    for site, pages in ((IDENTITY, PAGES), (ACCOUNT, ACCOUNT_PAGES), (REPSYS, REPSYS_PAGES)):
        for template, contexts in pages.items():
            for name, context in contexts.items():
                yield site, template, f"{site.name}-{template.removesuffix('.html')}-{name}", context


def answer(route: Route, html: dict[str, str]) -> None:
    """Serve the page, its stylesheet and icon as the server would; refuse everything else."""
    if route.request.method == "POST":
        route.fulfill(status=204)  # the browser stays on the page that posted
        return
    path = urlsplit(route.request.url).path
    if path in html:
        body, suffix = html[path], ".html"
    else:
        site = IDENTITY if path.startswith(IDENTITY.static) else REPSYS
        file = site.static_folder / Path(path).name
        if not file.is_file():
            route.abort()
            return
        body, suffix = file.read_text(), file.suffix
    route.fulfill(body=body, headers={"Content-Type": MEDIA_TYPES[suffix], "Content-Security-Policy": CSP})


def complaints(page: Page, axe: str | None) -> Iterator[str]:
    width, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if width > room:
        yield f"scrolls sideways: {width} px in {room}"
    if axe:
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        for violation in found["violations"]:
            yield f"{violation['id']}: {json.dumps([node['html'] for node in violation['nodes']])[:400]}"


def show(browser: Browser, folder: Path, view: str, axe: str | None) -> int:
    """Visit every page in one view; answers how many complaints there were."""
    html = {f"/{name}": render(site, template, context) for site, template, name, context in every_page()}
    context = browser.new_context(**VIEWS[view])
    context.route("**/*", lambda route: answer(route, html))
    count = 0
    for path, text in html.items():
        name = path.removeprefix("/")
        (folder / f"{name}.html").write_text(text)
        page = context.new_page()
        said: list[str] = []

        def hear(message: ConsoleMessage, said: list[str] = said) -> None:
            if "Content Security Policy" in message.text:
                said.append(message.text)

        page.on("console", hear)
        posts_itself = "form_post" in name  # such a page is never said to have loaded, and shows its button late
        page.goto(ORIGIN + path, wait_until="commit" if posts_itself else "load")
        page.wait_for_timeout(1500 if posts_itself else 50)
        for summary in page.locator("details:not([open]) > summary").all()[:1]:
            summary.click()
        said.extend(complaints(page, axe))
        page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
        for complaint in said:
            print(f"{name} ({view}): {complaint}")
        count += len(said)
        page.close()
    context.close()
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--axe", type=Path, help="axe-core's axe.min.js")
    parser.add_argument("--view", action="append", choices=list(VIEWS), help="only these views")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    axe = options.axe.read_text() if options.axe else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_ARGS)
        count = sum(show(browser, options.folder, view, axe) for view in options.view or VIEWS)
        browser.close()
    print(f"{count} complaints")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())

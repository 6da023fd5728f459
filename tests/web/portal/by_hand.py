"""Posting to the portal what no page may have offered, and finding what came of it."""

import asyncio
import html
import re
from typing import Any

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.user import User
from tests.drivers.form_browser import Page
from tests.drivers.live_server import COLORS
from tests.plugins.platforms import InProcess
from tests.web.portal.portal_driver import AtThePortal

TENANT = TenantId(COLORS)


def post(at: AtThePortal, path: str, /, *, files: Any = None, **fields: Any) -> Page:
    """As a form of the portal's own would send it."""
    sent = {"csrf": at.csrf(at.home), **fields}
    return at.browser._follow(at.browser.client.post(path, data=sent, files=files))


def said(page: Page) -> str:
    """What the page tells was done, or what was wrong."""
    found = re.search(
        r'<p class="note note-tip" role="status">(.*?)</p>|role="alert">\s*<p>(.*?)</p>', page.text, re.DOTALL
    )
    return html.unescape(re.sub(r"<[^>]+>", "", found[1] or found[2])) if found else ""


def latest(there: InProcess) -> str:
    """The activity that the audit log told last."""
    query = Query(order=Order("at", descending=True), top=1)
    page = asyncio.run(there.platform.here.store.list_page(DirectoryAudit, TENANT, query))
    return page.items[0].activity if page.items else ""


def user(there: InProcess, user_id: str) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TENANT, UserId(user_id)))
    assert found is not None
    return found

"""Ask for a form that another site posted once more, by GET: then the browser brings its cookie.

Such a form brings no Lax cookie, so the browser looks new and would get another secret, which would spoil the pages
that it has open in other tabs.
"""

from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.protocol.parameters import Parameters
from entrada.server.usecases.browser import Browser
from entrada.server.web.http.pages import HEADERS

_LONGEST_URL: Final = 4096


def ask_again(request: Request, parameters: Parameters, browser: Browser) -> Response | None:
    """None where the browser is known already, or the request is too long for a URL."""
    if request.method != "POST" or not browser.is_new:
        return None
    query = urlencode(list(parameters.items()), quote_via=quote)
    return RedirectResponse(f"{request.url.path}?{query}", 303, HEADERS) if len(query) <= _LONGEST_URL else None

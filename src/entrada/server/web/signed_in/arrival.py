"""How somebody comes to our pages: to the sign-in and back, by forms of our own pages alone, and told what was done."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.portal_session import PortalSession, pack_portal_notice, unpack_portal_notice
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.signed_in.form import Form, read_portal_form
from entrada.server.web.signed_in.session import is_ours

SIGN_IN: Final = "/portal/signin"
SIGN_OUT: Final = "/portal/signout"
_NOTICE: Final = "done"
_NOTICE_FOR: Final = Seconds(5 * 60)
_OURS: Final = frozenset({"same-origin", "none"})


def sign_in_path(asked: Mapping[str, str], tenant_id: TenantId | None) -> str:
    """*tenant_id*: of the directory to sign in to, where it is not simply the person's own."""
    query = urlencode({**asked, **({"tenant": tenant_id} if tenant_id else {})})
    return f"{SIGN_IN}?{query}" if query else SIGN_IN


def to_sign_in(request: Request, tenant_id: TenantId | None) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={**HEADERS, "HX-Refresh": "true"})
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(sign_in_path({"return_to": path}, tenant_id), 302, HEADERS)


async def session_over(site: Site, request: Request, asked: Mapping[str, str], tenant_id: TenantId | None) -> Response:
    """With what was typed, to copy; a form of somebody else's page is not read."""
    ours = request.headers.get("sec-fetch-site") == "same-origin"
    form = await read_portal_form(request) if ours else None
    typed = form.typed if isinstance(form, Form) else ()
    context = {"link": sign_in_path(asked, tenant_id), "typed": typed}
    return site.pages.render("portal/session_over.html", context, status=401)


def is_from_our_page(request: Request, session: PortalSession, form: Form) -> bool:
    sent_by = request.headers.get("sec-fetch-site", "same-origin")
    return sent_by in _OURS and is_ours(session, form.get("csrf"))


def telling(here: Installation, session: PortalSession, path: str, said: str, query: Mapping[str, str]) -> Response:
    """To *path*, which says what was done."""
    told = dict(query)
    if said:
        told[_NOTICE] = here.seal(pack_portal_notice(session, said, here.clock()), purpose=purposes.PORTAL_NOTICE)
    return RedirectResponse(f"{path}?{urlencode(told)}" if told else path, 303, HEADERS)


def notice(here: Installation, session: PortalSession, request: Request) -> str | None:
    sealed = request.query_params.get(_NOTICE)
    if not sealed:
        return None
    try:
        opened = here.open(sealed, purpose=purposes.PORTAL_NOTICE, lifetime=_NOTICE_FOR)
        told = unpack_portal_notice(opened.payload, session)
    except (NotSealed, ValueError):
        return None
    return told[1] if told is not None and here.clock() - told[0] <= _NOTICE_FOR else None

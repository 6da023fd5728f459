"""Sign somebody in to see their own account: the pages of any sign-in, on no application's behalf."""

from collections.abc import Iterator
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.audience import Global
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.usecases.authorize import advance
from entrada.server.web.http.form import read_query
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity.error_page import error_page
from entrada.server.web.identity.present import present
from entrada.server.web.identity.scene import Scene

_LONGEST_NAME: Final = 256
_OFFERED: Final[dict[str, frozenset[str]]] = {
    "prompt": frozenset({Prompt.LOGIN, Prompt.SELECT_ACCOUNT}),
    "acr_values": frozenset({"mfa"}),
}


async def sign_in_to_account(site: Site, request: Request) -> Response:
    trace, query = trace_of(site.here, request), read_query(request)
    if isinstance(query, Refusal):
        return error_page(site, query, trace)
    browser = site.cookies.read(site.here, request)
    interaction = Interaction(
        segment=Global.COMMON,
        version=Version.V2,
        parameters=Parameters({"client_id": str(MY_ACCOUNT.app_id), **dict(_asked(query))}),
        browser=browser.digest,
        correlation_id=trace.correlation_id,
        progress=Progress(started_at=trace.at, replacing=query.get("replace") == "authenticator"),
        errand=Errand.ACCOUNT,
    )
    scene = Scene(site=site, interaction=interaction, arrived=browser, browser=browser, trace=trace, after_post=False)
    return await present(scene, await advance(site.here, interaction, browser))


def _asked(query: Parameters) -> Iterator[tuple[str, str]]:
    """What the account pages ask for; anybody may write such a link, and nothing else is taken from it."""
    for name, offered in _OFFERED.items():
        value = query.get(name)
        if value is not None and value in offered:
            yield name, value
    hint = query.get("login_hint")
    if hint is not None and len(hint) <= _LONGEST_NAME:
        yield "login_hint", hint

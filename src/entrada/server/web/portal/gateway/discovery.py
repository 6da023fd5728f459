"""The endpoints that an issuer publishes, fetched to fill in a form.  OpenID Connect Discovery 1.0, section 4."""

from typing import Final

from attrs import frozen

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.url import web_url
from entrada.server.egress.answers import NotFetched
from entrada.server.web.portal.gateway.desk import Desk

WELL_KNOWN: Final = "/.well-known/openid-configuration"
FIELD: Final = "discovery"
_NAMES: Final = ("authorization_endpoint", "token_endpoint")


@frozen(kw_only=True)
class Discovered:
    authorization_endpoint: str
    token_endpoint: str


async def discovered(desk: Desk, url: str) -> Discovered | Problem:
    """*url* is an issuer's, or that of its document.  For whoever may save what comes of it."""
    refused = may(desk.actor, Operation.CHANGE_GATEWAY)
    if refused is not None:
        return refused
    if web_url(url) is None:
        return bad("Write the URL of an issuer, or of its discovery document.", FIELD)
    asked = url if url.endswith(WELL_KNOWN) else url.rstrip("/") + WELL_KNOWN
    try:
        document = await desk.here.egress.fetch_json(asked)
    except NotFetched as error:
        return bad(f"Nothing could be read from {asked}: {error}.", FIELD)
    found = [document.get(name) for name in _NAMES]
    if not all(isinstance(one, str) and web_url(one) is not None for one in found):
        return bad(f"{asked} names no authorization endpoint and token endpoint.", FIELD)
    return Discovered(authorization_endpoint=str(found[0]), token_endpoint=str(found[1]))

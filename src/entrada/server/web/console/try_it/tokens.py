"""Get a token from an authorization server, as its client; what it refuses, in words that say what to change."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from attrs import evolve, frozen

from entrada.client.errors import AuthorityRefused, EntradaError
from entrada.client.flow import Reply
from entrada.client.grants.refusal import refusal, said
from entrada.client.grants.token_endpoint import Grant, Granted
from entrada.client.grants.token_endpoint import read as read_answer
from entrada.core.gateway.console.explained import who
from entrada.core.gateway.console.signers import CODE, Signer
from entrada.core.gateway.console.token_request import WELL_KNOWN, TokenCall, for_refresh, is_issuer_of
from entrada.core.gateway.entities.url import web_url
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts.console_keep import KeptToken
from entrada.server.egress.answers import NotFetched
from entrada.server.web.console.door import Developer
from entrada.server.web.console.try_it import way_out

RENEWED_BEFORE: Final = Seconds(60)
_WHAT_TO_CHANGE: Final[Mapping[int, str]] = {  # of the console itself, beside what the catalogue of errors says
    50011: "Register this redirect URI with the client application, as platform Web: {redirect_uri}",
    65001: "Somebody has to consent: sign in again, or let an administrator grant consent on API permissions.",
    90014: "Give the authorization server a default scope: api://{{API}}/{{Scope}}.",
    900144: "Give the authorization server a default scope: api://{{API}}/{{Scope}}.",
    650053: "Write the default scope in full, api://{{API}}/{{Scope}}: a short name is one of Microsoft Graph.",
    1002012: "For the application itself the scope is the API's identifier and /.default.",
    7000215: "Make a new secret in the client application; its value, not its id, goes into the authorization server.",
    7000218: "The client application wants its secret: put it into the authorization server.",
    9002327: "Register the redirect URI as platform Web, not as a single-page application.",
}


@frozen
class NoToken:
    """*words*: what happened, and what to change."""

    words: tuple[str, ...]


MOVED: Final = NoToken(
    (
        "The authorization server has another token endpoint now: what the one before gave is not sent to it.",
        "The token is forgotten. Get a new one.",
    )
)


async def located(developer: Developer, signer: Signer) -> Signer | NoToken:
    """With the endpoints that a provider's discovery document names."""
    if not signer.metadata_endpoint:
        return signer
    try:
        document = await way_out.get_json(developer, signer.metadata_endpoint)
    except NotFetched as error:
        return NoToken(
            (f"The discovery document of {signer.display_name} cannot be had{way_out.why(developer, error)}.",)
        )
    named = {name: document.get(name) for name in ("issuer", "authorization_endpoint", "token_endpoint")}
    texts = {name: value for name, value in named.items() if isinstance(value, str) and web_url(value)}
    if len(texts) < len(named):
        return NoToken((f"The discovery document of {signer.display_name} names no endpoints that can be used.",))
    if not way_out.is_own(developer, signer.metadata_endpoint) and not is_issuer_of(
        signer.metadata_endpoint, texts["issuer"]
    ):
        return NoToken(_another_issuer(signer, texts["issuer"]))
    # A template (`{tenantid}`) names nobody: then the origin is compared.
    issuer = "" if "{" in texts["issuer"] else texts["issuer"]
    return evolve(
        signer,
        issuer=issuer,
        authorization_endpoint=texts["authorization_endpoint"],
        token_endpoint=texts["token_endpoint"],
    )


def _another_issuer(signer: Signer, issuer: str) -> tuple[str, ...]:
    return (
        f"The discovery document of {signer.display_name} is of another issuer, {issuer}. Nothing was sent to it.",
        f"Let the provider's metadata endpoint, in the portal, be {issuer.rstrip('/')}{WELL_KNOWN}.",
    )


async def ask(developer: Developer, signer: Signer, call: TokenCall, scope: str) -> Granted | NoToken:
    try:
        sent = await way_out.post(developer, call.url, call.headers, call.body)
    except NotFetched as error:
        host, why = urlsplit(call.url).netloc, way_out.why(developer, error)
        return NoToken(
            (
                f"The token endpoint at {host} cannot be asked{why}.",
                "Check its URL, in the portal.",
            )
        )
    headers = {name.lower(): value for name, value in sent.headers}
    reply = Reply(status=sent.status, body=sent.body, headers=headers)
    try:
        return read_answer(reply, Grant(form={}, scopes=tuple(scope.split())), developer.here.clock())
    except AuthorityRefused as error:
        return _refused(developer, signer, error)
    except EntradaError as error:
        return NoToken(tuple(one for one in (error.message, error.advice) if one))


def kept(developer: Developer, signer: Signer, way: str, scope: str, granted: Granted) -> KeptToken:
    access = granted.access
    return KeptToken(
        secret=developer.visitor.session.secret,
        signer=signer.key,
        way=way,
        access=access.value,
        refresh=granted.refresh_token or "",
        scope=" ".join(sorted(access.scopes)),
        asked=scope,
        expires_at=access.expires_at,
        who=who(granted.id_token or "", access.value),
        token_endpoint=signer.token_endpoint,
    )


async def renewed(developer: Developer, signer: Signer, token: KeptToken) -> KeptToken | NoToken:
    found = await located(developer, signer)
    if isinstance(found, NoToken):
        return found
    if found.token_endpoint != token.token_endpoint:
        return MOVED
    granted = await ask(developer, found, for_refresh(found, token.asked, token.refresh), token.asked)
    if isinstance(granted, NoToken):
        return granted
    new = kept(developer, found, CODE, token.asked, granted)
    return KeptToken(
        secret=new.secret,
        signer=new.signer,
        way=token.way,
        access=new.access,
        refresh=new.refresh or token.refresh,
        scope=new.scope,
        asked=token.asked,
        expires_at=new.expires_at,
        who=new.who or token.who,
        token_endpoint=new.token_endpoint,
    )


def refused_in_words(developer: Developer, signer: Signer, members: Mapping[str, object]) -> NoToken:
    """An error that came by the browser."""
    return _refused(developer, signer, refusal(said(members), ()))


def redirect_uri(developer: Developer, signer: Signer) -> str:
    return developer.here.origin + signer.redirect_path


def _refused(developer: Developer, signer: Signer, error: AuthorityRefused) -> NoToken:
    ours = _WHAT_TO_CHANGE.get(error.said.aadsts or 0, "").format(redirect_uri=redirect_uri(developer, signer))
    ids = [
        f"{name}: {value}"
        for name, value in (("Trace ID", error.said.trace_id), ("Correlation ID", error.said.correlation_id))
        if value
    ]
    return NoToken(tuple(one for one in (error.message, ours or error.advice, ", ".join(ids)) if one))

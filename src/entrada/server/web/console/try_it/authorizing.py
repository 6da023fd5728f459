"""Sign the developer in by the code flow, and back to the same form.  RFC 6749 §4.1; RFC 9700 §2.1, §4.4, §4.5, §4.7.

The answer is taken in the browser's session that asked, for the server that was asked, once: by state, by the path it
comes back to, by `iss` where it is sent (RFC 9207), by the nonce of an ID token, and by PKCE at the token endpoint.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.explained import issuer_of, nonce_of
from entrada.core.gateway.console.signers import CODE, Signer, signers
from entrada.core.gateway.console.token_request import (
    Asking,
    authorization_url,
    for_code,
    is_of_this_issuer,
)
from entrada.core.gateway.console.visible import find_operation, find_visible_api
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.console_keep import KeptAsking, KeptDraft, KeptToken
from entrada.server.web.console.catalogue import path_of
from entrada.server.web.console.door import Developer, page, problem_page
from entrada.server.web.console.try_it import keeping, tokens
from entrada.server.web.console.try_it.bench import Bench
from entrada.server.web.console.try_it.filling import to_keep
from entrada.server.web.console.try_it.tokens import NoToken
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.signed_in.form import Form

GO: Final = f"{CONSOLE}/signin"
_LIFETIME: Final = 60 * 60
_SECRET_BYTES: Final = 32
_ONCE: Final = frozenset({"code", "state", "error", "iss"})
NOT_OURS: Final = (
    "This browser has not begun that sign-in in this session, or has begun another since.",
    "Choose the authorization again, and stay in this browser until you are back.",
)
MIXED_UP: Final = (
    "The answer names another authorization server than the one that was asked. Nothing was sent to either.",
    "Look at the endpoints of the authorization server in the portal: they must all belong to one server.",
)


@frozen
class Landed:
    """Where the browser goes on: the page of the operation that the sign-in was begun on."""

    path: str
    answer: KeptToken | NoToken


async def begin(bench: Bench, form: Form, pairs: tuple[tuple[str, str], ...], prompt: str) -> Response | NoToken:
    """To the authorization server; NoToken where that cannot be."""
    chosen = bench.chosen(form)
    if chosen is None:
        return NoToken(("Choose an authorization first.",))
    visitor, here = bench.developer.visitor, bench.developer.here
    signer = await tokens.located(bench.developer, chosen[0])
    if isinstance(signer, NoToken):
        return signer
    state, nonce, verifier = (base64url.encode(here.entropy(_SECRET_BYTES)) for _ in range(3))
    asking = Asking(state=state, nonce=nonce, verifier=verifier, scope=signer.scope_for(CODE, form.get("scope")))
    answer = RedirectResponse(GO, 303, HEADERS)
    draft = KeptDraft(visitor.session.secret, bench.api.id, bench.operation.id, to_keep(pairs))
    if not keeping.keep(visitor, answer, draft):
        return NoToken(
            (
                "What you have typed is too large to be kept while you are away.",
                "Shorten the body, sign in, and put it back then: the token is kept.",
            )
        )
    asked = KeptAsking(
        secret=visitor.session.secret,
        state=state,
        nonce=nonce,
        verifier=verifier,
        signer=signer.key,
        api=bench.api.id,
        operation=bench.operation.id,
        scope=asking.scope,
        started_at=here.clock(),
        target=authorization_url(signer, asking, tokens.redirect_uri(bench.developer, signer), prompt),
    )
    return answer if keeping.keep(visitor, answer, asked) else NoToken(("The scope is too long.",))


async def go(developer: Developer) -> Response:
    """On to the authorization server, from a page: what follows a form is held to its `form-action` all the way.

    So the server may be anywhere, and lead on to others; the address is what was sealed, none that a query could name.
    """
    asked = keeping.read(developer.visitor, KeptAsking)
    if asked is None:
        return problem_page(
            developer.visitor, Problem(status=400, code="Request_BadRequest", message=" ".join(NOT_OURS))
        )
    host = urlsplit(asked.target).netloc
    return page(developer.visitor, "console/going.html", title="On to the sign-in", target=asked.target, host=host)


async def land(developer: Developer) -> Landed | NoToken:
    """The answer of the authorization server; NoToken alone where nobody knows what it answers."""
    visitor, asked = developer.visitor, keeping.read(developer.visitor, KeptAsking)
    query = visitor.request.query_params
    doubled = any(len(query.getlist(name)) > 1 for name in _ONCE)
    if asked is None or doubled or not _is_answer(asked, query.get("state", ""), developer.here.clock()):
        return NoToken(NOT_OURS)
    api = find_visible_api(developer.configuration, asked.api, visitor.user.id, developer.here.clock())
    operation = find_operation(developer.configuration, api, asked.operation) if api is not None else None
    if api is None or operation is None:
        return NoToken(("The API or the operation is gone meanwhile.",))
    known = (one for one in signers(developer.configuration, api) if one.key == asked.signer)
    signer = next((one for one in known if one.redirect_path == visitor.request.url.path), None)
    path = path_of(api, operation)
    if signer is None:
        return Landed(path, NoToken(MIXED_UP))
    return Landed(path, await _token(developer, signer, asked))


def _is_answer(asked: KeptAsking, state: str, now: NumericDate) -> bool:
    in_time = 0 <= now - asked.started_at < _LIFETIME
    return in_time and hmac.compare_digest(asked.state.encode(), state.encode())


async def _token(developer: Developer, known: Signer, asked: KeptAsking) -> KeptToken | NoToken:
    query = developer.visitor.request.query_params
    signer = await tokens.located(developer, known)
    if isinstance(signer, NoToken):
        return signer
    issuer, code = query.get("iss"), query.get("code", "")
    if issuer is not None and not is_of_this_issuer(signer, issuer):
        return NoToken(MIXED_UP)
    if "error" in query:
        return tokens.refused_in_words(developer, signer, dict(query))
    if not code or not code.isascii() or not code.isprintable():
        return NoToken(("The authorization server answered with neither a code nor an error.",))
    asking = Asking(state=asked.state, nonce=asked.nonce, verifier=asked.verifier, scope=asked.scope)
    call = for_code(signer, asking, tokens.redirect_uri(developer, signer), code)
    granted = await tokens.ask(developer, signer, call, asked.scope)
    if isinstance(granted, NoToken):
        return granted
    if granted.id_token is not None and not _belongs(granted.id_token, asked, issuer):
        return NoToken(("The ID token was not made for this sign-in: its nonce or issuer is another.",))
    return tokens.kept(developer, signer, CODE, asked.scope, granted)


def _belongs(id_token: str, asked: KeptAsking, issuer: str | None) -> bool:
    """A code that somebody else's browser got (RFC 9700 §4.5) brings another nonce."""
    nonce = nonce_of(id_token)
    fits = nonce is None or hmac.compare_digest(nonce.encode(), asked.nonce.encode())
    return fits and (issuer is None or issuer_of(id_token) == issuer)

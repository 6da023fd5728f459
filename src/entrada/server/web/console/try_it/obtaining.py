"""Press a button for a token: begin a sign-in, ask for one of the application itself, renew, forget."""

from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.gateway.console.signers import CODE, PASSWORD, Signer
from entrada.core.gateway.console.token_request import for_itself, for_password
from entrada.core.protocol.artefacts.console_keep import KeptToken
from entrada.server.web.console.try_it import authorizing, keeping, tokens
from entrada.server.web.console.try_it.bench import Bench
from entrada.server.web.console.try_it.operation_page import Turn, operation_page
from entrada.server.web.console.try_it.tokens import MOVED, RENEWED_BEFORE, NoToken
from entrada.server.web.signed_in.form import Form

TOO_LARGE: Final = (
    "The token is too large to be kept in this browser.",
    "Give it fewer claims: groups, for instance, only those that are assigned to the application.",
)


async def authorized(bench: Bench, form: Form, prompt: str) -> Response:
    """The token, or the way to it; of a person by their browser, of others at once."""
    chosen = bench.chosen(form)
    if chosen is None:
        return operation_page(bench, form, Turn(refusal=("Choose an authorization first.",)))
    signer, way = chosen
    if way == CODE:
        begun = await authorizing.begin(bench, form, form.pairs, prompt)
        return operation_page(bench, form, Turn(refusal=begun.words)) if isinstance(begun, NoToken) else begun
    found = await _obtained(bench, signer, way, form)
    if isinstance(found, NoToken):
        return operation_page(bench, form, Turn(refusal=found.words))
    answer = operation_page(evolve(bench, token=found), form, Turn(said="There is a token now: send the request."))
    if keeping.keep(bench.developer.visitor, answer, found):
        return answer
    return operation_page(bench, form, Turn(refusal=TOO_LARGE))


async def _obtained(bench: Bench, known: Signer, way: str, form: Form) -> KeptToken | NoToken:
    signer = await tokens.located(bench.developer, known)
    if isinstance(signer, NoToken):
        return signer
    scope = signer.scope_for(way, form.get("scope"))
    if way == PASSWORD:
        username = form.get("username") or signer.username or ""
        call = for_password(signer, scope, username, form.get("password") or signer.password or "")
    else:
        call = for_itself(signer, scope)
    granted = await tokens.ask(bench.developer, signer, call, scope)
    return granted if isinstance(granted, NoToken) else tokens.kept(bench.developer, signer, way, scope, granted)


async def renewed(bench: Bench, form: Form) -> Response:
    token = bench.token
    signer = next((one for one in bench.signers if token is not None and one.key == token.signer), None)
    if token is None or signer is None or not token.refresh:
        return operation_page(bench, form, Turn(refusal=("There is nothing to renew: sign in again.",)))
    new = await tokens.renewed(bench.developer, signer, token)
    if isinstance(new, NoToken):
        return not_renewed(bench, form, new)
    answer = operation_page(evolve(bench, token=new), form, Turn(said="The token is renewed."))
    keeping.keep(bench.developer.visitor, answer, new)
    return answer


def not_renewed(bench: Bench, form: Form, refused: NoToken) -> Response:
    if refused is not MOVED:
        return operation_page(bench, form, Turn(refusal=refused.words))
    answer = operation_page(evolve(bench, token=None), form, Turn(refusal=refused.words))
    keeping.forget(bench.developer.visitor, answer, KeptToken)
    return answer


async def fresh_token(
    bench: Bench, signer: Signer | None, token: KeptToken | None
) -> tuple[KeptToken | None, NoToken | None]:
    """Renewed before it ends.  One that has ended is sent all the same: to see it refused is worth something."""
    soon = token is not None and token.expires_at - bench.developer.here.clock() < RENEWED_BEFORE
    if token is None or signer is None or not soon or not token.refresh:
        return token, None
    new = await tokens.renewed(bench.developer, signer, token)
    return (token, new) if isinstance(new, NoToken) else (new, None)


def forgotten(bench: Bench, form: Form) -> Response:
    answer = operation_page(evolve(bench, token=None), form, Turn(said="The token is forgotten."))
    keeping.forget(bench.developer.visitor, answer, KeptToken)
    return answer

"""The refresh token grant: open, gather, decide, commit, sign.  One durable write when it rotates, none when not."""

from attrs import evolve

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.refresh_token import unpack_refresh_token
from entrada.core.protocol.client_authentication.authenticate import authenticate
from entrada.core.protocol.grants.refresh_token import Request, decide
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.sealing.envelope import NotSealed
from entrada.server.store.port import StoreContended
from entrada.server.usecases import sign_tokens, user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.token_origin import first_switched_off


async def redeem_refresh_token(here: Installation, asking: Asking) -> Issued | Refusal:
    presented = asking.request.parameters.get("refresh_token")
    if presented is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "refresh_token"})
    token = _open(here, presented)
    now = here.clock()
    client = authenticate(asking.client, asking.credentials.presented, token.platform if token else None, now)
    if isinstance(client, Refusal):
        return client
    if token is None:
        return Refusal(why.MALFORMED_GRANT)
    facts = await user_facts.gather(here, asking, token.whose(asking.authority), token.scope)
    request = Request(authority=asking.authority, client=client.application)
    for _ in range(3):
        family = await here.store.find_family(token.key)
        standing = await _with_tiers(here, token, family, facts.standing)
        decision = decide(request, token, family, standing, facts.granted, now)
        if await here.store.commit(decision.effects):
            if isinstance(decision.answer, Refusal):
                return decision.answer
            session_id = family.session_id if family else None
            ticket = sign_tokens.Ticket(origin=token.origin, platform=token.platform, session_id=session_id)
            return await sign_tokens.sign_tokens(here, asking, client, facts, decision.answer, ticket)
        # Another refresh of the same token came first: look again, and find its successor.
    raise StoreContended


async def _with_tiers(
    here: Installation, token: RefreshTokenPayload, family: TokenFamily | None, standing: Standing
) -> Standing:
    """A middle tier's token ends with the clients it came through, too."""
    if not token.on_behalf or family is None:
        return standing
    before = (family.client_id, *token.through)
    return evolve(standing, switched_off=await first_switched_off(here.store, token.issued_in, before))


def _open(here: Installation, presented: str) -> RefreshTokenPayload | None:
    try:
        opened = here.open(presented, purpose=purposes.REFRESH_TOKEN, lifetime=lifetimes.EXPLAINED)
        return unpack_refresh_token(opened.tenant, opened.payload)
    except NotSealed:
        return None

"""The authorization code grant: open the code, gather, decide, commit, sign.  One durable write."""

from entrada.core.directory.ids import SessionId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.code import unpack_code
from entrada.core.protocol.client_authentication.authenticate import authenticate
from entrada.core.protocol.grants.authorization_code import Request, Seen, decide, family_key
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.token_family import FamilyKey
from entrada.core.sealing.envelope import NotSealed
from entrada.server.store.port import StoreContended
from entrada.server.usecases import sign_tokens, user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation


async def redeem_code(here: Installation, asking: Asking) -> Issued | Refusal:
    parameters = asking.request.parameters
    presented = parameters.get("code")
    if presented is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "code"})
    code = open_code(here, presented)
    now = here.clock()
    client = authenticate(asking.client, asking.credentials.presented, code.platform if code else None, now)
    if isinstance(client, Refusal):
        return client
    if code is None:
        return Refusal(why.MALFORMED_GRANT)
    facts = await user_facts.gather(here, asking, code.whose, code.scope)
    request = Request(
        authority=asking.authority,
        client=client.application,
        redirect_uri=parameters.get("redirect_uri"),
        code_verifier=parameters.get("code_verifier"),
    )
    seen = Seen()  # most codes are good, so nothing is read before the one write
    for _ in range(3):
        decision = decide(request, code, facts.standing, facts.granted, seen, now)
        if await here.store.commit(decision.effects):
            if isinstance(decision.answer, Refusal):
                return decision.answer
            ticket = sign_tokens.Ticket(
                nonce=code.nonce,
                with_auth_time=code.with_auth_time,
                origin=code.origin,
                platform=code.platform,
                session_id=code.session_id,
                claims=code.claims,
            )
            return await sign_tokens.sign_tokens(here, asking, client, facts, decision.answer, ticket)
        # Redeemed before, or its browser session has ended: look, and decide again.
        seen = await look(here, family_key(code), code.session_id, now)
    raise StoreContended


def open_code(here: Installation, presented: str) -> CodePayload | None:
    try:
        opened = here.open(presented, purpose=purposes.CODE, lifetime=lifetimes.CODE, max_length=purposes.MAX_CODE)
        return unpack_code(opened.tenant, opened.payload)
    except NotSealed:
        return None


async def look(here: Installation, key: FamilyKey, session_id: SessionId, now: NumericDate) -> Seen:
    """Why a family would not open: it is there already, or the session it hangs on has ended."""
    family = await here.store.find_family(key)
    if family is not None:
        return Seen(family=family)
    session = await here.store.find_session(key.tenant_id, session_id)
    return Seen(session_ended=session is None or session.revoked_at is not None or session.ends_at <= now)

"""The on-behalf-of grant: verify what the middle tier brings, gather, decide, sign.  Nothing is written."""

from attrs import evolve

from entrada.core.directory.application import Platform
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.protocol.client_authentication.authenticate import authenticate_confidential
from entrada.core.protocol.grants.on_behalf_of import Assertion, Request, decide, read_assertion, with_tier
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.version import Version
from entrada.server.usecases import sign_tokens, user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.token_origin import first_switched_off, open_origin

_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


async def act_on_behalf(here: Installation, asking: Asking) -> Issued | Refusal:
    now = here.clock()
    client = authenticate_confidential(asking.client, asking.credentials.presented, now)
    if isinstance(client, Refusal):
        return client
    if refusal := _malformed(asking.request.parameters, asking.request.version):
        return refusal
    assertion = await _verify(here, asking)
    if isinstance(assertion, Refusal):
        return assertion
    origin = open_origin(here, assertion.sealed_origin)
    if origin is None:
        return Refusal(why.INVALID_ASSERTION)
    scope = user_facts.asked_scope(asking.request.parameters, asking.request.version) or ""
    request = Request(client=client.application, whose=assertion.whose(origin), scope=scope)
    facts = await user_facts.gather(here, asking, request.whose, scope)
    family = await here.store.find_family(origin.key)
    before = (assertion.client_id, *origin.through, *([family.client_id] if family else []))
    standing = evolve(facts.standing, switched_off=await first_switched_off(here.store, assertion.tenant_id, before))
    answer = decide(request, origin, family, standing, facts.granted, now).answer
    if isinstance(answer, Refusal):
        return answer
    session_id = family.session_id if family else None
    acting = with_tier(origin, client.application)
    ticket = sign_tokens.Ticket(origin=acting, platform=Platform.WEB, session_id=session_id)
    return await sign_tokens.sign_tokens(here, asking, client, facts, answer, ticket)


def _malformed(parameters: Parameters, version: Version) -> Refusal | None:
    asked = "scope" if version is Version.V2 else "resource"
    missing = next((name for name in ("assertion", "requested_token_use", asked) if not parameters.get(name)), None)
    if missing is not None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": missing})
    if parameters.get("requested_token_use") != "on_behalf_of":
        return Refusal(why.INVALID_PARAMETER, {"parameter": "requested_token_use"})
    if parameters.get("requested_token_type") not in (None, _ACCESS_TOKEN):
        return Refusal(why.BAD_REQUEST, {"fault": "only access tokens are issued; SAML is not spoken here"})
    return None


async def _verify(here: Installation, asking: Asking) -> Assertion | Refusal:
    now = here.clock()
    try:
        claims = await here.signing_keys.verify(asking.request.parameters.get("assertion") or "", now)
    except InvalidToken:
        return Refusal(why.INVALID_ASSERTION)
    return read_assertion(claims, asking.client, asking.authority, here.origin, now)

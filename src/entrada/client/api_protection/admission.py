"""May this request pass?  One flow for every framework: the token, what it says, what the route asks.  RFC 6750."""

from collections.abc import Sequence

from entrada.client.api_protection import challenge
from entrada.client.api_protection.access_token import verified_principal
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.needs import Needs
from entrada.client.api_protection.presented import Amiss, presented_token
from entrada.client.api_protection.principal import Kind, Principal
from entrada.client.api_protection.protected_api import ProtectedApi
from entrada.client.discovery.provider import Provider
from entrada.client.errors import BadMetadata, TokenRejected, Unreachable
from entrada.client.flow import Flow
from entrada.core.jose.numeric_date import NumericDate


def admission(
    authorization: Sequence[str], needed: Needs, *, api: ProtectedApi, provider: Provider, now: NumericDate
) -> Flow[Principal | Challenge]:
    """*authorization*: the value of each Authorization header of the request."""
    match presented_token(authorization):
        case Amiss.NOTHING:
            return challenge.nothing_presented(api, needed)
        case Amiss.SEVERAL:
            return challenge.malformed_request(api, "The request brings several Authorization headers.")
        case Amiss.UNREADABLE:
            return challenge.invalid_token(api, "The token is malformed.", "what follows Bearer is no token")
        case token:
            return (yield from _admission(token, needed, api, provider, now))


def _admission(
    token: str, needed: Needs, api: ProtectedApi, provider: Provider, now: NumericDate
) -> Flow[Principal | Challenge]:
    try:
        principal = yield from verified_principal(token, api=api, provider=provider, now=now)
    except TokenRejected as error:
        return challenge.invalid_token(api, error.message, str(error))
    except (Unreachable, BadMetadata) as error:
        return challenge.authority_unreachable(str(error))
    return decide(principal, needed, api)


def decide(principal: Principal, needed: Needs, api: ProtectedApi) -> Principal | Challenge:
    """*principal* is verified, so a refusal tells only its own bearer."""
    if not (principal.is_user or principal.roles or principal.client_id.lower() in api.allowed_applications):
        # Any application of the tenant gets such a token without anybody's consent.
        reason = needed.lacks(principal) if principal.kind is Kind.UNKNOWN else None
        reason = reason or f"{principal.client_id} holds no role here for itself, and is none of allowed_applications"
        return challenge.insufficient_scope(api, needed, reason)
    lacks = needed.lacks(principal)
    if lacks is not None:
        return challenge.insufficient_scope(api, needed, lacks)
    missing = sorted(needed.contexts - principal.contexts)
    if missing:
        wanted: dict[str, object] = {"access_token": {"acrs": {"essential": True, "value": missing[0]}}}
        return challenge.insufficient_claims(api, wanted, f"the sign-in did not satisfy {', '.join(missing)}")
    return principal

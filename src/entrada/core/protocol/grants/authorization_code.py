"""Redeem an authorization code at the token endpoint.  RFC 6749 §4.1.3, RFC 7636 §4.6."""

import hashlib
import hmac

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes, pkce
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.effects import OpenFamily, RevokeFamily
from entrada.core.protocol.grants import standing as everybody
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.refresh_token_payload import Given, RefreshTokenPayload, first_of
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.redirect_uri import find_registered
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.core.protocol.tokens.granted import Granted
from entrada.core.protocol.weighed_redirect_uris import weighed_redirect_uris


@frozen(kw_only=True)
class Request:
    """The client is authenticated already."""

    authority: Authority
    client: Application
    redirect_uri: str | None
    code_verifier: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Seen:
    """What the store said when it would not open the family; at first nothing is known, since most codes are good."""

    family: TokenFamily | None = None
    session_ended: bool = False


def redirect_digest(redirect_uri: str | None) -> bytes:
    return hashlib.sha256(redirect_uri.encode()).digest() if redirect_uri is not None else b""


def family_key(code: CodePayload) -> FamilyKey:
    return FamilyKey(tenant_id=code.tenant_id, id=code.id, end_day=lifetimes.end_day(code.family_ends_at))


def decide(
    request: Request,
    code: CodePayload,
    standing: Standing,
    granted: Granted | Refusal,
    seen: Seen,
    now: NumericDate,
) -> Decision:
    """Grant or refuse.  *granted* is what the code's scope holds today."""
    if refusal := _not_theirs(request, code, now):
        return Decision(refusal)
    if seen.family is not None:
        # Twice means it leaked: take back what the first redemption gave (§4.1.2).  Only after all the checks above,
        # because only a caller who could have redeemed the code may end its session.
        return Decision(Refusal(why.CODE_ALREADY_REDEEMED), (RevokeFamily(family_key(code), now),))
    if refusal := everybody.refuse(standing, code.authenticated_at, code.methods):
        return Decision(refusal)
    if seen.session_ended:
        return Decision(Refusal(why.SESSION_ENDED))
    if isinstance(granted, Refusal):
        return Decision(granted)
    return Decision(Issue(granted=granted, successor=_refresh_token(code, granted, now)), (_opening(code, now),))


def _not_theirs(request: Request, code: CodePayload, now: NumericDate) -> Refusal | None:
    if now >= code.issued_at + lifetimes.CODE:
        return Refusal(why.GRANT_EXPIRED)
    tenant = request.authority.tenant
    if tenant is not None and tenant.id != code.issued_in:
        return Refusal(why.OTHER_TENANTS_GRANT, {"tenant": tenant.id})
    if request.client.app_id != code.client_id:
        return Refusal(why.BAD_GRANT)
    if not _same_redirect(request, code):
        facts = {"redirect_uri": request.redirect_uri or "", "client_id": request.client.app_id}
        return Refusal(why.REPLY_ADDRESS_MISMATCH, facts, weighed=_compared_with(request.client, code))
    if not pkce.verifies(request.code_verifier, code.challenge):
        return Refusal(why.CODE_VERIFIER_MISMATCH)
    return None


def _same_redirect(request: Request, code: CodePayload) -> bool:
    if not hmac.compare_digest(redirect_digest(request.redirect_uri), code.redirect_digest):
        return False
    if request.redirect_uri is None:
        return True
    # Still registered, and under the platform whose rules the client was authenticated by.
    registered = find_registered(request.redirect_uri, request.client.redirect_uris)
    return registered is not None and registered.platform is code.platform


def _compared_with(client: Application, code: CodePayload) -> dict[str, str]:
    """The URI the code was sent to, as far as it is registered still: only its digest travels in the code."""
    registered = client.redirect_uris
    came = next((one.uri for one in registered if redirect_digest(one.uri) == code.redirect_digest), None)
    return {**({"the code was sent to": came} if came else {}), **weighed_redirect_uris(registered, code.platform)}


def _opening(code: CodePayload, now: NumericDate) -> OpenFamily:
    return OpenFamily(
        TokenFamily(
            key=family_key(code),
            client_id=code.client_id,
            user_id=code.user_id,
            session_id=code.session_id,
            issued_at=now,
        )
    )


def _refresh_token(code: CodePayload, granted: Granted, now: NumericDate) -> RefreshTokenPayload | None:
    if not granted.offline:
        return None
    given = Given(client_id=code.client_id, issued_in=code.issued_in, platform=code.platform, scope=code.scope)
    return first_of(code.origin, given, now)

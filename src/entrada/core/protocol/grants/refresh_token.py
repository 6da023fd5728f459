"""Redeem a refresh token.  RFC 6749 §6, RFC 9700 §4.14; reference section 19, design section 4.

Public clients rotate: a token is used once, and using an old one ends the family.  A lost answer may be asked for again
within the grace, and gets the same successor: there is never a second live leaf.  Confidential clients may use theirs
again: their own authentication is what holds a thief off.
"""

from attrs import evolve, frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.core.protocol import lifetimes
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.client_authentication.authenticate import platform_without_redirect
from entrada.core.protocol.effects import Effect, RevokeFamily, RotateFamily, SucceedFamily
from entrada.core.protocol.grants import standing as everybody
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.grants.successor_family import family_of, first_token, renews_at
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.granted import Granted


@frozen(kw_only=True)
class Request:
    """The client is authenticated already."""

    authority: Authority
    client: Application


def decide(
    request: Request,
    token: RefreshTokenPayload,
    family: TokenFamily | None,
    standing: Standing,
    granted: Granted | Refusal,
    now: NumericDate,
) -> Decision:
    """Grant or refuse.  *family* is what the store found under the token's key."""
    if refusal := _not_theirs(request, token, standing, now):
        return Decision(refusal)
    if family is None or family.revoked_at is not None:
        return Decision(_revoked(token, standing))
    rotation = _rotate(token, family, now)
    if isinstance(rotation, Decision):
        return rotation
    if refusal := everybody.refuse(standing, token.authenticated_at, token.methods):
        return Decision(refusal)
    if isinstance(granted, Refusal):
        return Decision(granted)
    successor, effects = rotation
    return Decision(Issue(granted=granted, successor=successor), effects)


def _ended(token: RefreshTokenPayload) -> Refusal:
    if token.platform is Platform.SPA:
        return Refusal(why.SPA_TOKEN_ENDED)
    # Whoever uses it in time gets a successor, so reaching the end means that nobody did.
    return Refusal(why.TOKEN_INACTIVE, {"sealed_at": as_datetime(token.sealed_at).isoformat()})


def _revoked(token: RefreshTokenPayload, standing: Standing) -> Refusal:
    """Where all that the account was signed in to was revoked, that is said, as Entra says it."""
    refusal = everybody.refuse(standing, token.authenticated_at, token.methods)
    if refusal is not None and refusal.reason is why.FRESH_TOKEN_NEEDED:
        return refusal
    return Refusal(why.GRANT_EXPIRED)


def _not_theirs(request: Request, token: RefreshTokenPayload, standing: Standing, now: NumericDate) -> Refusal | None:
    if request.client.app_id != token.client_id:
        return Refusal(why.BAD_GRANT)
    tenant = request.authority.tenant
    # Entra's refresh tokens serve every tenant that knows their account, as its own or as a guest.
    if (
        tenant is not None
        and (standing.member is None or standing.member.tenant_id != tenant.id)
        and tenant.id not in (token.tenant_id, token.issued_in)
    ):
        return Refusal(why.OTHER_TENANTS_GRANT, {"tenant": tenant.id})
    if now >= token.family_ends_at:
        return _ended(token)
    if not _is_platform_left(request.client, token):
        # The platform whose rules the client was authenticated by is no longer the client's.
        return Refusal(why.BAD_GRANT)
    return None


def _is_platform_left(client: Application, token: RefreshTokenPayload) -> bool:
    if token.without_redirect:
        return token.platform is platform_without_redirect(client)
    return token.on_behalf or any(one.platform is token.platform for one in client.redirect_uris)


Rotation = tuple[RefreshTokenPayload, tuple[Effect, ...]]


def _rotate(token: RefreshTokenPayload, family: TokenFamily, now: NumericDate) -> Rotation | Decision:
    if token.platform is Platform.WEB:
        return _reusable(token, family, now)
    if token.generation == family.generation:
        return _advanced(token, family, now)
    if token.generation == family.generation - 1 and _in_grace(family, now):
        # The answer was lost, or two tabs asked at once: the same leaf again, nothing written.
        return _successor(token, family.rotated_at or now), ()
    # Whatever followed from the token goes too.
    successor = _successor(token, NumericDate(token.family_ends_at)).key
    return Decision(Refusal(why.REFRESH_TOKEN_REUSED), (RevokeFamily(family.key, now), RevokeFamily(successor, now)))


def _reusable(token: RefreshTokenPayload, family: TokenFamily, now: NumericDate) -> Rotation:
    if not _renews(token, now):
        return evolve(token, sealed_at=now), ()
    successor = _successor(token, now)
    return successor, (SucceedFamily(family.key, family_of(successor, family, now)),)


def _advanced(token: RefreshTokenPayload, family: TokenFamily, now: NumericDate) -> Rotation:
    successor = _successor(token, now)
    rotated = RotateFamily(family.key, token.generation, now)
    if not _renews(token, now):
        return successor, (rotated,)
    # The old family's generation moves as well, so that only one refresh of it can win, on either side of the border.
    return successor, (rotated, SucceedFamily(family.key, family_of(successor, family, now)))


def _successor(token: RefreshTokenPayload, at: NumericDate) -> RefreshTokenPayload:
    """The leaf that a rotation at *at* leads to: the next generation, or the first of the next family."""
    renewed_at = renews_at(token)
    if renewed_at is not None and at >= renewed_at:
        return first_token(token, renewed_at, sealed_at=at)
    return evolve(token, generation=token.generation + 1, sealed_at=at)


def _renews(token: RefreshTokenPayload, now: NumericDate) -> bool:
    renewed_at = renews_at(token)
    return renewed_at is not None and now >= renewed_at


def _in_grace(family: TokenFamily, now: NumericDate) -> bool:
    return family.rotated_at is not None and now - family.rotated_at <= lifetimes.GRACE

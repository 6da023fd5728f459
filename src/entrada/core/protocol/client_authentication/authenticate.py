"""Decide who the client is.  RFC 6749 §2.3.1, §3.2.1; RFC 7521 §4.2; reference sections 15.2 and 15.3.

Three doors, one for each way to know which rule holds: `authenticate` goes by the platform of the redirect URI that a
code came through, not by the application; `authenticate_without_redirect` is for grants that have no redirect URI
(device code, password); `authenticate_confidential` for those no public client may use (client credentials, on behalf
of).
"""

import hashlib
import hmac

from attrs import field, frozen

from entrada.core.directory.application import Application, ClientSecret, Platform
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.client_authentication.assertion import ClientAssertion
from entrada.core.protocol.client_authentication.certificate_assertion import refuse_certificate_assertion
from entrada.core.protocol.client_authentication.federated_assertion import refuse_federated_assertion


@frozen(kw_only=True)
class Presented:
    """What the request says of its sender."""

    secret: str | None = field(default=None, repr=False)
    assertion: ClientAssertion | None = None
    origin: str | None = None  # the Origin header: only a browser's script sends one with a POST across sites


@frozen
class AuthenticatedClient:
    """Made by `authenticate` only."""

    application: Application
    proof: str  # azpacr: "0" public, "1" secret, "2" certificate or federated credential


def authenticate(
    client: Application, presented: Presented, platform: Platform | None, now: NumericDate
) -> AuthenticatedClient | Refusal:
    """*platform* is None when the code or refresh token could not be read, so nothing says which rule holds."""
    match platform:
        case Platform.SPA:
            return _single_page(client, presented)
        case Platform.PUBLIC_CLIENT:
            return _cross_origin(presented) or _public(client, presented)
        case Platform.WEB:
            return authenticate_confidential(client, presented, now)
        case _:
            return _unknown(client, presented, now)


def authenticate_without_redirect(
    client: Application, presented: Presented, now: NumericDate
) -> AuthenticatedClient | Refusal:
    return authenticate(client, presented, platform_without_redirect(client), now)


def platform_without_redirect(client: Application) -> Platform:
    """No redirect URI says which rule holds, so the registration does: Allow public client flows."""
    return Platform.PUBLIC_CLIENT if client.is_fallback_public_client else Platform.WEB


def authenticate_confidential(
    client: Application, presented: Presented, now: NumericDate
) -> AuthenticatedClient | Refusal:
    return _cross_origin(presented) or _confidential(client, presented, now)


def _single_page(client: Application, presented: Presented) -> AuthenticatedClient | Refusal:
    return Refusal(why.SPA_NEEDS_ORIGIN) if presented.origin is None else _public(client, presented)


def _public(client: Application, presented: Presented) -> AuthenticatedClient | Refusal:
    if presented.secret is not None or presented.assertion is not None:
        return Refusal(why.PUBLIC_CLIENT_WITH_CREDENTIAL)
    return AuthenticatedClient(client, "0")


def _confidential(client: Application, presented: Presented, now: NumericDate) -> AuthenticatedClient | Refusal:
    if presented.assertion is not None:
        return _asserted(client, presented.assertion, now)
    if presented.secret is None:
        return Refusal(why.CREDENTIAL_MISSING)
    secret = matching_secret(client, presented.secret)
    if secret is None:
        return Refusal(why.WRONG_SECRET)
    if not secret.not_before <= now < secret.expires_at:
        return Refusal(why.SECRET_EXPIRED)
    return AuthenticatedClient(client, "1")


def _asserted(client: Application, assertion: ClientAssertion, now: NumericDate) -> AuthenticatedClient | Refusal:
    refuse = refuse_federated_assertion if assertion.is_federated else refuse_certificate_assertion
    return refuse(client, assertion, now) or AuthenticatedClient(client, "2")


def _unknown(client: Application, presented: Presented, now: NumericDate) -> AuthenticatedClient | Refusal:
    public = client.is_fallback_public_client or any(one.platform is not Platform.WEB for one in client.redirect_uris)
    if presented.secret is None and presented.assertion is None and public:
        return AuthenticatedClient(client, "0")
    return _confidential(client, presented, now)


def _cross_origin(presented: Presented) -> Refusal | None:
    if presented.origin is None:
        return None
    return Refusal(why.ORIGIN_NEEDS_SPA, {"origin": presented.origin})


def matching_secret(client: Application, secret: str) -> ClientSecret | None:
    digest = secret_digest(secret)
    # Every secret is compared, in constant time: how long it takes tells nothing.  Of two alike the longer-lived wins.
    found = [one for one in client.client_secrets if hmac.compare_digest(one.digest, digest)]
    return max(found, key=lambda one: one.expires_at, default=None)


def secret_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

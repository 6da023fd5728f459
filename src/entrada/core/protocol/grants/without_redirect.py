"""Family and first refresh token of a grant without a redirect URI: device code, password.  Reference section 15.2."""

from attrs import frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.client_authentication.authenticate import platform_without_redirect
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.tokens.lifetime import LONGEST_ACCESS_TOKEN


@frozen(kw_only=True)
class Given:
    """To whom, where and for what."""

    client: Application
    issued_in: TenantId
    scope: str


def family_end(scope: str, start: NumericDate) -> NumericDate:
    # Told by the scope alone: what is granted of it may change, and the family's end is part of its key.
    offline = any(word.rpartition("/")[2] == "offline_access" for word in scope.split(" "))
    return lifetimes.family_end(start, Platform.PUBLIC_CLIENT, offline=offline, access_token=LONGEST_ACCESS_TOKEN)


def first_refresh_token(given: Given, origin: Origin, now: NumericDate) -> RefreshTokenPayload:
    return RefreshTokenPayload(
        tenant_id=origin.tenant_id,
        family_id=origin.family_id,
        family_ends_at=origin.family_ends_at,
        generation=0,
        client_id=given.client.app_id,
        user_id=origin.user_id,
        issued_in=given.issued_in,
        platform=platform_without_redirect(given.client),
        scope=given.scope,
        authenticated_at=origin.authenticated_at,
        methods=origin.methods,
        sealed_at=now,
        without_redirect=True,
    )

"""Family and first refresh token of a grant without a redirect URI: device code, password.  Reference section 15.2."""

from attrs import evolve

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.client_authentication.authenticate import platform_without_redirect
from entrada.core.protocol.grants.refresh_token_payload import Given, RefreshTokenPayload, first_of
from entrada.core.protocol.tokens.lifetime import LONGEST_ACCESS_TOKEN


def family_end(scope: str, start: NumericDate) -> NumericDate:
    # Told by the scope alone: what is granted of it may change, and the family's end is part of its key.
    offline = any(word.rpartition("/")[2] == "offline_access" for word in scope.split(" "))
    return lifetimes.family_end(start, Platform.PUBLIC_CLIENT, offline=offline, access_token=LONGEST_ACCESS_TOKEN)


def first_refresh_token(
    client: Application, origin: Origin, now: NumericDate, *, issued_in: TenantId, scope: str
) -> RefreshTokenPayload:
    platform = platform_without_redirect(client)
    given = Given(client_id=client.app_id, issued_in=issued_in, platform=platform, scope=scope)
    return evolve(first_of(origin, given, now), without_redirect=True)

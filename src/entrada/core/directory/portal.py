"""The portal, as an application: a confidential web client like any other, for every tenant, registered by none.

Its redirect URIs follow the installation's origin, and its secret the installation's master key: see
`usecases/register_portal.py`.
"""

from typing import Final

from entrada.core.directory.application import Application, ClientSecret, Platform, RedirectUri, SignInAudience
from entrada.core.directory.ids import ANY_TENANT, ApplicationId, ClientId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.jose.numeric_date import NumericDate

APP_ID: Final = ClientId("c0105000-0000-4000-8000-00000000f07a")
HOME: Final = "/portal"
SIGNED_IN: Final = "/portal/signin-oidc"
SIGNED_OUT: Final = "/portal/signed-out"
ENDED: Final = "/portal/signout-oidc"
CONSOLE: Final = "/developer"
"""The developer console signs people in with the portal, and shares its session."""
HELD: Final = frozenset({"openid", "profile"})
"""Of Microsoft Graph, without anybody's consent."""

_NEVER: Final = NumericDate(253_402_300_799)  # the end of the year 9999: it goes with the master key


def portal_application(origin: str, secret_digest: str) -> Application:
    return Application(
        id=ApplicationId(APP_ID),
        app_id=APP_ID,
        tenant_id=ANY_TENANT,
        display_name="entrada portal",
        sign_in_audience=SignInAudience.MULTIPLE_ORGS,
        redirect_uris=tuple(RedirectUri(origin + path, Platform.WEB) for path in (SIGNED_IN, SIGNED_OUT)),
        logout_url=origin + ENDED,
        client_secrets=(
            ClientSecret(
                key_id=APP_ID,
                display_name="of this installation",
                digest=secret_digest,
                hint="",
                not_before=NumericDate(0),
                expires_at=_NEVER,
            ),
        ),
        optional_claims=OptionalClaims(id_token=(OptionalClaim(name="sid"),)),
        home_page_url=origin + HOME,
        verified_publisher="entrada (built in)",
    )


def is_the_portal(client: Application) -> bool:
    """No tenant can hold it: an application of that id that somebody registered is another one."""
    return client.app_id == APP_ID and client.tenant_id == ANY_TENANT

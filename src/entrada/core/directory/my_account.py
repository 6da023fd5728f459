"""My account, as an application: who signs in to see the own sessions and consents signs in to this one.

Built in, like Microsoft Graph: no tenant registers it.
"""

from typing import Final

from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.ids import ANY_TENANT, ApplicationId, ClientId

MY_ACCOUNT: Final = Application(
    id=ApplicationId("e47ada00-0000-4000-8000-00000000acc0"),
    app_id=ClientId("e47ada00-0000-4000-8000-00000000acc0"),
    tenant_id=ANY_TENANT,
    display_name="My account",
    sign_in_audience=SignInAudience.MULTIPLE_ORGS,
)

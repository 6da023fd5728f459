"""Ready-to-paste configuration for an application: what each library wants to be told.  Pure."""

from collections.abc import Callable
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application, Platform

SECRET: Final = "<client secret: make one under Certificates & secrets>"


@frozen(kw_only=True)
class Facts:
    origin: str
    app: Application
    segment: str  # of the authority
    tenant_name: str
    scope: str

    @property
    def authority(self) -> str:
        return f"{self.origin}/{self.segment}"

    def redirect_uri(self, platform: Platform, otherwise: str) -> str:
        found = (one.uri for one in self.app.redirect_uris if one.platform is platform)
        return next(found, otherwise)


@frozen
class Snippet:
    key: str
    title: str
    note: str
    text: str


def snippets(facts: Facts) -> list[Snippet]:
    return [Snippet(key, title, note, write(facts)) for key, title, note, write in _KINDS]


def postman_environment(facts: Facts) -> dict[str, object]:
    values = {
        "authority": facts.authority,
        "auth_url": f"{facts.authority}/oauth2/v2.0/authorize",
        "token_url": f"{facts.authority}/oauth2/v2.0/token",
        "client_id": facts.app.app_id,
        "client_secret": "",
        "redirect_uri": facts.redirect_uri(Platform.WEB, "https://oauth.pstmn.io/v1/callback"),
        "scope": f"openid profile offline_access {facts.scope}",
        "graph": f"{facts.origin}/v1.0",
    }
    return {
        "name": f"{facts.app.display_name} at {facts.tenant_name}",
        "values": [
            {"key": key, "value": value, "type": "secret" if key == "client_secret" else "default", "enabled": True}
            for key, value in values.items()
        ],
        "_postman_variable_scope": "environment",
    }


def _python(facts: Facts) -> str:
    return f"""import msal

app = msal.ConfidentialClientApplication(
    client_id="{facts.app.app_id}",
    authority="{facts.authority}",
    client_credential="{SECRET}",
    instance_discovery=False,
)
flow = app.initiate_auth_code_flow(
    ["{facts.scope}"],
    redirect_uri="{facts.redirect_uri(Platform.WEB, "http://localhost:5000/auth/callback")}",
)
# send the browser to flow["auth_uri"], then:
# result = app.acquire_token_by_auth_code_flow(flow, request.args)
"""


def _node(facts: Facts) -> str:
    return f"""import {{ ConfidentialClientApplication }} from "@azure/msal-node";

const app = new ConfidentialClientApplication({{
  auth: {{
    clientId: "{facts.app.app_id}",
    authority: "{facts.authority}",
    knownAuthorities: ["{facts.origin.partition("://")[2]}"],
    clientSecret: "{SECRET}",
  }},
}});
const url = await app.getAuthCodeUrl({{
  scopes: ["{facts.scope}"],
  redirectUri: "{facts.redirect_uri(Platform.WEB, "http://localhost:3000/auth/callback")}",
}});
"""


def _browser(facts: Facts) -> str:
    return f"""import {{ PublicClientApplication }} from "@azure/msal-browser";

const app = new PublicClientApplication({{
  auth: {{
    clientId: "{facts.app.app_id}",
    authority: "{facts.authority}",
    knownAuthorities: ["{facts.origin.partition("://")[2]}"],
    redirectUri: "{facts.redirect_uri(Platform.SPA, "http://localhost:3000")}",
  }},
}});
await app.initialize();
const result = await app.acquireTokenPopup({{ scopes: ["{facts.scope}"] }});
"""


def _dotnet(facts: Facts) -> str:
    return f"""{{
  "AzureAd": {{
    "Instance": "{facts.origin}/",
    "TenantId": "{facts.segment}",
    "ClientId": "{facts.app.app_id}",
    "ClientCredentials": [{{ "SourceType": "ClientSecret", "ClientSecret": "{SECRET}" }}],
    "CallbackPath": "/signin-oidc"
  }}
}}
"""


def _spring(facts: Facts) -> str:
    return f"""spring:
  security:
    oauth2:
      client:
        registration:
          entrada:
            client-id: {facts.app.app_id}
            client-secret: "{SECRET}"
            authorization-grant-type: authorization_code
            redirect-uri: "{facts.redirect_uri(Platform.WEB, "{baseUrl}/login/oauth2/code/{registrationId}")}"
            scope: openid, profile, {facts.scope}
        provider:
          entrada:
            issuer-uri: {facts.origin}/{facts.app.tenant_id}/v2.0
"""


def _curl(facts: Facts) -> str:
    resource = facts.scope.rpartition("/")[0]
    scope = f"{resource}/.default" if resource else "https://graph.microsoft.com/.default"
    token_url = f"{facts.origin}/{facts.app.tenant_id}/oauth2/v2.0/token"
    return f"""# a token for the application itself (client credentials)
curl --fail-with-body {token_url} \\
  -d grant_type=client_credentials \\
  -d client_id={facts.app.app_id} \\
  --data-urlencode client_secret="$CLIENT_SECRET" \\
  --data-urlencode scope={scope}
"""


_Write = Callable[[Facts], str]
_KINDS: Final[tuple[tuple[str, str, str, _Write], ...]] = (
    ("msal-python", "MSAL for Python", "A web application, by the authorization code flow.", _python),
    ("msal-node", "MSAL for Node", "A web application, by the authorization code flow.", _node),
    ("msal-browser", "MSAL for browsers", "A single-page application; it has no secret.", _browser),
    ("dotnet", ".NET (Microsoft.Identity.Web)", "appsettings.json", _dotnet),
    ("spring", "Spring Security", "application.yaml", _spring),
    ("curl", "curl", "Client credentials, on a command line.", _curl),
)

"""Ready-to-paste configuration for an application: what each library wants to be told.  Pure.

Owners choose redirect URIs and names of scopes, and others paste what is written here: whatever stands in a value stays
a value, in a shell (POSIX.1-2024 XCU §2.2) as in a string of Python, JavaScript, JSON (RFC 8259 §7) or YAML.
"""

import json
import shlex
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from attrs import frozen

from entrada.core.directory.application import Application, Platform

SECRET: Final = "<client secret: make one under Certificates & secrets>"


@frozen(kw_only=True)
class Facts:
    origin: str
    app: Application
    segment: str  # of the authority
    tenant_name: str
    scopes: tuple[str, ...]  # of one API, as a request for a token names them; at least one

    @property
    def authority(self) -> str:
        return f"{self.origin}/{self.segment}"

    @property
    def scope(self) -> str:
        return " ".join(self.scopes)

    @property
    def quoted_scopes(self) -> str:
        return ", ".join(map(quoted, self.scopes))

    def registered(self, platform: Platform) -> str | None:
        return next((one.uri for one in self.app.redirect_uris if one.platform is platform), None)

    def redirect_uri(self, platform: Platform, otherwise: str) -> str:
        return self.registered(platform) or otherwise


@frozen
class Snippet:
    key: str
    title: str
    note: str
    text: str


def quoted(text: str) -> str:
    """As a string in double quotes that Python, JavaScript, JSON and YAML read alike."""
    return "".join(map(_escaped, json.dumps(text, ensure_ascii=False)))


def _escaped(character: str) -> str:
    """YAML takes no unprintable character as it stands."""
    hidden = not character.isprintable() and ord(character) < 0x1_0000
    return f"\\u{ord(character):04x}" if hidden else character


def snippets(facts: Facts) -> list[Snippet]:
    return [
        Snippet(key, title, note + _missing(facts, platform), write(facts))
        for key, title, note, platform, write in _KINDS
    ]


def _missing(facts: Facts, platform: Platform | None) -> str:
    if platform is None or facts.registered(platform):
        return ""
    return " The redirect URI below is not registered yet: add it, or another, on the page Authentication."


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
    client_id={quoted(facts.app.app_id)},
    authority={quoted(facts.authority)},
    client_credential={quoted(SECRET)},
    instance_discovery=False,
)
flow = app.initiate_auth_code_flow(
    [{facts.quoted_scopes}],
    redirect_uri={quoted(facts.redirect_uri(Platform.WEB, "http://localhost:5000/auth/callback"))},
)
# send the browser to flow["auth_uri"], then:
# result = app.acquire_token_by_auth_code_flow(flow, request.args)
"""


def _node(facts: Facts) -> str:
    return f"""import {{ ConfidentialClientApplication }} from "@azure/msal-node";

const app = new ConfidentialClientApplication({{
  auth: {{
    clientId: {quoted(facts.app.app_id)},
    authority: {quoted(facts.authority)},
    knownAuthorities: [{quoted(facts.origin.partition("://")[2])}],
    clientSecret: {quoted(SECRET)},
  }},
}});
const asked = {{
  scopes: [{facts.quoted_scopes}],
  redirectUri: {quoted(facts.redirect_uri(Platform.WEB, "http://localhost:3000/auth/callback"))},
}};
const url = await app.getAuthCodeUrl(asked);
// send the browser to url; where it comes back with ?code=...:
// const result = await app.acquireTokenByCode({{ ...asked, code: request.query.code }});
"""


def _browser(facts: Facts) -> str:
    return f"""import {{ PublicClientApplication }} from "@azure/msal-browser";

const app = new PublicClientApplication({{
  auth: {{
    clientId: {quoted(facts.app.app_id)},
    authority: {quoted(facts.authority)},
    knownAuthorities: [{quoted(facts.origin.partition("://")[2])}],
    redirectUri: {quoted(facts.redirect_uri(Platform.SPA, "http://localhost:3000"))},
  }},
}});
await app.initialize();
const result = await app.acquireTokenPopup({{ scopes: [{facts.quoted_scopes}] }});
"""


def _dotnet(facts: Facts) -> str:
    return f"""{{
  "AzureAd": {{
    "Instance": {quoted(facts.origin + "/")},
    "TenantId": {quoted(facts.segment)},
    "ClientId": {quoted(facts.app.app_id)},
    "ClientCredentials": [{{ "SourceType": "ClientSecret", "ClientSecret": {quoted(SECRET)} }}],
    "CallbackPath": {quoted(urlsplit(facts.registered(Platform.WEB) or "").path or "/signin-oidc")}
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
            client-id: {quoted(facts.app.app_id)}
            client-secret: {quoted(SECRET)}
            authorization-grant-type: authorization_code
            redirect-uri: {quoted(facts.redirect_uri(Platform.WEB, "{baseUrl}/login/oauth2/code/{registrationId}"))}
            scope: ["openid", "profile", {facts.quoted_scopes}]
        provider:
          entrada:
            issuer-uri: {quoted(f"{facts.origin}/{facts.app.tenant_id}/v2.0")}
"""


def _curl(facts: Facts) -> str:
    return _by_device_code(facts) if facts.app.is_fallback_public_client else _by_code(facts)


def _by_device_code(facts: Facts) -> str:
    urls = f"{facts.authority}/oauth2/v2.0"
    scope = shlex.quote(f"scope=openid profile offline_access {facts.scope}")
    return f"""# a code to type at the address that it tells
curl --fail-with-body {shlex.quote(f"{urls}/devicecode")} \\
  -d {shlex.quote(f"client_id={facts.app.app_id}")} \\
  --data-urlencode {scope}
# once it is approved
curl --fail-with-body {shlex.quote(f"{urls}/token")} \\
  -d grant_type=urn:ietf:params:oauth:grant-type:device_code \\
  -d {shlex.quote(f"client_id={facts.app.app_id}")} \\
  --data-urlencode device_code="$DEVICE_CODE"
"""


def _by_code(facts: Facts) -> str:
    redirect_uri = facts.redirect_uri(Platform.WEB, "http://localhost:5000/auth/callback")
    scope = f"openid profile offline_access {facts.scope}"
    asked = urlencode(
        {"client_id": facts.app.app_id, "response_type": "code", "redirect_uri": redirect_uri, "scope": scope}
    )
    return f"""# open in a browser, and sign in; take the code from the (registered) address it comes back to
# {facts.authority}/oauth2/v2.0/authorize?{asked}
# a token for whoever signed in
curl --fail-with-body {shlex.quote(f"{facts.authority}/oauth2/v2.0/token")} \\
  -d grant_type=authorization_code \\
  -d {shlex.quote(f"client_id={facts.app.app_id}")} \\
  --data-urlencode client_secret="$CLIENT_SECRET" \\
  --data-urlencode {shlex.quote(f"redirect_uri={redirect_uri}")} \\
  --data-urlencode code="$CODE"
"""


def _by_itself(facts: Facts) -> str:
    resource = facts.scopes[0].rpartition("/")[0]
    scope = f"{resource}/.default" if resource else "https://graph.microsoft.com/.default"
    token_url = f"{facts.origin}/{facts.app.tenant_id}/oauth2/v2.0/token"
    return f"""# a token for the application itself (client credentials)
curl --fail-with-body {shlex.quote(token_url)} \\
  -d grant_type=client_credentials \\
  -d {shlex.quote(f"client_id={facts.app.app_id}")} \\
  --data-urlencode client_secret="$CLIENT_SECRET" \\
  --data-urlencode {shlex.quote(f"scope={scope}")}
"""


_Write = Callable[[Facts], str]
_WEB, _SPA = Platform.WEB, Platform.SPA
_KINDS: Final[tuple[tuple[str, str, str, Platform | None, _Write], ...]] = (
    ("msal-python", "MSAL for Python", "A web application, by the authorization code flow.", _WEB, _python),
    ("msal-node", "MSAL for Node", "A web application, by the authorization code flow.", _WEB, _node),
    ("msal-browser", "MSAL for browsers", "A single-page application; it has no secret.", _SPA, _browser),
    ("dotnet", ".NET (Microsoft.Identity.Web)", "appsettings.json.", _WEB, _dotnet),
    ("spring", "Spring Security", "application.yaml.", _WEB, _spring),
    ("curl", "curl, for a user", "On a command line.", None, _curl),
    ("curl-itself", "curl, for the application itself", "Client credentials, on a command line.", None, _by_itself),
)

"""Members, order, types and values on the wire, in v1.0 and v2.0.  Reference sections 4 to 9, 15 to 17, 30 and 31."""

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from attrs import field, frozen
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from entrada.testing import ORIGIN
from tests.drivers.live_server import COLORS, COLORS_API, GRAPH, MULTI, PETALS, REPSYS, SPA
from tests.plugins.platforms import InProcess

pytestmark = pytest.mark.interop

BEN = "c0105000-0000-4000-8000-0000000000b1"
CAI = "c0105000-0000-4000-8000-0000000000c1"
API = f"api://{COLORS_API}"
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
V1, V2 = "oauth2", "oauth2/v2.0"


@frozen
class Client:
    id: str
    redirect_uri: str
    secret: str | None = None
    headers: dict[str, str] = field(factory=dict)

    @property
    def credentials(self) -> dict[str, str]:
        return {"client_id": self.id, **({"client_secret": self.secret} if self.secret else {})}


WEB = Client(REPSYS, "http://localhost:5000/auth/callback", "repsys-dev-secret")
TENANTS = Client(MULTI, "http://localhost:5000/multi/callback", "multi-dev-secret")
PAGE = Client(SPA, "http://localhost:3000", headers={"Origin": "http://localhost:3000"})
OFFLINE = "openid profile offline_access"


def authorize(here: InProcess, client: Client, username: str, version: str = V2, **asked: str) -> dict[str, str]:
    """What the answer to an authorization request says, for somebody who does as the pages ask."""
    browser = here.browser()
    usual = {"client_id": client.id, "response_type": "code", "redirect_uri": client.redirect_uri, **PKCE}
    browser.sign_in(browser.open(f"/{COLORS}/{version}/authorize?{urlencode({**usual, **asked})}"), username)
    parts = urlsplit(browser.left_to or "")
    return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}


def post(here: InProcess, client: Client, form: dict[str, str], version: str = V2, **headers: str) -> Any:
    sent = {**client.credentials, **form}
    return here.client.post(f"/{COLORS}/{version}/token", data=sent, headers={**client.headers, **headers})


def redemption(client: Client, code: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": VERIFIER,
    }


def tokens(
    here: InProcess,
    client: Client = WEB,
    username: str = "ben@colors.example",
    version: str = V2,
    *,
    form: dict[str, str] | None = None,
    **asked: str,
) -> dict[str, Any]:
    code = authorize(here, client, username, version, **asked)["code"]
    answer = post(here, client, {**redemption(client, code), **(form or {})}, version)
    assert answer.status_code == 200, answer.text
    return answer.json()


def part(token: str, number: int) -> dict[str, Any]:
    encoded = token.split(".")[number]
    assert "=" not in encoded
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def header_of(token: str) -> dict[str, Any]:
    return part(token, 0)


def claims_of(token: str) -> dict[str, Any]:
    return part(token, 1)


# ---- token response --------------------------------------------------------------------------------------------------


def test_a_v2_token_response(in_process: InProcess):
    answer = tokens(in_process, scope=f"{OFFLINE} email User.Read", form={"client_info": "1"})
    assert list(answer) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token", "client_info",
    ]  # fmt: skip
    assert answer["token_type"] == "Bearer"
    assert answer["scope"] == "email openid profile User.Read"
    assert type(answer["expires_in"]) is int
    assert 3599 <= answer["expires_in"] <= 5399
    assert answer["ext_expires_in"] == answer["expires_in"]


def test_a_v2_token_response_of_a_single_page_application(in_process: InProcess):
    answer = tokens(in_process, PAGE, scope=f"{OFFLINE} User.Read", form={"client_info": "1"})
    assert list(answer) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token",
        "refresh_token_expires_in", "id_token", "client_info",
    ]  # fmt: skip
    assert answer["refresh_token_expires_in"] == 86_399


def test_a_v1_token_response_says_its_times_in_text(in_process: InProcess):
    answer = tokens(in_process, version=V1, resource="https://graph.microsoft.com", form={"client_info": "1"})
    assert list(answer) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token",
        "refresh_token", "id_token", "client_info",
    ]  # fmt: skip
    assert {type(value) for value in answer.values()} == {str}
    now = in_process.clock.now
    assert int(answer["expires_on"]) - 1 == now + int(answer["expires_in"])
    assert int(answer["not_before"]) == now - 300
    assert (answer["resource"], answer["scope"]) == (
        "https://graph.microsoft.com",
        "openid profile Mail.Read User.Read",
    )


@pytest.mark.parametrize(
    ("scope", "left_out"),
    [
        pytest.param("openid User.Read", {"refresh_token"}, id="without offline_access no refresh token"),
        pytest.param("offline_access User.Read", {"id_token"}, id="without openid no ID token"),
    ],
)
def test_what_was_not_asked_for_is_not_there(in_process: InProcess, scope: str, left_out: set[str]):
    answer = tokens(in_process, scope=scope)
    assert {"refresh_token", "id_token", "client_info"} - set(answer) == {*left_out, "client_info"}


def test_client_info_names_user_and_home_tenant(in_process: InProcess):
    asked = {"scope": "openid User.Read", "client_info": "1"}
    code = authorize(in_process, WEB, "ben@colors.example", **asked)
    encoded = tokens(in_process, scope="openid User.Read", form={"client_info": "1"})["client_info"]
    for text in (code["client_info"], encoded):
        assert "=" not in text  # MSAL Go decodes nothing that is padded
        assert json.loads(base64.urlsafe_b64decode(text + "==")) == {"uid": BEN, "utid": COLORS}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        pytest.param("openid profile email User.Read", "email openid profile User.Read", id="bare"),
        pytest.param(
            "https://graph.microsoft.com/User.Read openid profile",
            "openid profile https://graph.microsoft.com/User.Read",
            id="full URI",
        ),
        pytest.param(
            "openid https://graph.microsoft.com/.default",
            "openid https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/User.Read"
            " https://graph.microsoft.com/.default",
            id=".default",
        ),
        pytest.param(f"{API}/Colors.Read {OFFLINE}", f"{API}/Colors.Read", id="another API, without OIDC's scopes"),
        pytest.param(f"{COLORS_API}/Colors.Read openid", f"{COLORS_API}/Colors.Read", id="another API by its id"),
        pytest.param(f"{API}/.default", f"{API}/Colors.Read {API}/.default", id="another API's .default"),
        pytest.param("user.read", "user.read", id="in the letters it was asked in"),
        pytest.param(OFFLINE, "openid profile User.Read", id="nothing but OIDC's: all that Graph was granted"),
    ],
)
def test_the_scope_comes_back_as_it_was_spelled(in_process: InProcess, asked: str, answered: str):
    if asked == OFFLINE:
        tokens(in_process, scope="User.Read")
    assert tokens(in_process, scope=asked)["scope"] == answered


def test_every_scope_that_was_granted_comes_back(in_process: InProcess):
    tokens(in_process, scope="openid User.Read Mail.Read")
    assert tokens(in_process, scope="openid User.Read")["scope"] == "openid Mail.Read User.Read"


# ---- tokens ----------------------------------------------------------------------------------------------------------


def test_a_v2_id_token(in_process: InProcess):
    token = tokens(in_process, scope="openid profile email User.Read", nonce="n-1")["id_token"]
    claims, now = claims_of(token), in_process.clock.now
    assert list(header_of(token)) == ["typ", "alg", "kid"]
    assert (header_of(token)["typ"], header_of(token)["alg"]) == ("JWT", "RS256")
    assert list(claims) == [
        "aud", "iss", "iat", "nbf", "exp", "email", "name", "nonce", "oid", "preferred_username", "sub", "tid", "uti", "ver",
    ]  # fmt: skip
    assert (claims["aud"], claims["iss"]) == (REPSYS, f"{ORIGIN}/{COLORS}/v2.0")
    assert (claims["iat"], claims["nbf"], claims["exp"]) == (now - 300, now - 300, now + 3600)
    assert (claims["email"], claims["name"], claims["preferred_username"]) == (
        "ben@colors.example",
        "Ben Blue",
        "ben@colors.example",
    )
    assert (claims["nonce"], claims["oid"], claims["tid"], claims["ver"]) == ("n-1", BEN, COLORS, "2.0")
    assert (len(claims["sub"]), len(claims["uti"])) == (43, 22)


def test_a_v1_id_token(in_process: InProcess):
    token = tokens(in_process, version=V1, resource="https://graph.microsoft.com", nonce="n-1")["id_token"]
    header, claims = header_of(token), claims_of(token)
    assert list(header) == ["typ", "alg", "x5t", "kid"]
    assert header["x5t"] == header["kid"]
    assert list(claims) == [
        "aud", "iss", "iat", "nbf", "exp", "amr", "family_name", "given_name", "name", "nonce", "oid", "sub", "tid",
        "unique_name", "upn", "uti", "ver",
    ]  # fmt: skip
    assert (claims["iss"], claims["ver"], claims["amr"]) == (f"{ORIGIN}/{COLORS}/", "1.0", ["pwd"])
    assert (claims["upn"], claims["unique_name"]) == ("ben@colors.example",) * 2


def test_a_v2_access_token(in_process: InProcess):
    token = tokens(in_process, username="cai@colors.example", scope=f"openid {API}/Colors.Read")["access_token"]
    claims, now = claims_of(token), in_process.clock.now
    assert list(header_of(token)) == ["typ", "alg", "kid"]
    assert list(claims) == [
        "aud", "iss", "iat", "nbf", "exp", "aio", "azp", "azpacr", "name", "oid", "preferred_username", "roles", "scp",
        "sub", "tid", "uti", "ver",
    ]  # fmt: skip
    assert (claims["aud"], claims["iss"]) == (COLORS_API, f"{ORIGIN}/{COLORS}/v2.0")
    assert (claims["azp"], claims["azpacr"], claims["oid"]) == (REPSYS, "1", CAI)
    assert (claims["roles"], claims["scp"], claims["ver"]) == (["Painter"], "Colors.Read", "2.0")
    assert (claims["iat"], claims["nbf"]) == (now - 300, now - 300)
    assert 3600 <= claims["exp"] - now <= 5400


def test_a_v1_access_token_though_asked_for_at_the_v2_endpoint(in_process: InProcess):
    answer = tokens(in_process, scope="openid profile User.Read")
    header, claims = header_of(answer["access_token"]), claims_of(answer["access_token"])
    assert list(header) == ["typ", "alg", "x5t", "kid"]
    assert list(claims) == [
        "aud", "iss", "iat", "nbf", "exp", "acr", "aio", "amr", "app_displayname", "appid", "appidacr",
        "family_name", "given_name", "name", "oid", "scp", "sub", "tid", "unique_name", "upn", "uti", "ver", "wids",
    ]  # fmt: skip
    assert (claims["aud"], claims["iss"]) == ("https://graph.microsoft.com", f"{ORIGIN}/{COLORS}/")
    assert (claims["appid"], claims["appidacr"], claims["acr"], claims["amr"]) == (REPSYS, "1", "1", ["pwd"])
    assert (claims["scp"], claims["ver"]) == ("openid profile User.Read", "1.0")
    assert claims_of(answer["id_token"])["ver"] == "2.0"


def test_a_public_client_proves_nothing(in_process: InProcess):
    claims = claims_of(tokens(in_process, PAGE, scope=f"openid {API}/Colors.Read")["access_token"])
    assert claims["azpacr"] == "0"


def test_a_v1_audience_is_spelled_as_it_was_asked_for(in_process: InProcess):
    claims = claims_of(tokens(in_process, scope=f"openid {GRAPH}/User.Read")["access_token"])
    assert claims["aud"] == GRAPH


def test_subjects_are_pairwise_and_stable(in_process: InProcess):
    first, second = (tokens(in_process, scope="openid User.Read") for _ in range(2))
    page = tokens(in_process, PAGE, scope="openid User.Read")
    other = tokens(in_process, username="cai@colors.example", scope="openid User.Read")
    mine, again, elsewhere, theirs = (claims_of(one["id_token"])["sub"] for one in (first, second, page, other))
    assert mine == again
    assert len({mine, elsewhere, theirs, claims_of(first["access_token"])["sub"]}) == 4
    # A resource knows its user by one name, whatever client comes.
    assert claims_of(first["access_token"])["sub"] == claims_of(page["access_token"])["sub"]


def test_auth_time_is_told_to_whoever_sends_max_age(in_process: InProcess):
    token = tokens(in_process, scope="openid User.Read", max_age="600")["id_token"]
    assert claims_of(token)["auth_time"] == in_process.clock.now


# ---- metadata --------------------------------------------------------------------------------------------------------


def test_v2_discovery(in_process: InProcess):
    base, host = f"{ORIGIN}/{COLORS}", ORIGIN.removeprefix("https://")
    document = in_process.client.get(f"/{COLORS}/v2.0/.well-known/openid-configuration").json()
    assert list(document) == [
        "token_endpoint", "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported",
        "subject_types_supported", "id_token_signing_alg_values_supported", "response_types_supported",
        "scopes_supported", "issuer", "request_uri_parameter_supported", "userinfo_endpoint", "authorization_endpoint",
        "device_authorization_endpoint", "http_logout_supported", "end_session_endpoint", "claims_supported",
        "tenant_region_scope", "cloud_instance_name", "cloud_graph_host_name", "msgraph_host",
        "code_challenge_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
    ]  # fmt: skip
    claims = document.pop("claims_supported")
    assert document == {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256"],
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{base}/v2.0",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"{ORIGIN}/oidc/userinfo",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
        "code_challenge_methods_supported": ["S256", "plain"],
        "tenant_region_scope": "WW",
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    }
    sent = claims_of(tokens(in_process, scope="openid profile email User.Read", nonce="n", max_age="9")["id_token"])
    assert set(sent) - {"nbf", "oid", "uti"} <= set(claims)


def test_v1_discovery(in_process: InProcess):
    base = f"{ORIGIN}/{COLORS}"
    document = in_process.client.get(f"/{COLORS}/.well-known/openid-configuration").json()
    assert list(document) == [
        "authorization_endpoint", "token_endpoint", "device_authorization_endpoint",
        "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported", "subject_types_supported",
        "id_token_signing_alg_values_supported", "http_logout_supported", "end_session_endpoint",
        "response_types_supported", "scopes_supported", "issuer", "claims_supported", "userinfo_endpoint",
        "request_uri_parameter_supported", "tenant_region_scope", "cloud_instance_name", "cloud_graph_host_name",
        "msgraph_host", "code_challenge_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
    ]  # fmt: skip
    assert (document["issuer"], document["scopes_supported"]) == (f"{base}/", ["openid"])
    assert document["authorization_endpoint"] == f"{base}/oauth2/authorize"
    assert document["token_endpoint"] == f"{base}/oauth2/token"
    assert document["end_session_endpoint"] == f"{base}/oauth2/logout"
    assert document["userinfo_endpoint"] == f"{base}/openid/userinfo"
    assert document["jwks_uri"] == f"{ORIGIN}/common/discovery/keys"


@pytest.mark.parametrize("path", [".well-known", "v2.0/.well-known"])
def test_every_address_that_discovery_lists_answers(in_process: InProcess, path: str):
    document = in_process.client.get(f"/{COLORS}/{path}/openid-configuration").json()
    listed = [value for name, value in document.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(listed) == 6
    assert 404 not in {in_process.client.get(url).status_code for url in listed}


@pytest.mark.parametrize("segment", ["common", "organizations"])
@pytest.mark.parametrize(("path", "issuer"), [("v2.0/", "/{tenantid}/v2.0"), ("", "/{tenantid}/")])
def test_discovery_for_everybody_names_a_template(in_process: InProcess, segment: str, path: str, issuer: str):
    document = in_process.client.get(f"/{segment}/{path}.well-known/openid-configuration").json()
    assert document["issuer"] == ORIGIN + issuer
    assert document["tenant_region_scope"] is None
    assert document["authorization_endpoint"].startswith(f"{ORIGIN}/{segment}/")


@pytest.mark.parametrize("path", [".well-known", "v2.0/.well-known"])
def test_whatever_name_a_tenant_is_asked_by_its_documents_carry_the_guid(in_process: InProcess, path: str):
    by_id, by_domain, shouted, upper = (
        in_process.client.get(f"/{name}/{path}/openid-configuration").json()
        for name in (COLORS, "colors.example", "COLORS.Example", COLORS.upper())
    )
    assert by_id == by_domain == shouted == upper
    assert "colors.example" not in json.dumps(by_domain)


def test_discovery_of_an_unknown_tenant(in_process: InProcess):
    for name in ("nowhere.example", "consumers", "11111111-2222-4333-8444-555555555555"):
        answer = in_process.client.get(f"/{name}/v2.0/.well-known/openid-configuration")
        assert (answer.status_code, answer.json()["error"], answer.json()["error_codes"]) == (
            400,
            "invalid_tenant",
            [90002],
        )


def test_the_keys(in_process: InProcess):
    keys = in_process.client.get(f"/{COLORS}/discovery/v2.0/keys").json()["keys"]
    token = tokens(in_process, scope="openid User.Read")["id_token"]
    assert header_of(token)["kid"] in {key["kid"] for key in keys}
    for key in keys:
        assert list(key) == ["kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer"]
        assert (key["kty"], key["use"], key["e"]) == ("RSA", "sig", "AQAB")
        assert key["issuer"] == f"{ORIGIN}/{COLORS}/v2.0"
        der = base64.b64decode(key["x5c"][0], validate=True)
        certificate = x509.load_der_x509_certificate(der)
        assert certificate.public_bytes(Encoding.DER) == der
        assert key["kid"] == key["x5t"] == unpadded(hashlib.sha1(der).digest())
        assert len(key["x5t"]) == 27
        public = certificate.public_key()
        assert isinstance(public, RSAPublicKey)
        assert key["n"] == unpadded(public.public_numbers().n.to_bytes(256))
        certificate.verify_directly_issued_by(certificate)


def unpadded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def test_the_keys_for_everybody_and_of_v1(in_process: InProcess):
    everybody, old = (
        in_process.client.get(f"/common/discovery/{path}").json()["keys"] for path in ("v2.0/keys", "keys")
    )
    assert {key["issuer"] for key in everybody} == {ORIGIN + "/{tenantid}/v2.0"}
    assert [{**key, "issuer": everybody[0]["issuer"]} for key in old] == everybody
    assert all("issuer" not in key for key in old)


def ask_instance(here: InProcess, **query: str) -> Any:
    return here.client.get("/common/discovery/instance", params=query)


@pytest.mark.parametrize(
    "endpoint",
    [
        f"{ORIGIN}/{COLORS}/oauth2/v2.0/authorize",
        pytest.param(f"https://localhost/{COLORS}/oauth2/v2.0/authorize", id="without the port: MSAL Python"),
    ],
)
def test_instance_discovery_as_msal_python_validates(in_process: InProcess, endpoint: str):
    answer = ask_instance(in_process, **{"api-version": "1.0", "authorization_endpoint": endpoint})
    assert answer.json() == {
        "tenant_discovery_endpoint": f"{ORIGIN}/{COLORS}/v2.0/.well-known/openid-configuration",
        "api-version": "1.0",
    }


def test_instance_discovery_with_its_clouds(in_process: InProcess):
    endpoint = f"{ORIGIN}/common/oauth2/authorize"
    answer = ask_instance(in_process, **{"api-version": "1.1", "authorization_endpoint": endpoint})
    host = ORIGIN.removeprefix("https://")
    assert answer.json() == {
        "tenant_discovery_endpoint": f"{ORIGIN}/common/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://login.elsewhere.example/common/oauth2/v2.0/authorize",
        "https://localhost.evil.example/common/oauth2/v2.0/authorize",
        "https://localhost:8443@evil.example/common/oauth2/v2.0/authorize",
    ],
)
def test_instance_discovery_of_somebody_else(in_process: InProcess, endpoint: str):
    answer = ask_instance(in_process, **{"api-version": "1.1", "authorization_endpoint": endpoint})
    said = answer.json()
    assert (answer.status_code, said["error"], said["error_codes"]) == (400, "invalid_instance", [50049])
    assert said["error_uri"] == f"{ORIGIN}/error?code=50049"
    assert said["error_description"].startswith("AADSTS50049: ")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"api-version": "1.1"},
        {"authorization_endpoint": f"{ORIGIN}/common/oauth2/v2.0/authorize"},
        {"api-version": "1.1", "authorization_endpoint": "common"},
        {"api-version": "1.1", "authorization_endpoint": "https://[localhost/common/"},
        {"api-version": "1.1", "authorization_endpoint": ORIGIN},
    ],
)
def test_a_malformed_instance_discovery(in_process: InProcess, query: dict[str, str]):
    answer = ask_instance(in_process, **query)
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [50050])


@pytest.mark.parametrize("word", ["userrealm", "UserRealm", "USERREALM"])
@pytest.mark.parametrize("name", ["ben@colors.example", "nobody@Colors.example"])
def test_user_realm_in_any_case(in_process: InProcess, word: str, name: str):
    answer = in_process.client.get(f"/common/{word}/{name}", params={"api-version": "1.0"})
    assert answer.json() == {
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": "colors.example",
        "cloud_instance_name": ORIGIN.removeprefix("https://"),
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }


@pytest.mark.parametrize(
    "path",
    [
        f"/{COLORS}//v2.0/.well-known/openid-configuration",
        f"//{COLORS}/v2.0//.well-known///openid-configuration",
        f"/{COLORS}//discovery/v2.0/keys",
    ],
)
def test_doubled_slashes_are_one(in_process: InProcess, path: str):
    single = re.sub("/+", "/", path)
    assert in_process.client.get(f"{ORIGIN}{path}").json() == in_process.client.get(single).json()
    assert in_process.client.get(single).status_code == 200


# ---- errors ----------------------------------------------------------------------------------------------------------


def test_an_error(in_process: InProcess):
    answer = post(in_process, WEB, {"grant_type": "authorization_code", "code": "nonsense"})
    said = answer.json()
    assert answer.status_code == 400
    assert list(said) == [
        "error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri",
    ]  # fmt: skip
    [code] = said["error_codes"]
    assert type(code) is int
    assert GUID.fullmatch(said["trace_id"])
    assert GUID.fullmatch(said["correlation_id"])
    assert said["timestamp"] == "2027-01-15 08:00:00Z"
    assert said["error_uri"] == f"{ORIGIN}/error?code={code}"
    tail = f" Trace ID: {said['trace_id']} Correlation ID: {said['correlation_id']} Timestamp: {said['timestamp']}"
    assert said["error_description"].startswith(f"AADSTS{code}: ")
    assert said["error_description"].endswith(tail)


def test_the_callers_correlation_id_comes_back(in_process: InProcess):
    mine = "12345678-1234-4234-8234-123456789abc"
    form = {"grant_type": "authorization_code", "code": "nonsense"}
    in_body = post(in_process, WEB, {**form, "client-request-id": mine})
    in_header = post(in_process, WEB, form, **{"client-request-id": mine, "return-client-request-id": "true"})
    assert in_body.json()["correlation_id"] == in_header.json()["correlation_id"] == mine
    assert in_header.headers["client-request-id"] == mine
    assert "client-request-id" not in in_body.headers
    assert in_header.headers["x-ms-request-id"] == in_header.json()["trace_id"]


def test_missing_consent_carries_its_suberror(in_process: InProcess):
    refresh = tokens(in_process, scope=f"{OFFLINE} User.Read")["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "scope": f"{API}/Colors.Read"}
    said = post(in_process, WEB, form).json()
    assert (said["error"], said["suberror"], said["error_codes"]) == ("invalid_grant", "consent_required", [65001])
    assert list(said)[-1] == "suberror"


@pytest.mark.parametrize(
    ("client", "form", "status", "error", "code"),
    [
        pytest.param(WEB, {}, 400, "invalid_request", 900144, id="grant_type missing"),
        pytest.param(WEB, {"grant_type": "magic"}, 400, "unsupported_grant_type", 70003, id="unknown grant"),
        pytest.param(WEB, {"grant_type": "authorization_code", "client_secret": "no", "code": "x"}, 401,
                     "invalid_client", 7000215, id="wrong secret"),
        pytest.param(Client(REPSYS, WEB.redirect_uri), {"grant_type": "authorization_code", "code": "x"}, 401,
                     "invalid_client", 7000218, id="no secret"),
        pytest.param(Client(BEN, WEB.redirect_uri), {"grant_type": "authorization_code", "code": "x"}, 400,
                     "unauthorized_client", 700016, id="unknown client"),
    ],
)  # fmt: skip
def test_statuses(in_process: InProcess, client: Client, form: dict[str, str], status: int, error: str, code: int):
    answer = post(in_process, client, form)
    assert (answer.status_code, answer.json()["error"], answer.json()["error_codes"]) == (status, error, [code])


def test_an_error_that_is_redirected(in_process: InProcess):
    said = authorize(in_process, WEB, "ben@colors.example", scope="openid", prompt="none", state="s-1")
    assert list(said) == ["error", "error_description", "error_uri", "state"]
    assert (said["error"], said["state"]) == ("login_required", "s-1")
    lines = said["error_description"].split("\r\n")
    assert [line.partition(":")[0] for line in lines] == [
        "AADSTS50058", "Trace ID", "Correlation ID", "Timestamp",
    ]  # fmt: skip
    assert said["error_uri"] == f"{ORIGIN}/error?code=50058"


# ---- headers and CORS ------------------------------------------------------------------------------------------------


def test_a_token_response_is_never_kept(in_process: InProcess):
    code = authorize(in_process, WEB, "ben@colors.example", scope="openid User.Read")["code"]
    headers = post(in_process, WEB, redemption(WEB, code)).headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert (headers["cache-control"], headers["pragma"], headers["expires"]) == ("no-store, no-cache", "no-cache", "-1")
    assert headers["x-content-type-options"] == "nosniff"


def test_scripts_may_read_what_a_single_page_application_got(in_process: InProcess):
    code = authorize(in_process, PAGE, "ben@colors.example", scope="openid User.Read")["code"]
    headers = post(in_process, PAGE, redemption(PAGE, code)).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "access-control-allow-credentials" not in headers


def test_scripts_may_not_read_what_a_web_app_got(in_process: InProcess):
    code = authorize(in_process, WEB, "ben@colors.example", scope="openid User.Read")["code"]
    answer = post(in_process, WEB, redemption(WEB, code))
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("client", "headers", "code"),
    [
        pytest.param(WEB, {"Origin": "http://localhost:5000"}, 9002326, id="a web app's code from a script"),
        pytest.param(Client(SPA, PAGE.redirect_uri), {}, 9002327, id="a page's code from a server"),
        pytest.param(Client(SPA, PAGE.redirect_uri, "secret"), {"Origin": "http://localhost:3000"}, 700025,
                     id="a page with a secret"),
    ],
)  # fmt: skip
def test_a_code_is_redeemed_where_its_redirect_uri_lives(
    in_process: InProcess, client: Client, headers: dict[str, str], code: int
):
    issued = authorize(in_process, client, "ben@colors.example", scope="openid User.Read")["code"]
    answer = post(in_process, client, redemption(client, issued), **headers)
    assert answer.json()["error_codes"] == [code]
    assert answer.status_code == (401 if code == 700025 else 400)
    assert ("access-control-allow-origin" in answer.headers) == bool(headers)


def test_a_preflight_is_answered(in_process: InProcess):
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    answer = in_process.client.options(f"/{COLORS}/oauth2/v2.0/token", headers=headers)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


@pytest.mark.parametrize(
    "path",
    [
        "v2.0/.well-known/openid-configuration",
        ".well-known/openid-configuration",
        "discovery/v2.0/keys",
        "discovery/keys",
    ],
)
def test_metadata_is_for_every_origin(in_process: InProcess, path: str):
    headers = in_process.client.get(f"/{COLORS}/{path}", headers={"Origin": "https://anywhere.example"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "GET, OPTIONS"


# ---- tenants ---------------------------------------------------------------------------------------------------------


async def test_the_first_consent_makes_a_service_principal_where_the_person_lives(in_process: InProcess):
    store = in_process.platform.here.store
    before = await store.find_service_principal(PETALS, MULTI)  # type: ignore[arg-type]
    browser = in_process.browser()
    asked = {
        "client_id": MULTI,
        "response_type": "code",
        "redirect_uri": TENANTS.redirect_uri,
        "scope": "openid User.Read",
    }
    browser.sign_in(browser.open(f"/common/{V2}/authorize?{urlencode(asked)}"), "eva@petals.example")
    after = await store.find_service_principal(PETALS, MULTI)  # type: ignore[arg-type]
    assert before is None
    assert after is not None
    assert (after.tenant_id, after.app_id) == (PETALS, MULTI)

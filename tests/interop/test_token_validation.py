"""What APIs do with our access tokens: PyJWT with its key set client, and joserfc, checking all that both can check."""

import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import jwt as pyjwt
import pytest
from attrs import frozen
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.drivers.assertions import rsa_key
from tests.drivers.live_server import COLORS_API, REPSYS, LiveServer
from tests.interop.person import Person

pytestmark = pytest.mark.interop

CALLBACK = "http://localhost:5000/auth/callback"
REQUIRED = ["aud", "iss", "exp", "nbf", "iat", "sub", "tid", "oid", "scp", "ver"]


@frozen
class Api:
    """A resource as it knows itself: what it is asked for, and what it demands of a token."""

    scope: str
    audience: str
    version: str
    issuer: str
    metadata: str


APIS = {
    "v2": Api(f"api://{COLORS_API}/Colors.Read", COLORS_API, "2.0", "{authority}/v2.0", "{authority}/v2.0"),
    "v1": Api("User.Read", "https://graph.microsoft.com", "1.0", "{authority}/", "{authority}"),
}


@pytest.fixture(params=sorted(APIS))
def api(request: pytest.FixtureRequest) -> Api:
    return APIS[request.param]


@pytest.fixture
def metadata(live: LiveServer, api: Api) -> dict[str, Any]:
    with live.client() as client:
        base = api.metadata.format(authority=live.authority)
        return client.get(f"{base}/.well-known/openid-configuration").json()


@pytest.fixture
def token(live: LiveServer, ben: Person, api: Api) -> str:
    asked = {
        "client_id": REPSYS,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": f"openid profile {api.scope}",
    }
    code = ben.fields(f"{live.authority}/oauth2/v2.0/authorize?{urlencode(asked)}")["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": REPSYS,
        "client_secret": "repsys-dev-secret",
        "redirect_uri": CALLBACK,
        "code": code,
    }
    answer = ben.browser.client.post(f"{live.authority}/oauth2/v2.0/token", data=form)
    return answer.json()["access_token"]


@pytest.fixture
def key_client(live: LiveServer, metadata: dict[str, Any]) -> pyjwt.PyJWKClient:
    return pyjwt.PyJWKClient(metadata["jwks_uri"], ssl_context=ssl.create_default_context(cafile=live.ca))


@pytest.fixture
def key_set(live: LiveServer, metadata: dict[str, Any]) -> KeySet:
    with live.client() as client:
        return KeySet.import_key_set(client.get(metadata["jwks_uri"]).json())


def test_pyjwt_accepts_it(
    live: LiveServer, api: Api, metadata: dict[str, Any], token: str, key_client: pyjwt.PyJWKClient
) -> None:
    key = key_client.get_signing_key_from_jwt(token)
    claims = pyjwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience=api.audience,
        issuer=metadata["issuer"],
        options={"require": REQUIRED},
    )
    assert metadata["issuer"] == api.issuer.format(authority=live.authority)
    assert (claims["ver"], api.scope.rpartition("/")[2] in claims["scp"].split()) == (api.version, True)


@pytest.mark.parametrize(
    ("changes", "surprise"),
    [
        pytest.param({"audience": REPSYS}, pyjwt.InvalidAudienceError, id="another API"),
        pytest.param({"issuer": "https://localhost:1/elsewhere/v2.0"}, pyjwt.InvalidIssuerError, id="another issuer"),
        pytest.param({"algorithms": ["PS256"]}, pyjwt.InvalidAlgorithmError, id="another algorithm"),
    ],
)
def test_pyjwt_refuses_it_elsewhere(
    api: Api, metadata: dict[str, Any], token: str, key_client: pyjwt.PyJWKClient, changes: Any, surprise: Any
) -> None:
    expected = {"algorithms": ["RS256"], "audience": api.audience, "issuer": metadata["issuer"], **changes}
    with pytest.raises(surprise):
        pyjwt.decode(token, key_client.get_signing_key_from_jwt(token), **expected)


def cut(text: str) -> str:
    return text[:-1]


def resigned(text: str, key: Any, algorithm: str) -> str:
    """With more scopes, under our key's name."""
    claims = {**pyjwt.decode(text, options={"verify_signature": False}), "scp": "Colors.Read Colors.Write"}
    return pyjwt.encode(claims, key, algorithm=algorithm, headers={"kid": pyjwt.get_unverified_header(text)["kid"]})


def with_another_payload(text: str) -> str:
    head, _, signature = text.split(".")
    return f"{head}.{resigned(text, rsa_key('stranger'), 'RS256').split('.')[1]}.{signature}"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(cut, id="cut by a letter"),
        pytest.param(with_another_payload, id="more scopes under the same signature"),
        pytest.param(lambda text: resigned(text, rsa_key("stranger"), "RS256"), id="signed by a stranger in our name"),
        pytest.param(lambda text: resigned(text, None, "none"), id="not signed at all"),
        pytest.param(lambda text: resigned(text, "x" * 32, "HS256"), id="by a shared secret"),
    ],
)
def test_pyjwt_refuses_a_spoilt_one(
    api: Api, metadata: dict[str, Any], token: str, key_client: pyjwt.PyJWKClient, spoil: Callable[[str], str]
) -> None:
    spoilt = spoil(token)
    expected: Any = {"algorithms": ["RS256"], "audience": api.audience, "issuer": metadata["issuer"]}
    with pytest.raises(pyjwt.InvalidTokenError):
        pyjwt.decode(spoilt, key_client.get_signing_key_from_jwt(spoilt), **expected)


def test_joserfc_accepts_it(api: Api, metadata: dict[str, Any], token: str, key_set: KeySet) -> None:
    opened = jwt.decode(token, key_set, algorithms=["RS256"])
    demands: Any = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": api.audience},
        **{name: {"essential": True} for name in REQUIRED if name not in {"iss", "aud"}},
    }
    jwt.JWTClaimsRegistry(**demands).validate(opened.claims)
    assert opened.header["typ"] == "JWT"


def test_joserfc_refuses_it_when_a_letter_changes(token: str, key_set: KeySet) -> None:
    head, payload, signature = token.split(".")
    spoiled = payload[:-2] + ("AA" if payload[-2:] != "AA" else "BB")
    with pytest.raises((JoseError, ValueError)):
        jwt.decode(f"{head}.{spoiled}.{signature}", key_set, algorithms=["RS256"])

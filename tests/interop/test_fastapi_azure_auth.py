"""An API behind fastapi-azure-auth: it takes our access tokens, v1.0 and v2.0, with all optional claims; not spoilt ones."""

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import pytest
from attrs import frozen
from fastapi import FastAPI, Security
from fastapi_azure_auth.auth import AzureAuthorizationCodeBearerBase
from fastapi_azure_auth.user import User

from entrada.core.directory.ids import ClientId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.jose import base64url
from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS
from tests.drivers.live_server import COLORS, COLORS_API, REPSYS, LiveServer
from tests.interop.person import Person
from tests.plugins.platforms import InProcess
from tests.web.seats import Seat, change

pytestmark = pytest.mark.interop

COLORS_URI = f"api://{COLORS_API}"
READ = f"openid profile offline_access {COLORS_URI}/Colors.Read"
CALLBACK = "http://localhost:5000/auth/callback"


@frozen
class Api:
    """The Colors API as its owner would write it, asking for Colors.Read."""

    scheme: AzureAuthorizationCodeBearerBase

    def call(self, token: str) -> httpx.Response:
        app, scheme = FastAPI(), self.scheme

        @app.get("/colors")
        async def colors(user: Annotated[User, Security(scheme, scopes=["Colors.Read"])]) -> dict[str, Any]:
            return user.claims

        return asyncio.run(self._get(app, token))

    @staticmethod
    async def _get(app: FastAPI, token: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.get("/colors", headers={"Authorization": f"Bearer {token}"})


def api_over_tls(live: LiveServer, version: str = "/v2.0", audience: str = COLORS_API) -> Api:
    return Api(
        AzureAuthorizationCodeBearerBase(
            app_client_id=audience,
            openid_config_url=f"{live.authority}{version}/.well-known/openid-configuration",
            http_client_config={"verify": ssl.create_default_context(cafile=live.ca), "trust_env": False},
        )
    )


def api_in_process(there: InProcess, version: str, audience: str, **more: Any) -> Api:
    """With the documents read through the in-process client: nothing listens there."""
    scheme = AzureAuthorizationCodeBearerBase(app_client_id=audience, openid_config_url="https://unused", **more)
    config = scheme.openid_config
    document = there.client.get(f"/{COLORS}{version}/.well-known/openid-configuration").json()
    config.issuer = document["issuer"]
    config.authorization_endpoint, config.token_endpoint = (
        document["authorization_endpoint"],
        document["token_endpoint"],
    )
    config._load_keys(there.client.get(document["jwks_uri"]).json()["keys"])
    config._config_timestamp = datetime.now()  # noqa: DTZ005 - as the library has it
    return Api(scheme)


@pytest.fixture
def token(live: LiveServer, ben: Person) -> str:
    asked = {"client_id": REPSYS, "response_type": "code", "redirect_uri": CALLBACK, "scope": READ}
    form = {
        "grant_type": "authorization_code",
        "client_id": REPSYS,
        "client_secret": "repsys-dev-secret",
        "redirect_uri": CALLBACK,
        "code": ben.fields(f"{live.authority}/oauth2/v2.0/authorize?{urlencode(asked)}")["code"],
    }
    found: str = ben.browser.client.post(f"{live.authority}/oauth2/v2.0/token", data=form).json()["access_token"]
    return found


def test_it_accepts_our_token(live: LiveServer, token: str) -> None:
    answer = api_over_tls(live).call(token)
    assert (answer.status_code, answer.json()["scp"]) == (200, "Colors.Read")


def _signature(text: str) -> str:
    return text[:-2] + ("AA" if text[-2:] != "AA" else "BB")


def _scopes(text: str) -> str:
    return _payload(text, scp="Colors.Read Colors.Write")


def _end(text: str) -> str:
    return _payload(text, exp=4_000_000_000)


def _length(text: str) -> str:
    return text[:-1]


def _payload(text: str, **changes: Any) -> str:
    head, payload, signature = text.split(".")
    claims = {**json.loads(base64url.decode(payload)), **changes}
    return ".".join((head, base64url.encode(json.dumps(claims).encode()), signature))


@pytest.mark.parametrize("spoil", [_signature, _scopes, _end, _length])
def test_it_refuses_a_spoilt_one(live: LiveServer, token: str, spoil: Callable[[str], str]) -> None:
    assert api_over_tls(live).call(spoil(token)).status_code == 401


def test_it_refuses_it_for_another_api_and_by_another_issuer(live: LiveServer, token: str) -> None:
    assert api_over_tls(live, audience=REPSYS).call(token).status_code == 401
    assert api_over_tls(live, version="").call(token).status_code == 401  # the v1.0 document names another issuer


@pytest.mark.parametrize("version", ["2.0", "1.0"])
def test_it_reads_every_optional_claim(in_process: InProcess, version: str) -> None:
    store = in_process.platform.here.store
    names = [*OPTIONAL_CLAIMS, "groups"]
    claims = tuple(OptionalClaim(name=name, additional_properties=("include_user_token",)) for name in names)
    change(
        store,
        asyncio.run(store.find_application(ClientId(COLORS_API))),
        optional_claims=OptionalClaims(access_token=claims),
        group_membership_claims=frozenset({"All"}),
        requested_access_token_version=2 if version == "2.0" else 1,
    )
    answer = Seat(in_process).tokens({"scope": READ})
    path, audience = ("/v2.0", COLORS_API) if version == "2.0" else ("", COLORS_URI)
    api = api_in_process(in_process, path, audience, leeway=in_process_leeway(in_process))
    found = api.call(answer["access_token"])
    assert found.status_code == 200, found.text
    told = found.json()
    assert (told["ver"], told["aud"], told["acct"], told["idtyp"]) == (version, audience, 0, "user")
    assert {"sid", "auth_time", "email", "upn", "wids"} <= told.keys()


def in_process_leeway(there: InProcess) -> int:
    """The platform's clock stands still, somewhere else than PyJWT's."""
    return abs(int(datetime.now(UTC).timestamp()) - there.clock()) + 10

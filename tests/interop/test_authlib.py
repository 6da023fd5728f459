"""Authlib's OAuth 2.0 clients against a live server over TLS: discovery, code with PKCE, ID token, refresh, userinfo."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.drivers.live_server import REPSYS, LiveServer
from tests.interop.person import Person

pytestmark = pytest.mark.interop

BEN = "c0105000-0000-4000-8000-0000000000b1"
CALLBACK = "http://localhost:5000/auth/callback"
VERIFIER = generate_token(48)


@pytest.fixture
def metadata(live: LiveServer) -> dict[str, Any]:
    with live.client() as client:
        return client.get(f"{live.authority}/v2.0/.well-known/openid-configuration").json()


@pytest.fixture
def key_set(live: LiveServer, metadata: dict[str, Any]) -> KeySet:
    with live.client() as client:
        return KeySet.import_key_set(client.get(metadata["jwks_uri"]).json())


def arguments(live: LiveServer, metadata: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "client_id": REPSYS,
        "client_secret": "repsys-dev-secret",
        "token_endpoint": metadata["token_endpoint"],
        "redirect_uri": CALLBACK,
        "scope": "openid profile email offline_access User.Read",
        "code_challenge_method": "S256",
        "verify": ssl.create_default_context(cafile=live.ca),
        **changes,
    }


@pytest.fixture
def client(live: LiveServer, metadata: dict[str, Any]) -> Iterator[OAuth2Client]:
    with OAuth2Client(**arguments(live, metadata)) as made:
        yield made


def sign_in(client: OAuth2Client, metadata: dict[str, Any], person: Person, **asked: str) -> Any:
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-authlib", **asked
    )
    return client.fetch_token(authorization_response=person.answer(url), state=state, code_verifier=VERIFIER)


def id_token(token: Any, metadata: dict[str, Any], key_set: KeySet, nonce: str = "n-authlib") -> CodeIDToken:
    """As Authlib's own framework integrations check one."""
    opened = jwt.decode(token["id_token"], key_set, algorithms=metadata["id_token_signing_alg_values_supported"])
    options = {"iss": {"values": [metadata["issuer"]]}}
    expected = {"nonce": nonce, "client_id": REPSYS, "access_token": token["access_token"]}
    claims = CodeIDToken(opened.claims, opened.header, options, expected)
    claims.validate(leeway=0)
    return claims


def test_the_id_token_stands_every_check(
    client: OAuth2Client, metadata: dict[str, Any], key_set: KeySet, ben: Person
) -> None:
    claims = id_token(sign_in(client, metadata, ben), metadata, key_set)
    assert (claims["oid"], claims["name"], claims["email"]) == (BEN, "Ben Blue", "ben@colors.example")


def test_an_id_token_for_another_request_is_noticed(
    client: OAuth2Client, metadata: dict[str, Any], key_set: KeySet, ben: Person
) -> None:
    token = sign_in(client, metadata, ben)
    with pytest.raises(JoseError, match="nonce"):
        id_token(token, metadata, key_set, nonce="another")


def test_userinfo_speaks_of_the_id_tokens_subject(
    client: OAuth2Client, metadata: dict[str, Any], key_set: KeySet, ben: Person
) -> None:
    claims = id_token(sign_in(client, metadata, ben), metadata, key_set)
    answer = client.get(metadata["userinfo_endpoint"]).json()
    assert (answer["sub"], answer["name"], answer["email"]) == (claims["sub"], "Ben Blue", "ben@colors.example")


def test_refreshing_brings_new_tokens_of_the_same_subject(
    client: OAuth2Client, metadata: dict[str, Any], key_set: KeySet, ben: Person
) -> None:
    first = dict(sign_in(client, metadata, ben))
    second = client.refresh_token(metadata["token_endpoint"])
    subjects = {jwt.decode(token["id_token"], key_set).claims["sub"] for token in (first, second)}
    assert len(subjects) == 1
    assert second["access_token"] != first["access_token"]


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_both_ways_to_send_the_secret_that_discovery_names_work(
    live: LiveServer, metadata: dict[str, Any], ben: Person, method: str
) -> None:
    assert method in metadata["token_endpoint_auth_methods_supported"]
    with OAuth2Client(**arguments(live, metadata, token_endpoint_auth_method=method)) as client:
        assert sign_in(client, metadata, ben)["token_type"] == "Bearer"


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_answers_come_in_the_mode_that_was_asked_for(
    client: OAuth2Client, metadata: dict[str, Any], ben: Person, mode: str
) -> None:
    url, _ = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n", response_mode=mode
    )
    assert ("#code=" in ben.answer(url)) == (mode == "fragment")


def test_a_wrong_verifier_is_refused(client: OAuth2Client, metadata: dict[str, Any], ben: Person) -> None:
    url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=VERIFIER)
    with pytest.raises(OAuthError, match="AADSTS501481") as refused:
        client.fetch_token(authorization_response=ben.answer(url), state=state, code_verifier="w" * 43)
    assert refused.value.error == "invalid_grant"


async def test_the_asynchronous_client_does_the_same(
    live: LiveServer, metadata: dict[str, Any], key_set: KeySet, ben: Person
) -> None:
    async with AsyncOAuth2Client(**arguments(live, metadata)) as client:
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-authlib"
        )
        answer = ben.answer(url)
        first = await client.fetch_token(authorization_response=answer, state=state, code_verifier=VERIFIER)
        subject = id_token(first, metadata, key_set)["sub"]
        second = await client.refresh_token(metadata["token_endpoint"])
    assert jwt.decode(second["id_token"], key_set).claims["sub"] == subject

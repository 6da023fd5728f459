"""@azure/msal-node and openid-client against a live server over TLS, with what their documentation names and no more."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.drivers.live_server import CLI, COLORS, COLORS_API, REPSYS, LiveServer
from tests.interop.node_program import FOLDER, run
from tests.interop.person import Person

pytestmark = pytest.mark.interop

BEN = "c0105000-0000-4000-8000-0000000000b1"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_the_lock_holds_hashes_and_no_addresses():
    packages = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    locked = [package for name, package in packages.items() if name]
    assert all(package["integrity"].startswith("sha512-") for package in locked)
    assert not any("resolved" in package for package in locked)


def test_msal_node_in_a_web_app(live: LiveServer, ben: Person) -> None:
    said = run(
        "msal_node_web.mjs",
        live,
        ben,
        authority=live.authority,
        host=f"localhost:{live.port}",
        clientId=REPSYS,
        clientSecret="repsys-dev-secret",
        redirectUri="http://localhost:5000/auth/callback",
        api=COLORS_READ,
    )
    first = said["first"]
    assert (first["uniqueId"], first["tenantId"]) == (BEN, COLORS)
    assert first["account"]["homeAccountId"] == f"{BEN}.{COLORS}"
    assert first["idTokenClaims"]["preferred_username"] == "ben@colors.example"
    assert "User.Read" in first["scopes"]
    assert (said["cached"]["fromCache"], said["cached"]["accessToken"]) == (True, first["accessToken"])
    assert said["refreshed"]["fromCache"] is False
    assert said["refreshed"]["accessToken"] != first["accessToken"]
    assert claims_of(said["other"]["accessToken"])["aud"] == COLORS_API
    assert (said["other"]["fromCache"], said["otherCached"]["fromCache"]) == (False, True)
    assert said["moved"]["account"]["homeAccountId"] == f"{BEN}.{COLORS}"
    assert said["refused"]["errorCode"] == "invalid_client"
    assert "AADSTS7000215" in said["refused"]["errorMessage"]
    assert said["refused"]["errorNo"] == 7000215


def test_msal_node_on_the_command_line(live: LiveServer, ben: Person) -> None:
    said = run(
        "msal_node_cli.mjs",
        live,
        ben,
        authority=live.authority,
        host=f"localhost:{live.port}",
        clientId=CLI,
        api=COLORS_READ,
    )
    assert said["first"]["uniqueId"] == BEN
    assert said["cached"]["fromCache"] is True
    tokens = {said[name]["accessToken"] for name in ("first", "refreshed", "again")}
    assert len(tokens) == 3
    assert claims_of(said["other"]["accessToken"])["aud"] == COLORS_API


def test_openid_client(live: LiveServer, ben: Person) -> None:
    home = "http://localhost:5000/"
    said = run(
        "openid_client.mjs",
        live,
        ben,
        authority=live.authority,
        issuer=f"{live.authority}/v2.0",
        clientId=REPSYS,
        clientSecret="repsys-dev-secret",
        redirectUri="http://localhost:5000/auth/callback",
        postLogoutRedirectUri=home,
    )
    claims = said["claims"]
    assert (said["issuer"], claims["iss"]) == (f"{live.authority}/v2.0",) * 2
    assert (claims["aud"], claims["oid"], claims["name"]) == (REPSYS, BEN, "Ben Blue")
    assert said["first"]["token_type"] == "bearer"  # openid-client folds it
    assert said["refreshedClaims"]["sub"] == claims["sub"]
    assert (said["userinfo"]["sub"], said["userinfo"]["email"]) == (claims["sub"], "ben@colors.example")
    assert said["otherSubject"] == "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"
    assert isinstance(said["authTime"], int)
    assert (said["replayed"]["error"], said["replayed"]["status"]) == ("invalid_grant", 400)
    assert said["replayed"]["description"].startswith("AADSTS54005: ")
    assert said["elsewhere"] == "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"

    end = urlsplit(said["endSession"])
    assert end.path == f"/{COLORS}/oauth2/v2.0/logout"
    assert parse_qs(end.query)["post_logout_redirect_uri"] == [home]
    ben.browser.open(said["endSession"])
    signed_out = ben.browser.open(
        f"{live.authority}/oauth2/v2.0/authorize?client_id={REPSYS}&response_type=code"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A5000%2Fauth%2Fcallback&scope=openid"
    )
    assert 'id="username"' in signed_out.text

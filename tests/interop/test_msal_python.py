"""MSAL Python 1.39, as its documentation has people use it, against a live server over TLS."""

import base64
import json
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest
from attrs import define, field
from msal import (  # type: ignore[import-untyped]
    ClientApplication,
    ConfidentialClientApplication,
    PublicClientApplication,
    SerializableTokenCache,
)
from requests import Session

from tests.drivers.live_server import CLI, COLORS, COLORS_API, MULTI, PETALS, REPSYS, LiveServer
from tests.interop.person import People, Person

pytestmark = [
    pytest.mark.interop,
    pytest.mark.usefixtures("trusting"),
    # MSAL's own advice to web apps.  Its documented default, a query, must work all the same.
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

BEN = "c0105000-0000-4000-8000-0000000000b1"
EVA = "9e7a1500-0000-4000-8000-0000000000e1"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"
REPSYS_CALLBACK = "http://localhost:5000/auth/callback"
MULTI_CALLBACK = "http://localhost:5000/multi/callback"
Made = TypeVar("Made", bound=ClientApplication)


@define
class Msal:
    """Makes applications as the documentation shows, and closes their connections, which MSAL leaves open."""

    live: LiveServer
    made: list[ClientApplication] = field(factory=list)

    def repsys(self, **changes: Any) -> ConfidentialClientApplication:
        usual = {"authority": self.live.authority, "instance_discovery": False}
        arguments = {"client_credential": "repsys-dev-secret", **usual, **changes}
        return self._kept(ConfidentialClientApplication(REPSYS, **arguments))

    def multi(self, segment: str) -> ConfidentialClientApplication:
        authority = f"{self.live.origin}/{segment}"
        made = ConfidentialClientApplication(
            MULTI, client_credential="multi-dev-secret", authority=authority, instance_discovery=False
        )
        return self._kept(made)

    def public(self) -> PublicClientApplication:
        return self._kept(PublicClientApplication(CLI, authority=self.live.authority, instance_discovery=False))

    def _kept(self, app: Made) -> Made:
        self.made.append(app)
        return app


@pytest.fixture
def msal(live: LiveServer) -> Iterator[Msal]:
    clients = Msal(live)
    yield clients
    for app in clients.made:
        app.http_client.close()


def sign_in(app: Any, person: Person, *scopes: str, redirect_uri: str = REPSYS_CALLBACK, **asked: Any) -> Any:
    """The two halves of MSAL's authorization code flow with *person* between them."""
    redeemed = asked.pop("redeem", None)
    flow = app.initiate_auth_code_flow(list(scopes), redirect_uri=redirect_uri, **asked)
    return app.acquire_token_by_auth_code_flow(flow, person.fields(flow["auth_uri"]), scopes=redeemed)


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_a_web_app_signs_its_user_in(msal: Msal, live: LiveServer, ben: Person):
    app = msal.repsys()
    result = sign_in(app, ben, "User.Read")
    claims = result["id_token_claims"]
    assert (claims["aud"], claims["iss"], claims["ver"]) == (REPSYS, f"{live.authority}/v2.0", "2.0")
    assert (claims["oid"], claims["name"], claims["preferred_username"]) == (BEN, "Ben Blue", "ben@colors.example")
    assert (result["token_type"], result["token_source"]) == ("Bearer", "identity_provider")
    assert 3599 <= result["expires_in"] <= 5399
    [account] = app.get_accounts()
    assert account["home_account_id"] == f"{BEN}.{COLORS}"
    assert account["username"] == "ben@colors.example"


def test_its_access_token_opens_graph(msal: Msal, live: LiveServer, ben: Person):
    token = sign_in(msal.repsys(), ben, "User.Read")["access_token"]
    with live.client() as client:
        answer = client.get(f"{live.origin}/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["id"]) == (200, BEN)


def test_silence_is_answered_from_the_cache_then_by_refresh(msal: Msal, ben: Person):
    app = msal.repsys()
    first = sign_in(app, ben, "User.Read")
    [account] = app.get_accounts()
    cached = app.acquire_token_silent(["User.Read"], account)
    refreshed = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    again = app.acquire_token_silent(["User.Read"], account)
    assert (cached["token_source"], cached["access_token"]) == ("cache", first["access_token"])
    assert refreshed["token_source"] == "identity_provider"
    assert refreshed["access_token"] != first["access_token"]
    assert (again["token_source"], again["access_token"]) == ("cache", refreshed["access_token"])


@pytest.mark.parametrize(
    "scope",
    ["User.Read", "https://graph.microsoft.com/User.Read", "https://graph.microsoft.com/.default", COLORS_READ,
     f"api://{COLORS_API}/.default", f"{COLORS_API}/Colors.Read", f"{COLORS_API}/.default"],
)  # fmt: skip
def test_a_scope_is_found_in_the_cache_by_the_spelling_it_was_asked_in(msal: Msal, ben: Person, scope: str):
    app = msal.repsys()
    sign_in(app, ben, "User.Read", COLORS_READ, redeem=["User.Read"])  # so that .default has something to stand for
    result = sign_in(app, ben, scope)
    assert "error" not in result, result
    [account] = app.get_accounts()
    assert app.acquire_token_silent([scope], account)["token_source"] == "cache"


def test_one_sign_in_serves_two_resources(msal: Msal, ben: Person):
    app = msal.repsys()
    graph = sign_in(app, ben, "User.Read", COLORS_READ, redeem=["User.Read"])
    [account] = app.get_accounts()
    colors = app.acquire_token_silent([COLORS_READ], account)
    assert claims_of(graph["access_token"])["aud"] == "https://graph.microsoft.com"
    assert claims_of(colors["access_token"])["aud"] == COLORS_API
    assert (colors["token_source"], colors["scope"]) == ("identity_provider", COLORS_READ)
    assert app.acquire_token_silent([COLORS_READ], account)["token_source"] == "cache"
    assert app.acquire_token_silent(["User.Read"], account)["access_token"] == graph["access_token"]


def test_a_code_for_two_resources_is_refused_when_both_are_asked_at_once(msal: Msal, ben: Person):
    refused = sign_in(msal.repsys(), ben, "User.Read", COLORS_READ)
    assert (refused["error"], refused["error_codes"]) == ("invalid_request", [28000])


def test_silence_without_consent_asks_for_interaction(msal: Msal, people: People):
    app = msal.multi(COLORS)
    sign_in(app, people("ada@colors.example"), "User.Read", redirect_uri=MULTI_CALLBACK)
    [account] = app.get_accounts()
    refused = app.acquire_token_silent_with_error([COLORS_READ], account)
    assert (refused["error"], refused["suberror"]) == ("invalid_grant", "consent_required")
    assert refused["error_codes"] == [65001]
    assert refused["classification"] == "consent_required"


def test_the_cache_may_be_kept_and_read_again(msal: Msal, ben: Person):
    kept, read = SerializableTokenCache(), SerializableTokenCache()
    sign_in(msal.repsys(token_cache=kept), ben, "User.Read")
    read.deserialize(kept.serialize())
    app = msal.repsys(token_cache=read)
    [account] = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account, force_refresh=True)["token_source"] == "identity_provider"


def test_a_wrong_secret_is_refused_in_entras_words(msal: Msal, live: LiveServer, ben: Person):
    refused = sign_in(msal.repsys(client_credential="not the secret"), ben, "User.Read")
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [7000215])
    assert refused["error_description"].startswith("AADSTS7000215: ")
    assert refused["error_uri"] == f"{live.origin}/error?code=7000215"
    assert {"timestamp", "trace_id", "correlation_id"} < set(refused)


def test_a_code_is_redeemed_once(msal: Msal, ben: Person):
    app = msal.repsys()
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REPSYS_CALLBACK)
    answer = ben.fields(flow["auth_uri"])
    app.acquire_token_by_auth_code_flow(flow, answer)
    [account] = app.get_accounts()
    second = app.acquire_token_by_auth_code_flow(flow, answer)
    assert (second["error"], second["error_codes"]) == ("invalid_grant", [54005])
    # A code that is seen twice has leaked: what the first redemption gave is taken back.
    gone = app.acquire_token_silent_with_error(["User.Read"], account, force_refresh=True)
    assert gone["error"] == "invalid_grant"


def test_form_post_goes_to_web_apps_too(msal: Msal, ben: Person):
    app = msal.repsys()
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=REPSYS_CALLBACK, response_mode="form_post")
    page = ben.browser.sign_in(ben.browser.open(flow["auth_uri"]), ben.username)
    form = page.form_with("code")
    assert (form.method, form.action) == ("post", REPSYS_CALLBACK)
    assert "access_token" in app.acquire_token_by_auth_code_flow(flow, form.fields)


def test_a_claims_challenge_comes_along(msal: Msal, ben: Person):
    challenge = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1"}}})
    app = msal.repsys(client_capabilities=["CP1"])
    sign_in(app, ben, "User.Read", claims_challenge=challenge)
    [account] = app.get_accounts()
    again = app.acquire_token_silent(["User.Read"], account, claims_challenge=challenge)
    assert again["token_source"] == "identity_provider"


# ---- public client ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bens_browser")
def test_a_command_line_tool_signs_its_user_in(msal: Msal):
    app = msal.public()
    result = app.acquire_token_interactive(["User.Read"], timeout=30)
    assert result["id_token_claims"]["oid"] == BEN, result
    [account] = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"


@pytest.mark.usefixtures("bens_browser")
def test_a_public_clients_refresh_token_is_exchanged_again_and_again(msal: Msal):
    app = msal.public()
    app.acquire_token_interactive(["User.Read"], extra_scopes_to_consent=[COLORS_READ], timeout=30)
    [account] = app.get_accounts()
    seen = {app.acquire_token_silent(["User.Read"], account, force_refresh=True)["access_token"] for _ in range(3)}
    assert len(seen) == 3
    assert app.acquire_token_silent([COLORS_READ], account)["token_source"] == "identity_provider"


def test_a_hint_and_a_prompt_reach_the_pages(msal: Msal, ben: Person):
    flow = msal.public().initiate_auth_code_flow(
        ["User.Read"], redirect_uri="http://localhost:1", login_hint="ben@colors.example", prompt="login"
    )
    page = ben.browser.open(flow["auth_uri"])
    assert 'id="passwd"' in page.text
    assert "ben@colors.example" in page.text


# ---- authorities -----------------------------------------------------------------------------------------------------


def test_people_of_another_tenant_come_in_through_common(msal: Msal, people: People, live: LiveServer):
    app = msal.multi("common")
    eva = people("eva@petals.example")
    result = sign_in(app, eva, "User.Read", redirect_uri=MULTI_CALLBACK)
    claims = result["id_token_claims"]
    assert (claims["tid"], claims["oid"], claims["iss"]) == (PETALS, EVA, f"{live.origin}/{PETALS}/v2.0")
    [account] = app.get_accounts()
    assert account["home_account_id"] == f"{EVA}.{PETALS}"
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"
    refreshed = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert claims_of(refreshed["access_token"])["tid"] == PETALS


def test_they_use_it_in_their_own_tenant_from_then_on(msal: Msal, people: People):
    """Consent made the app's service principal in their tenant."""
    fay = people("fay@petals.example")
    sign_in(msal.multi("organizations"), fay, "User.Read", redirect_uri=MULTI_CALLBACK)
    result = sign_in(msal.multi(PETALS), fay, "User.Read", redirect_uri=MULTI_CALLBACK, prompt="none")
    assert result["id_token_claims"]["tid"] == PETALS


@pytest.mark.parametrize("segment", ["colors.example", "COLORS.example", COLORS.upper(), f"{COLORS}/"])
def test_a_tenant_has_several_names(msal: Msal, live: LiveServer, ben: Person, segment: str):
    app = msal.repsys(authority=f"{live.origin}/{segment}")
    result = sign_in(app, ben, "User.Read")
    assert result["id_token_claims"]["iss"] == f"{live.authority}/v2.0"
    [account] = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account, force_refresh=True)["token_source"] == "identity_provider"


def test_instance_discovery_may_be_ours(msal: Msal, live: LiveServer, ben: Person):
    app = msal.repsys(instance_discovery=f"{live.origin}/common/discovery/instance")
    assert "access_token" in sign_in(app, ben, "User.Read")


@pytest.mark.parametrize("authority", ["{tenant}/v2.0", "{tenant}"])
def test_an_openid_connect_authority_will_do(msal: Msal, live: LiveServer, ben: Person, authority: str):
    url = authority.format(tenant=live.authority)
    app = msal.repsys(authority=None, instance_discovery=None, oidc_authority=url)
    result = sign_in(app, ben, "User.Read")
    assert result["id_token_claims"]["oid"] == BEN
    [account] = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"
    assert app.acquire_token_silent(["User.Read"], account, force_refresh=True)["token_source"] == "identity_provider"


def test_an_unknown_tenant_is_said_to_be_unknown(msal: Msal, live: LiveServer):
    with Session() as session, pytest.raises(ValueError, match="Unable to get authority configuration"):
        msal.repsys(authority=f"{live.origin}/nowhere.example", http_client=session)


def test_without_the_trust_line_nothing_is_trusted(msal: Msal, live: LiveServer, monkeypatch: pytest.MonkeyPatch):
    system_roots = live.folder / "system-roots.pem"
    system_roots.write_text(live.bundle.read_text().replace(live.ca.read_text(), ""))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(system_roots))
    with Session() as session, pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        msal.repsys(http_client=session)

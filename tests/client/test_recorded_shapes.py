"""What Microsoft's service answers, as the protocol reference recorded it: our client reads each shape right."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from entrada.client.authority import Shape, entra_authority, oidc_authority, tenant_authority
from entrada.client.discovery.provider import Provider
from entrada.client.discovery.signing_keys import parse_signing_keys
from entrada.client.driver import drive
from entrada.client.errors import AuthorityRefused, BadMetadata, InteractionRequired, TokenRejected, Unreachable
from entrada.client.flow import Call, Reply, Tell, Wait
from entrada.client.grants.device_code import device_code
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Grant, read
from entrada.client.id_token import Expected, account_of, verified_id_token
from entrada.client.retrying import retry_after
from entrada.client.web_sign_in import Refused, SignedIn, SignIn, WebApp, Why
from entrada.core.jose.invalid_token import Flaw
from tests.client.fake_authority import jwk, signed

FOLDER = Path(__file__).parent / "recorded"
TENANT = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
MICROSOFT = "https://login.microsoftonline.com"
CLIENT = "11111111-0000-4000-8000-000000000001"
NOW = 1_735_688_900


def recorded(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def reply(name: str) -> Reply:
    found = recorded(name)
    return Reply(status=found["status"], body=json.dumps(found["body"]).encode(), headers=found.get("headers", {}))


def answering(*names: str, **bodies: Any):
    """Only at the recorded addresses, with the recorded bodies or *bodies* in their place."""
    answers = {}
    for name in names:
        found = recorded(name)
        body = bodies.get(name.replace("-", "_"), found["body"])
        answers[found["asked"]] = Reply(status=found["status"], body=json.dumps(body).encode())

    def send(call: Call) -> Reply:
        return answers[call.url]

    return send


# fmt: off
AUTHORITIES = [  # how it is named, the recorded configuration, the issuer it speaks as, for one tenant
    pytest.param(tenant_authority("public", "common"),        "common",        f"{MICROSOFT}/{{tenantid}}/v2.0", False, id="common"),
    pytest.param(tenant_authority("public", "organizations"), "organizations", f"{MICROSOFT}/{{tenantid}}/v2.0", False, id="organizations"),
    pytest.param(tenant_authority("public", "consumers"),     "consumers",     f"{MICROSOFT}/{PERSONAL}/v2.0",   True,  id="consumers"),
    pytest.param(tenant_authority("public", TENANT),          "tenant",        f"{MICROSOFT}/{TENANT}/v2.0",     True,  id="a tenant"),
    pytest.param(entra_authority(f"{MICROSOFT}/{TENANT}/v2.0/"), "tenant",     f"{MICROSOFT}/{TENANT}/v2.0",     True,  id="a tenant, as its issuer is written"),
    pytest.param(tenant_authority("public", "contoso.onmicrosoft.com"), "domain", f"{MICROSOFT}/{TENANT}/v2.0",  True,  id="a domain"),
    pytest.param(entra_authority(f"https://login.windows.net/{TENANT}"), "older-name", f"{MICROSOFT}/{TENANT}/v2.0", True, id="an older name"),
    pytest.param(tenant_authority("us-government", TENANT),   "us-government", f"https://login.microsoftonline.us/{TENANT}/v2.0", True, id="US Government"),
    pytest.param(tenant_authority("china", TENANT),           "china",         f"https://login.partner.microsoftonline.cn/{TENANT}/v2.0", True, id="China"),
    pytest.param(entra_authority(f"https://contoso.ciamlogin.com/{TENANT}"), "external", f"https://{TENANT}.ciamlogin.com/{TENANT}/v2.0", True, id="External ID"),
]
# fmt: on


@pytest.mark.parametrize(("authority", "name", "issuer", "one_tenant"), AUTHORITIES)
def test_the_configuration_of_each_kind_of_authority(authority, name, issuer, one_tenant):
    told = recorded(f"configuration-{name}")["body"]
    metadata = drive(Provider(authority).metadata(NOW), answering(f"configuration-{name}"))
    tenant = metadata.issuer.tenant
    assert (metadata.issuer.of(tenant or "{tenantid}"), tenant is not None) == (issuer, one_tenant)
    for endpoint in (
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "device_authorization_endpoint",
        "userinfo_endpoint",
    ):
        assert getattr(metadata, endpoint) == told[endpoint]
    assert metadata.algorithms == {"RS256"}
    assert metadata.response_modes == {"query", "fragment", "form_post"}
    assert not metadata.names_itself


def test_a_tenant_can_be_asked_as_any_issuer_and_then_has_people_by_subject():
    authority = oidc_authority(f"{MICROSOFT}/{TENANT}/v2.0")
    metadata = drive(Provider(authority).metadata(NOW), answering("configuration-tenant"))
    assert (metadata.issuer.shape, metadata.issuer.of("")) == (Shape.OIDC, authority.url)


def test_a_configuration_for_every_tenant_is_none_of_a_single_issuer():
    asked = Provider(oidc_authority(f"{MICROSOFT}/common/v2.0"))
    with pytest.raises(BadMetadata, match="issuer"):
        drive(asked.metadata(NOW), answering("configuration-common"))


def test_a_tenant_that_does_not_exist():
    asked = Provider(tenant_authority("public", "nobody.example"))
    with pytest.raises(BadMetadata, match="status 400"):
        drive(asked.metadata(NOW), answering("configuration-no-tenant"))


@pytest.mark.parametrize(
    ("name", "of_organizations", "personal"), [("common", 5, 3), ("tenant", 3, 0), ("of-v1", 2, 0)]
)
def test_each_key_says_for_whom_it_signs(name, of_organizations, personal):
    keys = parse_signing_keys(recorded(f"keys-{name}")["body"]).values()
    assert len(keys) == of_organizations + personal
    assert sum((key.issuer or "").endswith(f"{PERSONAL}/v2.0") for key in keys) == personal
    assert {key.issuer for key in keys if name == "of-v1"} <= {None}


def believed(name, *, signer, authority="common", changes=None):
    """The recorded claims, signed by the key of that place in the recorded set."""
    keys = recorded(f"keys-{authority}")["body"]["keys"]
    kid = keys[signer]["kid"]
    keys[signer] = {**keys[signer], **jwk(kid)}
    claims = {**recorded(name)["body"], "aud": CLIENT, "nonce": "n", **(changes or {})}
    flow = verified_id_token(
        signed(claims, kid=kid),
        provider=Provider(tenant_authority("public", "common" if authority == "common" else TENANT)),
        expected=Expected(client_id=CLIENT, nonce="n"),
        now=NOW,
    )
    published = answering(f"configuration-{authority}", f"keys-{authority}", **{f"keys_{authority}": {"keys": keys}})
    return account_of(drive(flow, published), Shape.ENTRA)


ORGANIZATIONS_KEY, PERSONAL_KEY = 0, 7


def test_the_id_tokens_of_members_guests_and_personal_accounts():
    ada = believed("id-token-of-v2", signer=ORGANIZATIONS_KEY)
    assert (ada.tenant_id, ada.name, ada.username) == (TENANT, "Ada Example", "ada@contoso.onmicrosoft.com")
    assert ada == believed("id-token-of-v2", signer=1, authority="tenant")
    assert believed("id-token-of-a-guest", signer=ORGANIZATIONS_KEY).tenant_id == TENANT
    assert believed("id-token-personal", signer=PERSONAL_KEY).tenant_id == PERSONAL


def test_the_keys_of_personal_accounts_sign_for_no_organization():
    with pytest.raises(TokenRejected) as refused:
        believed("id-token-of-v2", signer=PERSONAL_KEY)
    assert refused.value.message == Flaw.WRONG_ISSUER


# fmt: off
TOKENS = [  # the scopes, how long they serve, the refresh token
    pytest.param("tokens-of-a-person",        {"email", "openid", "profile", "User.Read"}, 4519, "1.AXEA-refresh", id="a person's"),
    pytest.param("tokens-of-v1",              {"User.Read"},         4519,  "0.AXEA-refresh", id="of v1.0, its numbers in quotes"),
    pytest.param("tokens-of-an-application",  {"api://x/.default"},  3599,  None,             id="an application's, without a word of scopes"),
    pytest.param("tokens-of-long-life",       {"User.Read"},         86399, "1.AXEA-refresh", id="of long life"),
    pytest.param("tokens-for-default",        {"email", "openid", "profile", "https://graph.microsoft.com/.default",
        "https://graph.microsoft.com/Mail.Read", "https://graph.microsoft.com/User.Read"}, 3599, None, id="for .default"),
]
# fmt: on


@pytest.mark.parametrize(("name", "scopes", "lifetime", "refresh_token"), TOKENS)
def test_tokens(name, scopes, lifetime, refresh_token):
    granted = read(reply(name), Grant(form={}, scopes=("api://x/.default",)), NOW)
    told = recorded(name)["body"]
    assert granted.access.value == told["access_token"]
    assert granted.access.scopes == scopes
    assert granted.access.expires_at == NOW + lifetime
    assert granted.refresh_token == refresh_token
    assert granted.id_token == told.get("id_token")
    assert granted.access.refresh_at == (NOW + told["refresh_in"] if "refresh_in" in told else None)


POLICY = '{"access_token":{"capolids":{"essential":true,"values":["6b1e4c5d-0f2a-4d3b-9e8c-7a6b5c4d3e2f"]}}}'
# fmt: off
ERRORS = [  # the type, the number, the suberror, the claims
    pytest.param("consent-required",     InteractionRequired, 65001,   "consent_required", None,   id="consent is missing"),
    pytest.param("second-factor",        InteractionRequired, 50076,   "basic_action",     POLICY, id="a second factor"),
    pytest.param("second-factor-older",  InteractionRequired, 50076,   None,               None,   id="a second factor, as it was said before"),
    pytest.param("session-revoked",      InteractionRequired, 50173,   "bad_token",        None,   id="revoked"),
    pytest.param("blocked-by-policy",    InteractionRequired, 53003,   "message_only",     POLICY, id="blocked by a policy"),
    pytest.param("code-expired",         AuthorityRefused,    70008,   None,               None,   id="an old code"),
    pytest.param("secret-wrong",         AuthorityRefused,    7000215, None,               None,   id="a wrong secret"),
    pytest.param("application-unknown",  AuthorityRefused,    700016,  None,               None,   id="an unknown application"),
    pytest.param("device-pending",       AuthorityRefused,    70016,   None,               None,   id="a device that waits"),
    pytest.param("two-numbers",          AuthorityRefused,    70002,   None,               None,   id="two numbers"),
]
# fmt: on


@pytest.mark.parametrize(("name", "kind", "number", "suberror", "claims"), ERRORS)
def test_errors(name, kind, number, suberror, claims):
    told = recorded(f"error-{name}")["body"]
    with pytest.raises(kind) as raised:
        read(reply(f"error-{name}"), Grant(form={}, scopes=("User.Read",)), NOW)
    assert type(raised.value) is kind
    said = raised.value.said
    assert (said.error, said.aadsts, said.suberror, said.claims) == (told["error"], number, suberror, claims)
    assert (said.trace_id, said.correlation_id) == (told["trace_id"], told["correlation_id"])
    assert f"AADSTS{number}" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "Trace ID" not in str(raised.value)


@pytest.mark.parametrize(("name", "after"), [("throttled", 7), ("unavailable", None)])
def test_not_now(name, after):
    with pytest.raises(Unreachable):
        read(reply(f"error-{name}"), Grant(form={}, scopes=()), NOW)
    assert retry_after(reply(f"error-{name}"), NOW) == after


def test_a_device_code_is_told_in_the_words_of_the_service():
    registration = Registration(provider=Provider(tenant_authority("public", TENANT)), client_id=CLIENT)
    flow = device_code(registration, ("User.Read",), clock=lambda: NOW, entropy=os.urandom)
    next(flow)
    flow.send(reply("configuration-tenant"))
    told = flow.send(reply("device-code"))
    assert isinstance(told, Tell)
    assert (told.url, told.user_code) == ("https://microsoft.com/devicelogin", "D8QTBP4LK")
    assert told.message == recorded("device-code")["body"]["message"]
    assert flow.send(Reply(status=0, body=b"")) == Wait(5)
    polled = flow.send(Reply(status=0, body=b""))
    assert isinstance(polled, Call)
    assert flow.send(reply("error-device-pending")) == Wait(5)
    flow.close()


# fmt: off
REDIRECTS = [
    pytest.param("answer-cancelled",       "access_denied",    None,                                                                        id="cancelled"),
    pytest.param("answer-consent-refused", "consent_required", "AADSTS65004: User declined to consent to access the app.",                    id="consent refused"),
    pytest.param("answer-login-required",  "login_required",   "AADSTS50058: A silent sign-in request was sent but no user is signed in.",    id="nobody is signed in"),
]
# fmt: on


def answered(name, send):
    app = WebApp(
        authority=f"{MICROSOFT}/{TENANT}", client_id=CLIENT, redirect_uri=recorded(name)["asked"], client_secret="s"
    )
    flow = SignIn(app)
    begun = drive(flow.begin(return_to="/", now=NOW, entropy=os.urandom), send)
    brought = {**recorded(name)["body"], "state": begun.transaction.state}
    return begun, drive(flow.finish(brought, begun.transaction, now=NOW, entropy=os.urandom), send)


@pytest.mark.parametrize(("name", "error", "words"), REDIRECTS)
def test_a_sign_in_that_came_to_nothing(name, error, words):
    _, outcome = answered(name, answering("configuration-tenant"))
    assert isinstance(outcome, Refused)
    assert (outcome.why, outcome.error) == (Why.AUTHORITY_REFUSED, error)
    assert (outcome.detail or "").startswith(words or "")
    assert bool(outcome.detail) is bool(words)


def test_a_sign_in_from_beginning_to_end():
    keys = [*recorded("keys-tenant")["body"]["keys"], jwk("ours")]
    claims, nonces = recorded("id-token-of-v2")["body"], list[str]()
    tokens = recorded("tokens-of-a-person")["body"]
    published = answering("configuration-tenant", "keys-tenant", keys_tenant={"keys": keys})

    def send(call):
        if call.url != recorded("tokens-of-a-person")["asked"]:
            return published(call)
        told = {**claims, "aud": CLIENT, "nonce": nonces[0]}
        return Reply(status=200, body=json.dumps({**tokens, "id_token": signed(told, kid="ours")}).encode())

    flow = SignIn(
        WebApp(
            authority=f"{MICROSOFT}/{TENANT}",
            client_id=CLIENT,
            client_secret="s",
            redirect_uri=recorded("answer-with-code")["asked"],
        )
    )
    begun = drive(flow.begin(return_to="/", now=NOW, entropy=os.urandom), send)
    nonces.append(begun.transaction.nonce)
    brought = {**recorded("answer-with-code")["body"], "state": begun.transaction.state}
    outcome = drive(flow.finish(brought, begun.transaction, now=NOW, entropy=os.urandom), send)
    assert isinstance(outcome, SignedIn), outcome
    assert (outcome.tenant_id, outcome.session_id) == (TENANT, claims["sid"])
    assert "User.Read" in outcome.tokens.access.scopes


def test_each_recorded_answer_says_where_it_is_from():
    for file in FOLDER.glob("*.json"):
        found = json.loads(file.read_text("utf-8"))
        assert found["section"][0].isdigit(), file
        assert {"asked", "status", "body"} <= found.keys(), file

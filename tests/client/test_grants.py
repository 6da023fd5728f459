"""Each grant: what is posted, what comes of the answer, and every spoilt ID token refused."""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from entrada.client.authority import entra_authority
from entrada.client.discovery.provider import Provider
from entrada.client.driver import drive
from entrada.client.errors import (
    AuthorityRefused,
    BadAnswer,
    BadCredential,
    BadSettings,
    InteractionRequired,
    SignInCancelled,
    TimedOut,
    TokenRejected,
    Unreachable,
)
from entrada.client.flow import Reply, Tell
from entrada.client.grants.authorization_code import redeem
from entrada.client.grants.client_authentication import ClientSecret
from entrada.client.grants.client_credentials import client_credentials
from entrada.client.grants.device_code import device_code
from entrada.client.grants.managed_identity import identity_endpoint, managed_identity
from entrada.client.grants.on_behalf_of import on_behalf_of
from entrada.client.grants.refresh_token import refresh
from entrada.client.grants.registration import Registration
from entrada.client.interactive.sign_in import sign_in_of
from entrada.client.tokens import Account
from tests.client.fake_authority import AUTHORITY, CLIENT, NOW, TENANT, FakeAuthority, jwk, said
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, SPOILT_OF_ENTRA

ISSUER = f"https://login.example/{TENANT}/v2.0"
ADA = Account(issuer=ISSUER, tenant_id=TENANT, user_id="o-1", username="ada@colors.example", name="Ada")
SCOPES = ("api://colors/Colors.Read",)
AT = {"now": NOW, "entropy": os.urandom}
MACHINE = identity_endpoint({})


def registration(credential=None):
    return Registration(provider=Provider(entra_authority(AUTHORITY)), client_id=CLIENT, credential=credential)


CONFIDENTIAL = ClientSecret("s3")


def pending(error="authorization_pending"):
    return said({"error": error}, 400)


class Clock:
    """Moves when somebody waits."""

    def __init__(self):
        self.now = NOW
        self.waits = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now += int(seconds)


def by_device_code(authority, told=None, clock=None):
    clock = clock or Clock()
    flow = device_code(registration(), SCOPES, clock=clock, entropy=os.urandom)
    return drive(flow, authority, tell=(told if told is not None else []).append, wait=clock.wait)


def renewed(authority, account=ADA, **more):
    return drive(refresh(registration(), "rt", SCOPES, account=account, **AT, **more), authority)


def redeemed(authority, **answer):
    known = registration()
    sign_in = sign_in_of(known, SCOPES, "http://localhost:1234")
    begun = drive(sign_in.begin(return_to=None, **AT), authority)
    state = authority.asked(begun.url)["state"]
    parameters = {name: value for name, value in {"code": "c-1", "state": state, **answer}.items() if value is not None}
    flow = redeem(known, parameters, begun.transaction, redirect_uri="http://localhost:1234", scopes=SCOPES, **AT)
    return drive(flow, authority)


FLOWS: dict[str, Any] = {"device code": by_device_code, "refresh": renewed, "authorization code": redeemed}


# ---- every flow that brings an ID token ----


@pytest.mark.parametrize("flow", FLOWS)
def test_a_good_id_token_says_who_it_is(flow):
    tokens = FLOWS[flow](FakeAuthority(answer={"refresh_token": "rt-2"}))
    assert tokens.account == ADA
    assert (tokens.access.value, tokens.refresh_token, tokens.claims["sid"]) == ("at", "rt-2", "sess-1")


# The other two send nothing that a token could be bound to.
SPOILT = [
    (flow, name)
    for flow in FLOWS
    for name, row in SPOILT_OF_ENTRA.items()
    if flow == "authorization code" or not row.bound_to
]


@pytest.mark.parametrize(("flow", "name"), SPOILT)
def test_no_spoilt_id_token_is_believed(flow, name):
    row = SPOILT_OF_ENTRA[name]
    authority = FakeAuthority(keys=[jwk("k1"), *ALSO_PUBLISHED], spoilt=row)
    with pytest.raises(TokenRejected, match=row.flaw):
        FLOWS[flow](authority)


@pytest.mark.parametrize("flow", ["device code", "authorization code"])
def test_a_sign_in_without_an_id_token_is_none(flow):
    with pytest.raises(BadAnswer, match="no id_token"):
        FLOWS[flow](FakeAuthority(answer={"id_token": None}))


# ---- client credentials ----


def test_client_credentials():
    authority = FakeAuthority(answer={"id_token": None, "scope": None})
    tokens = drive(client_credentials(registration(CONFIDENTIAL), ("api://c/.default",), claims="{}", **AT), authority)
    assert authority.forms == [
        {"grant_type": "client_credentials", "scope": "api://c/.default", "claims": "{}", "client_id": CLIENT,
         "client_secret": "s3"}
    ]  # fmt: skip
    assert (tokens.access.scopes, tokens.account, tokens.refresh_token) == ({"api://c/.default"}, None, None)


def test_an_application_without_a_credential_has_no_tokens_of_its_own():
    authority = FakeAuthority()
    with pytest.raises(BadSettings):
        drive(client_credentials(registration(), SCOPES, **AT), authority)
    assert authority.calls == []


# ---- on behalf of ----


def test_on_behalf_of():
    authority = FakeAuthority()
    tokens = drive(on_behalf_of(registration(CONFIDENTIAL), "user.token", SCOPES, **AT), authority)
    [form] = authority.forms
    assert (form["grant_type"], form["assertion"]) == ("urn:ietf:params:oauth:grant-type:jwt-bearer", "user.token")
    assert form["requested_token_use"] == "on_behalf_of"
    assert form["scope"] == f"{SCOPES[0]} openid profile offline_access"
    assert tokens.account == ADA


def test_on_behalf_of_needs_a_credential():
    with pytest.raises(BadSettings):
        drive(on_behalf_of(registration(), "t", SCOPES, **AT), FakeAuthority())


def test_on_behalf_of_hands_the_challenge_to_the_caller():
    authority = FakeAuthority(first=[said({"error": "invalid_grant", "suberror": "basic_action", "claims": "{}"}, 400)])
    with pytest.raises(InteractionRequired) as error:
        drive(on_behalf_of(registration(CONFIDENTIAL), "t", SCOPES, **AT), authority)
    assert (error.value.said.claims, error.value.scopes) == ("{}", SCOPES)


# ---- refresh ----


def test_refreshing_for_another_api():
    authority = FakeAuthority(answer={"id_token": None})
    tokens = renewed(authority, claims="{}")
    assert authority.forms == [
        {"grant_type": "refresh_token", "refresh_token": "rt", "scope": f"{SCOPES[0]} openid profile offline_access",
         "claims": "{}", "client_id": CLIENT}
    ]  # fmt: skip
    assert tokens.account == ADA


# fmt: off
OTHERS = [
    pytest.param({"oid": "o-2", "sub": "s-2"},                    id="another person"),
    pytest.param({"tid": "9e7a1500-0000-4000-8000-000000000001",
                  "iss": "https://login.example/9e7a1500-0000-4000-8000-000000000001/v2.0"}, id="the same id in another tenant"),
]
# fmt: on


@pytest.mark.parametrize("claims", OTHERS)
def test_refreshing_never_turns_one_person_into_another(claims):
    with pytest.raises(TokenRejected):
        renewed(FakeAuthority(claims=claims))


def test_a_refresh_token_that_is_refused_wants_the_person():
    with pytest.raises(InteractionRequired):
        renewed(FakeAuthority(first=[said({"error": "invalid_grant"}, 400)]))


# ---- authorization code ----


def test_a_code_is_redeemed_by_its_verifier():
    authority = FakeAuthority()
    redeemed(authority)
    [form] = authority.forms
    assert (form["code"], form["redirect_uri"], form["client_id"]) == ("c-1", "http://localhost:1234", CLIENT)
    assert len(form["code_verifier"]) == 43
    assert "client_secret" not in form


# fmt: off
ANSWERS = [  # what the browser brings, what is raised, whether the code went anywhere
    pytest.param({"state": "other"},                      BadAnswer,        id="another sign-in's state"),
    pytest.param({"state": "ä"},                          BadAnswer,        id="a state that is no ASCII"),
    pytest.param({"state": None},                         BadAnswer,        id="no state"),
    pytest.param({"code": None},                          BadAnswer,        id="neither code nor error"),
    pytest.param({"code": "ä"},                           BadAnswer,        id="a code that is none"),
    pytest.param({"error": "access_denied"},              SignInCancelled,  id="the person said no"),
    pytest.param({"error": "server_error"},               AuthorityRefused, id="the authority failed"),
    pytest.param({"error": "interaction_required"},       InteractionRequired, id="silence was not possible"),
    pytest.param({"iss": "https://evil.example/v2.0"},    TokenRejected,    id="another authority's answer"),
    pytest.param({"iss": "https://login.example/9e7a1500-0000-4000-8000-000000000001/v2.0"}, TokenRejected, id="another tenant's"),
]
# fmt: on


@pytest.mark.parametrize(("answer", "error"), ANSWERS)
def test_an_answer_that_is_none(answer, error):
    with pytest.raises(error):
        redeemed(FakeAuthority(), **answer)


def test_a_code_goes_nowhere_when_the_answer_names_another_issuer():
    authority = FakeAuthority()
    with pytest.raises(TokenRejected):
        redeemed(authority, iss="https://evil.example/v2.0")
    assert authority.forms == []


def test_an_authority_that_names_itself_always_does():
    authority = FakeAuthority(metadata={"authorization_response_iss_parameter_supported": True})
    with pytest.raises(TokenRejected, match="mixed up"):
        redeemed(authority)
    assert redeemed(authority, iss=ISSUER).account == ADA


# ---- device code ----


def test_device_code():
    authority, told, clock = FakeAuthority(first=[pending(), pending()]), list[Tell](), Clock()
    authority.answer = {"scope": None}
    tokens = by_device_code(authority, told, clock)
    assert told == [
        Tell(
            message="Open it and enter the code.",
            url="https://login.example/devicelogin",
            user_code="ABCD1234",
            waits=900,
        )
    ]
    assert clock.waits == [5, 5, 5]
    assert authority.forms[0] == {"scope": f"{SCOPES[0]} openid profile offline_access", "client_id": CLIENT}
    assert authority.forms[-1] == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "d-1", "client_id": CLIENT
    }  # fmt: skip
    assert tokens.access.scopes == set(SCOPES)


def test_slow_down_is_for_every_later_poll():
    authority, clock = FakeAuthority(first=[pending("slow_down"), pending(), pending("slow_down"), pending()]), Clock()
    by_device_code(authority, clock=clock)
    assert clock.waits == [5, 10, 10, 15, 15]


def test_a_lost_connection_is_borne_ever_more_slowly():
    authority, clock = FakeAuthority(), Clock()
    authority.first = [said({}, 503), said({}, 503)]
    by_device_code(authority, clock=clock)
    assert clock.waits == [5, 10, 20]


# fmt: off
ENDS = [
    pytest.param("expired_token",          TimedOut,         id="expired"),
    pytest.param("code_expired",           TimedOut,         id="expired, newer"),
    pytest.param("authorization_declined", SignInCancelled,  id="declined"),
    pytest.param("access_denied",          SignInCancelled,  id="declined, as the RFC says it"),
    pytest.param("bad_verification_code",  AuthorityRefused, id="used already"),
    pytest.param("invalid_client",         AuthorityRefused, id="no public client"),
]
BEGINNINGS = [
    pytest.param({"device_code": None},                    id="no device code"),
    pytest.param({"user_code": None},                      id="no user code"),
    pytest.param({"verification_uri": None},               id="no page"),
    pytest.param({"verification_uri": "javascript:alert"}, id="a page that is none"),
]
# fmt: on


@pytest.mark.parametrize(("error", "raised"), ENDS)
def test_what_ends_a_device_code(error, raised):
    with pytest.raises(raised):
        by_device_code(FakeAuthority(first=[pending(), pending(error)]))


@pytest.mark.parametrize("device", BEGINNINGS)
def test_a_device_answer_that_is_none(device):
    with pytest.raises(BadAnswer):
        by_device_code(FakeAuthority(device=device))


def test_nobody_polls_for_ever():
    authority, clock = FakeAuthority(device={"expires_in": 60}), Clock()
    authority.first = [pending()] * 100
    with pytest.raises(TimedOut):
        by_device_code(authority, clock=clock)
    assert sum(clock.waits) < 60
    assert len(clock.waits) == 11


def test_the_older_spelling_of_the_page_and_no_message():
    authority = FakeAuthority(
        device={"verification_uri": None, "verification_url": "https://x.example/d", "message": None}
    )
    told = list[Tell]()
    by_device_code(authority, told)
    assert told[0].message == "To sign in, open https://x.example/d and enter the code ABCD1234."


def test_an_authority_without_device_codes():
    with pytest.raises(BadSettings):
        by_device_code(FakeAuthority(metadata={"device_authorization_endpoint": None}))


def test_a_message_cannot_move_the_cursor():
    told = list[Tell]()
    by_device_code(FakeAuthority(device={"message": "a\x1b[2Jb\nc"}), told)
    assert told[0].message == "a [2Jb c"


# ---- managed identity ----


def machine_answers(members, status=200, endpoint=MACHINE, scopes=("api://c/.default",), **asked):
    calls = []

    def send(call):
        calls.append(call)
        return said(members, status)

    return drive(managed_identity(endpoint, scopes, now=NOW, **asked), send), calls[0]


def test_the_metadata_service_of_a_machine():
    tokens, call = machine_answers({"access_token": "at", "expires_in": "3599", "expires_on": str(NOW + 3599),
                                    "token_type": "Bearer"})  # fmt: skip
    url = urlsplit(call.url)
    assert f"{url.scheme}://{url.netloc}{url.path}" == "http://169.254.169.254/metadata/identity/oauth2/token"
    assert parse_qs(url.query) == {"api-version": ["2018-02-01"], "resource": ["api://c"]}
    assert call.headers == {"metadata": "true"}
    assert (tokens.access.expires_at, tokens.access.scopes) == (NOW + 3599, {"api://c/.default"})


def test_the_identity_endpoint_of_app_service():
    endpoint = identity_endpoint({"IDENTITY_ENDPOINT": "http://localhost:8445/msi/token", "IDENTITY_HEADER": "h"})
    tokens, call = machine_answers(
        {"access_token": "at", "expires_on": NOW + 60, "token_type": "Bearer"}, endpoint=endpoint, client_id="app"
    )
    assert parse_qs(urlsplit(call.url).query) == {
        "api-version": ["2019-08-01"], "resource": ["api://c"], "client_id": ["app"]
    }  # fmt: skip
    assert call.headers == {"x-identity-header": "h"}
    assert tokens.access.expires_at == NOW + 60
    assert "'h'" not in repr(call)


def test_a_machine_without_that_identity():
    with pytest.raises(BadCredential, match="Identity not found"):
        machine_answers({"error": "invalid_request", "error_description": "Identity not found"}, 400)


def test_a_machine_without_any():
    def nobody(_):
        raise Unreachable("no route")

    with pytest.raises(Unreachable, match=r"There is no managed identity here: .* Elsewhere use a secret"):
        drive(managed_identity(MACHINE, ("api://c/.default",), now=NOW), nobody)


@pytest.mark.parametrize("scopes", [(), ("a", "b")])
def test_a_machine_is_asked_for_one_api(scopes):
    with pytest.raises(BadSettings):
        drive(managed_identity(MACHINE, scopes, now=NOW), lambda _: Reply(status=200, body=b"{}"))


def test_an_identity_endpoint_that_is_no_url():
    with pytest.raises(BadSettings, match="IDENTITY_ENDPOINT"):
        identity_endpoint({"IDENTITY_ENDPOINT": "file:///etc/passwd", "IDENTITY_HEADER": "h"})

"""An application acts for itself, at the real application: by secret, certificate and federated credential.

Reference sections 15 to 17, 20 and 31; RFC 6749 §4.4; RFC 7521; RFC 7523.
"""

import asyncio
import base64
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.errors import catalogue as why
from entrada.core.jose.jwk_set import parse_jwk_set
from entrada.core.protocol.client_authentication.assertion import ASSERTION_TYPE
from entrada.core.protocol.effects import PutEntity
from entrada.testing import ORIGIN, START
from tests.drivers.assertions import certified, jwt, public_jwk, rsa_key, unpadded
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    CLI,
    COLORS,
    COLORS_API,
    DAEMON,
    MULTI,
    PETALS,
    change,
    commit,
    contents,
    disable_tenant,
    expected,
    reason_of,
)

API = f"api://{COLORS_API}"
GRAPH = "https://graph.microsoft.com"
ENDPOINT = f"{ORIGIN}/{COLORS}/oauth2/v2.0/token"
ISSUER, SUBJECT, AUDIENCE = "https://tokens.example", "repo:colors/paint", "api://AzureADTokenExchange"
ONE = certified("daemon")
DAEMON_PRINCIPAL = service_principal_id(TenantId(COLORS), ClientId(DAEMON))
BY_SECRET = {"client_id": DAEMON, "client_secret": "daemon-dev-secret"}
FORM = {"grant_type": "client_credentials", "scope": f"{API}/.default", **BY_SECRET}


def application(there: InProcess, client_id: str = DAEMON) -> Application:
    found = asyncio.run(there.platform.here.store.find_application(ClientId(client_id)))
    assert found is not None
    return found


def principal(there: InProcess, app_id: str, tenant: str = COLORS) -> ServicePrincipal:
    found = asyncio.run(there.platform.here.store.find_service_principal(TenantId(tenant), ClientId(app_id)))
    assert found is not None
    return found


def register(there: InProcess, client_id: str = DAEMON) -> None:
    """A certificate, an external issuer, and this installation's own application tokens as a third."""
    credential = FederatedCredential(id=COLORS, name="ci", issuer=ISSUER, subject=SUBJECT, audience=AUDIENCE)
    own = evolve(
        credential, name="own", issuer=f"{ORIGIN}/{COLORS}/v2.0", subject=DAEMON_PRINCIPAL, audience=COLORS_API
    )
    change(
        there.platform.here.store,
        application(there, client_id),
        certificates=(ONE.registered(),),
        federated_credentials=(credential, own),
    )
    there.platform.issuers.published[ISSUER] = parse_jwk_set({"keys": [public_jwk(rsa_key("issuer"), kid="k")]})


@pytest.fixture(scope="module")
def there(shared: InProcess) -> InProcess:
    register(shared)
    return shared


def post(
    there: InProcess, form: dict[str, str | None], path: str = f"/{COLORS}/oauth2/v2.0/token", **headers: str
) -> Any:
    return there.client.post(
        path,
        content=urlencode({name: value for name, value in form.items() if value is not None}),
        headers={"content-type": "application/x-www-form-urlencoded", **headers},
    )


def claims_of(there: InProcess, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    here = there.platform.here
    return dict(asyncio.run(here.signing_keys.verify(answer.json()["access_token"], here.clock())))


def by_certificate(**changes: Any) -> dict[str, str | None]:
    header = {"alg": "PS256", "x5t#S256": unpadded(ONE.sha256)}
    claims = {"aud": ENDPOINT, "iss": DAEMON, "sub": DAEMON, "exp": START + 600, **changes}
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": jwt(ONE.key, header, claims)}


def by_issuer(key: Any = rsa_key("issuer"), **changes: Any) -> dict[str, str | None]:  # noqa: B008 - made once
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "exp": START + 300, **changes}
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": jwt(key, {"alg": "RS256", "kid": "k"}, claims)}


SECRETLESS = {**FORM, "client_secret": None}
ASKED = {"grant_type": "client_credentials", "scope": f"{API}/.default"}


# ---- what comes back ----


def test_the_answer_holds_a_token_and_nothing_else(there, untouched):
    answer = post(there, FORM)
    body = answer.json()
    assert list(body) == ["token_type", "expires_in", "ext_expires_in", "access_token"]
    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == ("Bearer", 3599, 3599)
    assert answer.headers["cache-control"] == "no-store, no-cache"
    claims = claims_of(there, answer)
    assert claims["sub"] == claims["oid"] == DAEMON_PRINCIPAL
    assert (claims["roles"], claims["azpacr"], claims["aud"]) == (["Colors.ReadAll"], "1", COLORS_API)
    assert "scp" not in claims


def test_v1_writes_its_numbers_as_text(there):
    answer = post(there, {**FORM, "scope": None, "resource": GRAPH}, f"/{COLORS}/oauth2/token")
    body = answer.json()
    assert set(body) == {
        "token_type", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource", "access_token",
    }  # fmt: skip
    assert (body["expires_in"], body["resource"]) == ("3599", GRAPH)
    claims = claims_of(there, answer)
    assert (claims["aud"], claims["appid"], claims["appidacr"], claims["ver"]) == (GRAPH, DAEMON, "1", "1.0")
    assert "roles" not in claims


@pytest.mark.parametrize("resource", [API, API + "/", COLORS_API])
def test_v1_takes_every_spelling_of_the_resource(there, resource):
    answer = post(there, {**FORM, "scope": None, "resource": resource}, f"/{COLORS}/oauth2/token")
    assert claims_of(there, answer)["aud"] == COLORS_API
    assert answer.json()["resource"] == resource


# fmt: off
PROVEN = [  # the form, headers, the proof
    pytest.param({**ASKED, "client_id": DAEMON, **by_certificate()},  "2", id="a certificate"),
    pytest.param({**ASKED, **by_certificate()},                       "2", id="a certificate, and no client_id"),
    pytest.param({**ASKED, "client_id": DAEMON, **by_issuer()},       "2", id="an issuer's token"),
    pytest.param({**ASKED, "client_id": DAEMON.upper(), **by_certificate()}, "2", id="a client_id in capitals"),
    pytest.param(FORM,                                                "1", id="a secret"),
]
REFUSED = [  # the form, where it is sent, headers, the reason
    pytest.param({**FORM, "client_secret": "wrong"},                  COLORS,   {}, why.WRONG_SECRET,           id="a wrong secret"),
    pytest.param(SECRETLESS,                                          COLORS,   {}, why.CREDENTIAL_MISSING,     id="no credential"),
    pytest.param({**FORM, "client_id": CLI, "client_secret": None},   COLORS,   {}, why.CREDENTIAL_MISSING,     id="a public client"),
    pytest.param({**FORM, **by_certificate()},                        COLORS,   {}, why.BAD_REQUEST,            id="a secret and an assertion"),
    pytest.param({**SECRETLESS, "client_assertion_type": ASSERTION_TYPE}, COLORS, {}, why.MISSING_PARAMETER,    id="a type without an assertion"),
    pytest.param({**SECRETLESS, **by_certificate(), "client_assertion_type": None}, COLORS, {}, why.MALFORMED_ASSERTION, id="an assertion without a type"),
    pytest.param({**SECRETLESS, **by_certificate(), "client_assertion": "abc"}, COLORS, {}, why.MALFORMED_ASSERTION, id="an assertion that is none"),
    pytest.param({**SECRETLESS, **by_certificate(exp=START)},         COLORS,   {}, why.ASSERTION_OUT_OF_TIME,  id="an assertion that has expired"),
    pytest.param({**SECRETLESS, **by_certificate(aud=f"{ORIGIN}/{PETALS}/oauth2/v2.0/token")}, COLORS, {}, why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="an assertion for another tenant"),
    pytest.param({**SECRETLESS, "client_id": MULTI, **by_certificate()}, COLORS, {}, why.ASSERTION_UNVERIFIED,  id="another client's assertion"),
    pytest.param({**ASKED, **by_issuer()},                            COLORS,   {}, why.MISSING_PARAMETER,      id="an issuer's token names no client of ours"),
    pytest.param({**SECRETLESS, **by_issuer(key=rsa_key("stranger"))}, COLORS,  {}, why.ASSERTION_UNVERIFIED,   id="an issuer's token with a stranger's key"),
    pytest.param({**SECRETLESS, **by_issuer(sub="other")},            COLORS,   {}, why.FEDERATED_SUBJECT_UNKNOWN, id="another subject"),
    pytest.param({**SECRETLESS, **by_issuer(aud="other")},            COLORS,   {}, why.FEDERATED_AUDIENCE_UNKNOWN, id="another audience"),
    pytest.param({**SECRETLESS, **by_issuer(iss="https://other.example")}, COLORS, {}, why.FEDERATED_ISSUER_UNKNOWN, id="an issuer that no registration names"),
    pytest.param({**SECRETLESS, "client_id": MULTI, **by_issuer()},   COLORS,   {}, why.NO_FEDERATED_CREDENTIAL, id="a client that trusts no issuer"),
    pytest.param(FORM,                                                COLORS,   {"origin": "https://a.example"}, why.ORIGIN_NEEDS_SPA, id="from a script"),
    pytest.param({**FORM, "scope": None},                             COLORS,   {}, why.MISSING_PARAMETER,      id="no scope"),
    pytest.param({**FORM, "scope": f"{API}/Colors.ReadAll"},          COLORS,   {}, why.SCOPE_NOT_DEFAULT,      id="a role by name"),
    pytest.param({**FORM, "scope": f"{API}/.default {GRAPH}/.default"}, COLORS, {}, why.INVALID_SCOPE,          id="two resources"),
    pytest.param({**FORM, "scope": "api://nobody/.default"},          COLORS,   {}, why.RESOURCE_NOT_FOUND,     id="an unknown resource"),
    pytest.param({**FORM, "resource": GRAPH},                         COLORS,   {}, why.RESOURCE_ON_V2,         id="resource at v2.0"),
    pytest.param(FORM,                                                PETALS,   {}, why.CLIENT_NOT_FOUND,       id="a single-tenant client elsewhere"),
    pytest.param(FORM,                                                "common", {}, why.NOT_MULTI_TENANT,       id="a single-tenant client at /common"),
    pytest.param({**FORM, "client_id": MULTI, "client_secret": "multi-dev-secret"}, "common", {}, why.TENANT_NOT_NAMED, id="/common"),
    pytest.param({**FORM, "client_id": MULTI, "client_secret": "multi-dev-secret"}, "organizations", {}, why.TENANT_NOT_NAMED, id="/organizations"),
    pytest.param({**FORM, "client_id": MULTI, "client_secret": "multi-dev-secret", "scope": f"{GRAPH}/.default"}, PETALS, {}, why.CLIENT_NOT_FOUND, id="a multi-tenant client where it is not installed"),
]
# fmt: on


@pytest.mark.parametrize(("form", "proof"), PROVEN)
def test_ways_to_prove_it(there, untouched, form, proof):
    assert claims_of(there, post(there, form))["azpacr"] == proof


@pytest.mark.parametrize(("form", "tenant", "headers", "reason"), REFUSED)
def test_refused_and_nothing_written(there, untouched, form, tenant, headers, reason):
    answer = post(there, form, f"/{tenant}/oauth2/v2.0/token", **headers)
    assert reason_of(answer) == expected(reason)
    assert "access_token" not in answer.json()


def test_basic_and_an_assertion_are_two_credentials(there):
    basic = base64.b64encode(f"{DAEMON}:daemon-dev-secret".encode()).decode()
    answer = post(there, {**ASKED, **by_certificate()}, authorization=f"Basic {basic}")
    assert reason_of(answer) == expected(why.BAD_REQUEST)


def test_an_assertion_is_good_for_every_spelling_of_the_tenant(there):
    form = {**ASKED, **by_certificate(aud=f"{ORIGIN}/colors.example/oauth2/v2.0/token")}
    for tenant in ("colors.example", "Colors.Example", COLORS):
        assert post(there, form, f"/{tenant}/oauth2/v2.0/token").status_code == 200


def test_an_assertion_serves_until_it_expires(in_process):
    register(in_process)
    form = {**ASKED, **by_certificate()}
    for after in (0, 300, 299):
        in_process.clock.advance(after)
        assert post(in_process, form).status_code == 200
    in_process.clock.advance(1)
    assert reason_of(post(in_process, form)) == expected(why.ASSERTION_OUT_OF_TIME)


def test_an_issuer_that_does_not_answer(in_process):
    register(in_process)
    in_process.platform.issuers.published.clear()
    answer = post(in_process, {**SECRETLESS, **by_issuer()})
    assert reason_of(answer) == expected(why.ISSUER_UNREACHABLE)


def test_our_own_application_tokens_may_stand_for_a_client_and_no_others(in_process):
    register(in_process, MULTI)
    register(in_process)
    own = post(in_process, FORM).json()["access_token"]

    def present(token: str) -> Any:
        form = {"client_id": MULTI, "client_assertion_type": ASSERTION_TYPE, "client_assertion": token}
        return post(in_process, {**ASKED, **form})

    assert claims_of(in_process, present(own))["azp"] == MULTI
    here = in_process.platform.here
    claims = claims_of(in_process, post(in_process, FORM))
    key = asyncio.run(here.signing_keys.signer(here.clock()))
    users = jwt(key.private_key, {"alg": "RS256", "kid": key.kid}, {**claims, "scp": "User.Read"})
    assert reason_of(present(users)) == expected(why.FORBIDDEN_TOKEN_TYPE)
    for changed in ({"tid": "common"}, {"tid": "\0"}, {"tid": None}, {"tid": PETALS}, {"azp": None}, {"azp": COLORS}):
        spoilt = jwt(key.private_key, {"alg": "RS256", "kid": key.kid}, {**claims, **changed})
        assert reason_of(present(spoilt)) == expected(why.CLIENT_DISABLED)
    # Who got the token must still be welcome when it is used.
    change(here.store, application(in_process), enabled=False)
    refused = present(own)
    assert reason_of(refused) == expected(why.CLIENT_DISABLED)
    assert DAEMON in refused.json()["error_description"]
    # But a forged token tells nothing of it.
    forged = jwt(rsa_key("stranger"), {"alg": "RS256", "kid": key.kid}, claims)
    assert reason_of(present(forged)) == expected(why.ASSERTION_UNVERIFIED)


# ---- what changes between two requests ----


def test_an_api_that_is_for_assigned_applications_only(in_process):
    store = in_process.platform.here.store
    change(store, principal(in_process, COLORS_API), app_role_assignment_required=True)
    assert post(in_process, FORM).status_code == 200
    form = {**FORM, "client_id": MULTI, "client_secret": "multi-dev-secret"}
    assert reason_of(post(in_process, form)) == expected(why.ROLE_ASSIGNMENT_MISSING)


def test_an_api_that_is_disabled(in_process):
    change(in_process.platform.here.store, principal(in_process, COLORS_API), account_enabled=False)
    assert reason_of(post(in_process, FORM)) == expected(why.RESOURCE_DISABLED)


def test_a_client_that_is_disabled(in_process):
    change(in_process.platform.here.store, application(in_process), enabled=False)
    assert reason_of(post(in_process, FORM)) == expected(why.CLIENT_DISABLED)


def test_a_tenant_that_is_disabled(in_process):
    disable_tenant(in_process)
    assert reason_of(post(in_process, FORM)) == expected(why.TENANT_NOT_FOUND)


def test_a_certificate_that_has_expired(in_process):
    store = in_process.platform.here.store
    change(store, application(in_process), certificates=(ONE.registered(expires_at=START),))
    assert reason_of(post(in_process, {**ASKED, **by_certificate()})) == expected(why.CERTIFICATE_EXPIRED)
    change(store, application(in_process), certificates=(ONE.registered(not_before=START + 1),))
    assert reason_of(post(in_process, {**ASKED, **by_certificate()})) == expected(why.CERTIFICATE_NOT_YET_VALID)


def test_a_multi_tenant_client_where_it_is_installed(in_process):
    installed = ServicePrincipal(
        id=service_principal_id(TenantId(PETALS), ClientId(MULTI)), tenant_id=TenantId(PETALS), app_id=ClientId(MULTI)
    )
    commit(in_process.platform.here.store, PutEntity(installed))
    form = {**FORM, "client_id": MULTI, "client_secret": "multi-dev-secret", "scope": f"{GRAPH}/.default"}
    claims = claims_of(in_process, post(in_process, form, f"/{PETALS}/oauth2/v2.0/token"))
    assert (claims["tid"], claims["oid"]) == (PETALS, installed.id)
    # The Colors API is its own tenant's, wherever the client comes from.
    answer = post(in_process, {**form, "scope": f"{API}/.default"}, f"/{PETALS}/oauth2/v2.0/token")
    assert reason_of(answer) == expected(why.RESOURCE_NOT_FOUND)


def test_nothing_is_written(in_process):
    register(in_process)
    before = contents(in_process.platform.here.store)
    for form in (FORM, {**ASKED, **by_certificate()}, {**SECRETLESS, **by_issuer()}):
        assert post(in_process, form).status_code == 200
    assert contents(in_process.platform.here.store) == before


@pytest.mark.parametrize("path", ["/v1.0/me", "/v1.0/me/messages", "/oidc/userinfo"])
def test_graph_wants_somebody_who_is_signed_in(there, path):
    token = post(there, {**FORM, "scope": f"{GRAPH}/.default"}).json()["access_token"]
    answer = there.client.get(path, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Authorization_RequestDenied")


def test_graph_asks_whether_the_application_is_still_welcome(in_process):
    token = post(in_process, {**FORM, "scope": f"{GRAPH}/.default"}).json()["access_token"]
    change(in_process.platform.here.store, application(in_process), enabled=False)
    answer = in_process.client.get("/v1.0/me", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")

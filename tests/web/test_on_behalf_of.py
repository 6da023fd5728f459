"""A middle tier acts on behalf of the user of the token it received.  Reference section 21."""

import asyncio
from typing import Any, Final

import httpx2
import pytest
from attrs import evolve

from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.ids import ApplicationId, ClientId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.jose import compact
from entrada.core.protocol.effects import PutEntity, RevokeSessionFamilies
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    BEN,
    CLI_APP,
    COLORS,
    COLORS_API,
    PETALS,
    REPSYS,
    REPSYS_APP,
    App,
    Seat,
    change,
    change_password,
    commit,
    contents,
    disable_tenant,
    disable_user,
    expected,
    grant,
    installed,
    reason_of,
)

MIDDLE: Final = "c0105000-0000-4000-8000-00000000b0b0"
MIDDLE_APP: Final = App(client_id=MIDDLE, redirect_uri="", secret="middle-dev-secret")
ACCESS: Final = f"api://{MIDDLE}/access_as_user"
COLORS_READ: Final = f"api://{COLORS_API}/Colors.Read"
GRAPH: Final = "00000003-0000-0000-c000-000000000000"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture
def tier(in_process: InProcess) -> Seat:
    consented(in_process)
    return Seat(in_process, MIDDLE_APP)


def consented(there: InProcess) -> None:
    """Ada, an administrator, has consented for everybody: to the CLI on the middle tier, to that on the Colors API."""
    grant(there, CLI_APP.client_id, MIDDLE, "access_as_user")
    grant(there, MIDDLE, COLORS_API, "Colors.Read")
    grant(there, MIDDLE, GRAPH, "openid profile offline_access User.Read")


def users_token(there: InProcess, app: App = CLI_APP, scope: str = f"openid offline_access {ACCESS}") -> dict[str, Any]:
    return Seat(there, app).tokens({"scope": scope})


def on_behalf(tier: Seat, assertion: str, **changes: str | None) -> httpx2.Response:
    form = {
        "grant_type": GRANT,
        "client_id": MIDDLE,
        "client_secret": "middle-dev-secret",
        "assertion": assertion,
        "requested_token_use": "on_behalf_of",
        "scope": f"{COLORS_READ} openid profile offline_access",
        **changes,
    }
    return tier.post(form)


def claims_of(there: InProcess, token: str) -> Any:
    here = there.platform.here
    return asyncio.run(here.signing_keys.verify(token, here.clock()))


def test_the_downstream_token_speaks_of_the_user_and_names_the_middle_tier(in_process, tier):
    answer = on_behalf(tier, users_token(in_process)["access_token"])
    body = answer.json()
    claims = claims_of(in_process, body["access_token"])
    assert (claims["aud"], claims["azp"], claims["oid"], claims["scp"], claims["azpacr"]) == (
        COLORS_API, MIDDLE, BEN, "Colors.Read", "1",
    )  # fmt: skip
    assert list(body) == [
        "token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token",
    ]  # fmt: skip


def test_nothing_is_written(in_process, tier):
    assertion = users_token(in_process)["access_token"]
    before = contents(in_process.platform.here.store)
    assert on_behalf(tier, assertion).status_code == 200
    assert contents(in_process.platform.here.store) == before


def test_its_refresh_token_serves_again_and_again_until_the_sign_in_behind_it_ends(in_process, tier):
    token = on_behalf(tier, users_token(in_process)["access_token"]).json()["refresh_token"]
    for _ in range(2):
        again = tier.refresh(token, {"scope": COLORS_READ})
        assert claims_of(in_process, again.json()["access_token"])["aud"] == COLORS_API
    end_families(in_process)
    assert reason_of(tier.refresh(token, {"scope": COLORS_READ})) == expected(why.GRANT_EXPIRED)


def test_another_tier_on_top_carries_the_same_sign_in(in_process, tier):
    grant(in_process, MIDDLE, MIDDLE, "access_as_user")
    first = on_behalf(tier, users_token(in_process)["access_token"], scope=ACCESS).json()["access_token"]
    second = on_behalf(tier, first)
    assert claims_of(in_process, second.json()["access_token"])["oid"] == BEN
    end_families(in_process)
    assert reason_of(on_behalf(tier, first)) == expected(why.GRANT_EXPIRED)


def end_families(there: InProcess) -> None:
    store = there.platform.here.store
    (session,) = asyncio.run(store.list_sessions(TenantId(COLORS), BEN))
    commit(store, RevokeSessionFamilies(TenantId(COLORS), session.id, there.clock()))


# fmt: off
SPOILT = [  # what is sent instead, the reason
    pytest.param({"assertion": None},                     why.MISSING_PARAMETER,    id="no assertion"),
    pytest.param({"requested_token_use": None},           why.MISSING_PARAMETER,    id="no use named"),
    pytest.param({"requested_token_use": "anything"},     why.INVALID_PARAMETER,    id="another use"),
    pytest.param({"scope": None},                         why.MISSING_PARAMETER,    id="no scope"),
    pytest.param({"requested_token_type": "urn:ietf:params:oauth:token-type:saml2"}, why.BAD_REQUEST, id="SAML"),
    pytest.param({"assertion": "e30.e30.e30"},            why.INVALID_ASSERTION,    id="no token of ours"),
    pytest.param({"client_secret": None},                 why.CREDENTIAL_MISSING,   id="no secret"),
    pytest.param({"client_secret": "wrong"},              why.WRONG_SECRET,         id="a wrong secret"),
    pytest.param({"scope": f"api://{COLORS_API}/Colors.Write"}, why.CONSENT_MISSING, id="a scope nobody consented to"),
    pytest.param({"scope": f"{COLORS_READ} User.Read"},   why.SEVERAL_RESOURCES,    id="two resources"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "reason"), SPOILT)
def test_spoilt_requests(in_process, tier, changes, reason):
    assertion = users_token(in_process)["access_token"]
    assert reason_of(on_behalf(tier, **{"assertion": assertion, **changes})) == expected(reason)


def test_whose_token_it_must_be(in_process, tier):
    tokens = users_token(in_process)
    foreign = users_token(in_process, REPSYS_APP, "openid User.Read")["access_token"]
    assert reason_of(on_behalf(tier, foreign)) == expected(why.ASSERTION_FOR_ANOTHER)
    assert reason_of(on_behalf(tier, tokens["id_token"])) == expected(why.ASSERTION_FOR_ANOTHER)
    assert reason_of(on_behalf(tier, tokens["refresh_token"])) == expected(why.INVALID_ASSERTION)
    in_process.clock.advance(2 * 60 * 60)
    assert reason_of(on_behalf(tier, tokens["access_token"])) == expected(why.ASSERTION_EXPIRED)


def forged(there: InProcess, token: str, **changes: object) -> str:
    """*token* with other claims under our own signature."""
    here = there.platform.here
    claims = {**claims_of(there, token), **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    return compact.sign(kept, asyncio.run(here.signing_keys.signer(here.clock())))


def test_only_access_tokens_of_users_stand_for_somebody(in_process, tier):
    token = users_token(in_process)["access_token"]
    for changes, reason in (
        ({"scp": None}, why.APP_ONLY_ASSERTION),
        ({"scp": None, "azp": None}, why.ID_TOKEN_AS_ASSERTION),
        ({"aio": None}, why.INVALID_ASSERTION),
        ({"aio": "1.x"}, why.INVALID_ASSERTION),
        ({"iss": "https://elsewhere.example/v2.0"}, why.INVALID_ASSERTION),
        ({"aud": f"API://{MIDDLE}"}, why.ASSERTION_FOR_ANOTHER),
    ):
        assert reason_of(on_behalf(tier, forged(in_process, token, **changes))) == expected(reason)


def test_an_application_uri_is_an_audience_too(in_process, tier):
    token = users_token(in_process)["access_token"]
    assert on_behalf(tier, forged(in_process, token, aud=f"api://{MIDDLE}")).status_code == 200


def test_at_another_tenant_it_is_refused(in_process):
    consented(in_process)
    store = in_process.platform.here.store
    found: Application | None = asyncio.run(store.find_application(ClientId(MIDDLE)))
    assert found is not None
    commit(store, PutEntity(evolve(found, sign_in_audience="AzureADMultipleOrgs")))
    token = users_token(in_process)["access_token"]
    elsewhere = Seat(in_process, evolve(MIDDLE_APP, tenant=PETALS))
    assert reason_of(on_behalf(elsewhere, token)) == expected(why.OTHER_TENANTS_GRANT)


DEEDS = [
    pytest.param(disable_user, why.USER_DISABLED, id="the user is disabled"),
    pytest.param(disable_tenant, why.TENANT_NOT_FOUND, id="the tenant is disabled"),
    pytest.param(change_password, why.FRESH_TOKEN_NEEDED, id="the password was changed"),
]


@pytest.mark.parametrize(("deed", "reason"), DEEDS)
def test_what_changed_since_the_token_was_issued_counts(in_process, tier, deed, reason):
    token = users_token(in_process)["access_token"]
    deed(in_process)
    assert reason_of(on_behalf(tier, token)) == expected(reason)


def middle_tier(there: InProcess) -> Application:
    found: Application | None = asyncio.run(there.platform.here.store.find_application(ClientId(MIDDLE)))
    assert found is not None
    return found


def test_an_api_of_another_tenant_with_the_same_uri_cannot_use_the_token(in_process):
    """A v1.0 token names its audience by a text that two tenants may both have registered."""
    consented(in_process)
    store, ours = in_process.platform.here.store, middle_tier(in_process)
    change(store, ours, identifier_uris=("api://orders",), requested_access_token_version=None)
    other = ClientId("9e7a1500-0000-4000-8000-0000000000aa")
    theirs = evolve(
        ours,
        id=ApplicationId(other),
        app_id=other,
        tenant_id=TenantId(PETALS),
        identifier_uris=("api://orders",),
        sign_in_audience=SignInAudience.MULTIPLE_ORGS,
        requested_access_token_version=None,
        version=0,
    )
    commit(store, PutEntity(theirs))
    grant(in_process, other, GRAPH, "User.Read openid profile offline_access")
    token = users_token(in_process, scope="openid offline_access api://orders/access_as_user")["access_token"]
    thief = Seat(in_process, App(client_id=other, redirect_uri="", secret="middle-dev-secret"))
    refused = on_behalf(thief, token, client_id=other, scope="User.Read")
    assert reason_of(refused) == expected(why.ASSERTION_FOR_ANOTHER)


def test_whoever_brought_the_token_must_still_be_welcome(in_process, tier):
    token = users_token(in_process)["access_token"]
    refresh = on_behalf(tier, token).json()["refresh_token"]
    principal = installed(in_process.platform.here.store, ClientId(CLI_APP.client_id), TenantId(COLORS))
    change(in_process.platform.here.store, principal, account_enabled=False)
    assert reason_of(on_behalf(tier, token)) == expected(why.CLIENT_DISABLED)
    assert reason_of(tier.refresh(refresh, {"scope": COLORS_READ})) == expected(why.CLIENT_DISABLED)


def test_a_tier_in_between_must_still_be_welcome(in_process, tier):
    """From the CLI to repsys' API, from there to the middle tier, from there to the Colors API."""
    store = in_process.platform.here.store
    repsys = asyncio.run(store.find_application(ClientId(REPSYS)))
    change(store, repsys, scopes=middle_tier(in_process).scopes, identifier_uris=(f"api://{REPSYS}",))
    grant(in_process, CLI_APP.client_id, REPSYS, "access_as_user")
    grant(in_process, REPSYS, MIDDLE, "access_as_user")
    first = users_token(in_process, scope=f"openid offline_access api://{REPSYS}/access_as_user")["access_token"]
    between = Seat(in_process, REPSYS_APP)
    second = on_behalf(between, first, client_id=REPSYS, client_secret="repsys-dev-secret", scope=ACCESS).json()
    refresh = on_behalf(tier, second["access_token"]).json()["refresh_token"]
    change(store, asyncio.run(store.find_application(ClientId(REPSYS))), enabled=False)
    assert reason_of(on_behalf(tier, second["access_token"])) == expected(why.CLIENT_DISABLED)
    assert reason_of(tier.refresh(refresh, {"scope": COLORS_READ})) == expected(why.CLIENT_DISABLED)

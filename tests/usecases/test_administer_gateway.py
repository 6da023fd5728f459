"""The gateway's nouns: kept whole, told of in the audit log, and never with a secret in sight."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import OF_ALL, Configuration, PolicyScope
from entrada.core.gateway.consistency import broken
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.ids import (
    ApiId,
    AuthorizationServerId,
    NamedValueId,
    OpenIdProviderId,
    OperationId,
    ProductId,
)
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.product import State as Published
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings, OpenIdSettings
from entrada.core.gateway.entities.subscription import State as Standing
from entrada.core.gateway.refusal import PolicyRefused
from entrada.server.usecases.gateway import outcome
from entrada.server.usecases.gateway.apis import change_api, create_api, delete_api, find_api, list_apis
from entrada.server.usecases.gateway.authorization_servers import (
    authorization_server_secrets,
    change_authorization_server,
    create_authorization_server,
    delete_authorization_server,
    find_authorization_server,
    redirect_url,
)
from entrada.server.usecases.gateway.load import load_configuration, load_records
from entrada.server.usecases.gateway.named_values import (
    change_named_value,
    create_named_value,
    delete_named_value,
    find_named_value,
    named_value_secret,
)
from entrada.server.usecases.gateway.openid_providers import (
    create_openid_provider,
    delete_openid_provider,
    openid_provider_secret,
)
from entrada.server.usecases.gateway.operations import (
    change_operation,
    create_operation,
    delete_operation,
    list_operations,
)
from entrada.server.usecases.gateway.own_subscriptions import (
    cancel_own_subscription,
    list_own_subscriptions,
    rename_own_subscription,
    request_subscription,
)
from entrada.server.usecases.gateway.policies import (
    check_policy,
    delete_policy,
    find_policy,
    list_policies,
    save_policy,
)
from entrada.server.usecases.gateway.products import (
    add_to_product,
    create_product,
    delete_product,
    find_product,
    take_from_product,
)
from entrada.server.usecases.gateway.subscriptions import (
    NewSubscription,
    change_subscription,
    create_subscription,
    delete_subscription,
    find_subscription,
    list_subscriptions,
    regenerate_primary_key,
    regenerate_secondary_key,
    set_state,
    subscription_keys,
)
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, TENANT, activities, audits, ben, program, refused, run

ADMIN: Final = ben(role.GLOBAL_ADMINISTRATOR)
READER: Final = ben(role.GLOBAL_READER)
DEVELOPER: Final = ben()
SECRET: Final = "a secret that nobody may see"
API: Final = Api(id=ApiId("shades"), display_name="Shades", path="shades")
LIST: Final = Operation(id=OperationId("list"), display_name="List", method="GET", url_template="/{name}")
OF_API: Final = PolicyScope(api_id=API.id)
OF_LIST: Final = PolicyScope(api_id=API.id, operation_id=LIST.id)
STARTER: Final = Product(id=ProductId("starter"), display_name="Starter", state=Published.PUBLISHED)
SERVER: Final = AuthorizationServer(
    id=AuthorizationServerId("Login"),
    display_name="Login",
    authorization_endpoint="https://x.example/authorize",
    token_endpoint="https://x.example/token",
    client_id="c",
    client_secret=SECRET,
)
PROVIDER: Final = OpenIdProvider(
    id=OpenIdProviderId("oidc"), display_name="O", metadata_endpoint="https://x.example/m", client_id="c"
)
VALUE: Final = NamedValue(id=NamedValueId("limit"), display_name="limit", value="5")
GOOD: Final = "<policies><inbound><base/></inbound></policies>"
LIMITED: Final = (
    '<policies>\n <inbound>\n  <rate-limit calls="{{limit}}" renewal-period="60"/>\n </inbound>\n</policies>'
)


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def message(work: Any) -> str:
    done = asyncio.run(work)
    assert isinstance(done, Problem), done
    return done.message


def test_an_api_is_made_found_changed_and_gone(here: Any) -> None:
    made = run(create_api(here, ADMIN, API))
    assert (made.noun, made.version) == (API, 1)
    changed = run(change_api(here, ADMIN, "shades", lambda one: evolve(one, description="All"), seen=1))
    assert (changed.noun.description, changed.version) == ("All", 2)
    assert run(find_api(here, READER, "shades")) == changed
    assert changed in run(list_apis(here, READER))
    assert asyncio.run(delete_api(here, ADMIN, "shades", seen=2)) is None
    assert refused(find_api(here, READER, "shades"))[0] == 404
    assert activities(here) == ["Add API", "Delete API", "Update API"]
    assert {row.category for row in audits(here)} == {"GatewayManagement"}


def test_only_who_may_change_the_gateway_does(here: Any) -> None:
    elsewhere = evolve(ADMIN, tenant_id=TenantId("9e7a1500-0000-4000-8000-000000000001"))
    for nobody in (READER, DEVELOPER, program("Gateway.Read.All"), elsewhere):
        assert refused(create_api(here, nobody, API))[0] == 403
    for nobody in (DEVELOPER, program("Application.Read.All"), elsewhere):
        assert refused(list_apis(here, nobody))[0] == 403
    run(create_api(here, program("Gateway.ReadWrite.All"), API))
    assert run(list_apis(here, program("Gateway.Read.All")))


def test_an_installation_without_a_gateway_says_so(here: Any) -> None:
    assert refused(create_api(evolve(here, gateway=None), OPERATOR, API))[0] == 404


def test_who_was_quicker_is_named(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    run(change_api(here, ADMIN, "shades", lambda one: evolve(one, description="All"), seen=1))
    late = asyncio.run(change_api(here, ADMIN, "shades", lambda one: evolve(one, path="late"), seen=1))
    assert isinstance(late, Problem)
    assert late.status == 412
    assert [(one.target, "ben@colors.example" in one.message) for one in late.details] == [("description", True)]
    assert refused(delete_api(here, ADMIN, "shades", seen=1))[0] == 412


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (evolve(API, path="other"), 409),  # the id
        (evolve(API, id=ApiId("SHADES"), path="other"), 409),
        (evolve(API, id=ApiId("other")), 400),  # the path
        (evolve(API, id=ApiId("other"), path="Shades"), 400),
        (evolve(API, id=ApiId("a/b"), path="other"), 400),
        (evolve(API, id=ApiId("other"), path="/other"), 400),
    ],
)
def test_apis_are_told_apart(here: Any, other: Api, status: int) -> None:
    run(create_api(here, ADMIN, API))
    assert refused(create_api(here, ADMIN, other))[0] == status
    run(create_api(here, ADMIN, evolve(API, id=ApiId("v2"), api_version="v2")))


def test_two_at_once_do_not_take_one_path(here: Any) -> None:
    async def both() -> list[Any]:
        others = [evolve(API, id=ApiId(name)) for name in ("one", "other", "third")]
        return await asyncio.gather(*(create_api(here, ADMIN, one) for one in others))

    assert sorted(isinstance(one, Problem) for one in asyncio.run(both())) == [False, True, True]


def test_operations_do_not_take_the_same_requests(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    run(create_operation(here, ADMIN, "shades", LIST))
    same = evolve(LIST, id=OperationId("same"), url_template="/{other}")
    assert refused(create_operation(here, ADMIN, "shades", same)) == (400, "urlTemplate")
    run(create_operation(here, ADMIN, "shades", evolve(same, method="POST")))
    run(create_operation(here, ADMIN, "shades", evolve(same, id=OperationId("rest"), url_template="/{*rest}")))
    assert refused(create_operation(here, ADMIN, "nowhere", LIST))[0] == 404
    named = run(change_operation(here, ADMIN, "shades", "list", lambda one: evolve(one, display_name="All")))
    assert (named.noun.display_name, len(run(list_operations(here, READER, "shades")))) == ("All", 3)


def test_an_api_takes_along_what_is_its_own(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    run(create_api(here, ADMIN, evolve(API, id=ApiId("shades-too"), path="too")))
    run(create_operation(here, ADMIN, "shades", LIST))
    run(save_policy(here, ADMIN, OF_API, GOOD))
    run(save_policy(here, ADMIN, OF_LIST, GOOD))
    run(create_product(here, ADMIN, evolve(STARTER, api_ids=frozenset({API.id, ApiId("shades-too")}))))
    run(create_subscription(here, ADMIN, NewSubscription(id="s", display_name="S", scope="/apis/shades")))
    run(create_subscription(here, ADMIN, NewSubscription(id="t", display_name="T", scope="/apis/shades-too")))
    assert asyncio.run(delete_api(here, ADMIN, "shades")) is None
    left = asyncio.run(load_configuration(here, TENANT))
    assert set(left.subscriptions) == {"t"}
    assert left.products[STARTER.id].api_ids == {"shades-too"}
    assert not {OF_API, OF_LIST} & set(left.policies)
    assert all(one.id != "shades" and "shades/" not in one.id for one in asyncio.run(load_records(here, TENANT)))
    row = next(one for one in audits(here) if one.activity == "Delete API")
    assert row.targets[0].display_name == "Shades"
    assert {one.display_name for one in row.targets} >= {"List", "S", "Starter"}


def test_an_operation_takes_its_policies_along(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    run(create_operation(here, ADMIN, "shades", LIST))
    run(save_policy(here, ADMIN, OF_LIST, GOOD))
    assert asyncio.run(delete_operation(here, ADMIN, "shades", "list")) is None
    assert OF_LIST not in run(list_policies(here, READER))


# ---- policies and named values ----


def test_a_policy_is_kept_as_it_was_written(here: Any) -> None:
    text = GOOD.replace("<inbound>", "<inbound>\r\n\t<!-- ours -->")
    saved = run(save_policy(here, ADMIN, OF_ALL, text.replace("<base/>", ""), seen=0))
    assert run(find_policy(here, READER, OF_ALL)) == saved
    assert saved.noun.text == text.replace("<base/>", "")
    assert refused(save_policy(here, ADMIN, OF_ALL, "<policies/>", seen=7))[0] == 412
    assert asyncio.run(delete_policy(here, ADMIN, OF_ALL, seen=1)) is None
    assert refused(save_policy(here, ADMIN, OF_ALL, "<policies/>", seen=1))[0] == 412
    assert not any("ours" in str(row) for row in audits(here))  # it may hold a key


def test_all_faults_of_a_policy_come_back(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    text = "<policies>\n <inbound>\n  <no-such/>\n  <set-header/>\n </inbound>\n</policies>"
    done = asyncio.run(save_policy(here, ADMIN, OF_API, text))
    assert isinstance(done, PolicyRefused)
    assert {(one.fault.place.line, one.scope) for one in done.faults} == {(3, OF_API), (4, OF_API)}
    assert all(one.fault.instead for one in done.faults)
    assert run(check_policy(here, READER, OF_API, text)) == tuple(one.fault for one in done.faults)
    assert refused(find_policy(here, READER, OF_API))[0] == 404


def test_policies_are_of_something(here: Any) -> None:
    assert refused(save_policy(here, ADMIN, OF_API, GOOD)) == (400, "policy")
    assert refused(save_policy(here, ADMIN, PolicyScope(product_id=ProductId("x")), GOOD)) == (400, "policy")
    run(create_api(here, ADMIN, API))
    assert refused(save_policy(here, ADMIN, OF_LIST, GOOD)) == (400, "policy")


def test_a_named_value_that_policies_rest_on_stays_good(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    assert refused(save_policy(here, ADMIN, OF_API, LIMITED))[0] == 400
    run(create_named_value(here, ADMIN, VALUE))
    run(save_policy(here, ADMIN, OF_API, LIMITED))
    spoilt = change_named_value(here, ADMIN, "limit", lambda one: evolve(one, value="many"))
    done = asyncio.run(spoilt)
    assert isinstance(done, PolicyRefused)
    assert (done.details[0].target, done.details[0].message[:4]) == ("apis/shades", "3:22")
    assert isinstance(asyncio.run(delete_named_value(here, ADMIN, "limit")), PolicyRefused)
    run(change_named_value(here, ADMIN, "limit", lambda one: evolve(one, value="7")))
    twin = evolve(VALUE, id=NamedValueId("twin"))
    assert refused(create_named_value(here, ADMIN, twin)) == (400, "displayName")


def test_a_secret_value_is_never_read_again(here: Any) -> None:
    run(create_named_value(here, ADMIN, evolve(VALUE, value=SECRET, secret=True)))
    assert run(find_named_value(here, ADMIN, "limit")).noun.value == ""
    run(change_named_value(here, ADMIN, "limit", lambda one: evolve(one, tags=("a",))))
    assert run(named_value_secret(here, ADMIN, "limit")).value == SECRET
    assert refused(named_value_secret(here, READER, "limit"))[0] == 403
    bared = change_named_value(here, ADMIN, "limit", lambda one: evolve(one, secret=False))
    assert refused(bared) == (400, "value")
    assert SECRET not in str(audits(here))


# ---- authorization servers ----


def test_the_secret_of_a_server_is_shown_apart(here: Any) -> None:
    made = run(create_authorization_server(here, ADMIN, SERVER))
    assert made.noun.client_secret is None
    run(change_authorization_server(here, ADMIN, "Login", lambda one: evolve(one, description="d")))
    assert run(authorization_server_secrets(here, ADMIN, "Login")).client_secret == SECRET
    assert refused(authorization_server_secrets(here, READER, "Login"))[0] == 403
    changes = next(one for one in audits(here) if one.activity == "Update authorization server").targets[0].modified
    assert [one.display_name for one in changes] == ["description"]
    run(change_authorization_server(here, ADMIN, "Login", lambda one: evolve(one, client_secret="")))
    assert run(authorization_server_secrets(here, ADMIN, "Login")).client_secret is None
    assert SECRET not in str(audits(here))
    assert redirect_url(here, "Login") == "https://localhost:8443/developer/signin-oauth/code/callback/login"


def test_ids_differ_in_more_than_capitals(here: Any) -> None:
    """Redirect URIs are in small letters: two servers would take each other's answers (RFC 9700 §4.4)."""
    run(create_authorization_server(here, ADMIN, SERVER))
    again = evolve(SERVER, id=AuthorizationServerId("LOGIN"))
    assert refused(create_authorization_server(here, ADMIN, again)) == (409, "name")
    # A file puts several at once.
    [said] = broken(Configuration(authorization_servers={SERVER.id: SERVER, again.id: again}))
    assert said.message == "The authorization server LOGIN needs another id: Login differs from it in capitals alone."
    run(create_openid_provider(here, ADMIN, evolve(PROVIDER, id=OpenIdProviderId("LOGIN"))))  # of another kind


def test_what_apis_sign_in_with_is_there_and_stays(here: Any) -> None:
    oauth2 = (OAuth2Settings(authorization_server_id=SERVER.id),)
    openid = (OpenIdSettings(openid_provider_id=PROVIDER.id),)
    secured = evolve(API, authentication_settings=AuthenticationSettings(oauth2=oauth2, openid=openid))
    assert refused(create_api(here, ADMIN, secured)) == (400, "authenticationSettings")
    run(create_authorization_server(here, ADMIN, SERVER))
    run(create_openid_provider(here, ADMIN, evolve(PROVIDER, client_secret=SECRET)))
    assert run(openid_provider_secret(here, ADMIN, "oidc")).client_secret == SECRET
    run(create_api(here, ADMIN, secured))
    assert "Shades" in message(delete_authorization_server(here, ADMIN, "Login"))
    assert "Shades" in message(delete_openid_provider(here, ADMIN, "oidc"))
    assert asyncio.run(delete_authorization_server(here, ADMIN, "Login", force=True)) is None
    assert run(find_api(here, READER, "shades")).noun.authentication_settings.oauth2 == ()
    assert asyncio.run(delete_openid_provider(here, ADMIN, "oidc", force=True)) is None
    assert run(find_api(here, READER, "shades")).noun == API
    assert refused(find_authorization_server(here, READER, "Login"))[0] == 404


# ---- products and subscriptions ----


def test_an_api_is_in_one_open_product_at_most(here: Any) -> None:
    run(create_api(here, ADMIN, API))
    run(create_product(here, ADMIN, evolve(STARTER, subscription_required=False)))
    run(create_product(here, ADMIN, evolve(STARTER, id=ProductId("more"), subscription_required=False)))
    assert run(add_to_product(here, ADMIN, "starter", "shades")).noun.api_ids == {"shades"}
    assert refused(add_to_product(here, ADMIN, "more", "shades"))[0] == 400
    assert refused(add_to_product(here, ADMIN, "more", "nowhere")) == (400, "apis")
    assert run(take_from_product(here, ADMIN, "starter", "shades")).noun.api_ids == frozenset()
    run(add_to_product(here, ADMIN, "more", "shades"))


def test_keys_are_shown_to_their_owner_and_to_administrators(here: Any) -> None:
    run(create_product(here, ADMIN, STARTER))
    mine = run(request_subscription(here, DEVELOPER, "starter", "Mine"))
    assert (mine.noun.state, mine.noun.primary_key, mine.noun.owner_id) == (Standing.ACTIVE, "", DEVELOPER.id)
    keys = run(subscription_keys(here, DEVELOPER, mine.noun.id))
    assert keys.primary_key != keys.secondary_key
    assert [len(bytes.fromhex(key)) for key in (keys.primary_key, keys.secondary_key)] == [16, 16]
    assert run(subscription_keys(here, ADMIN, mine.noun.id)) == keys
    assert DEVELOPER.user is not None
    cai = evolve(DEVELOPER, user=evolve(DEVELOPER.user, id=CAI))
    for nobody in (READER, program("Gateway.Read.All"), cai):
        other = run(create_subscription(here, ADMIN, NewSubscription(display_name="X", scope="/apis")))
        assert refused(subscription_keys(here, nobody, other.noun.id))[0] == 403
        assert refused(regenerate_primary_key(here, nobody, other.noun.id))[0] == 403
    assert refused(subscription_keys(here, cai, mine.noun.id))[0] == 403
    assert refused(cancel_own_subscription(here, cai, mine.noun.id))[0] == 404
    assert run(list_own_subscriptions(here, cai)) == ()
    assert [one.noun.id for one in run(list_own_subscriptions(here, DEVELOPER))] == [mine.noun.id]
    assert keys.primary_key not in str(audits(here))


def test_each_key_is_made_anew_alone(here: Any) -> None:
    run(create_product(here, ADMIN, STARTER))
    mine = run(request_subscription(here, DEVELOPER, "starter", "Mine")).noun.id
    before = run(subscription_keys(here, DEVELOPER, mine))
    run(regenerate_primary_key(here, DEVELOPER, mine))
    between = run(subscription_keys(here, DEVELOPER, mine))
    run(regenerate_secondary_key(here, ADMIN, mine))
    after = run(subscription_keys(here, DEVELOPER, mine))
    assert (between.primary_key != before.primary_key, between.secondary_key == before.secondary_key) == (True, True)
    assert (after.primary_key == between.primary_key, after.secondary_key != between.secondary_key) == (True, True)


def test_a_product_may_have_each_subscription_approved_and_count_them(here: Any) -> None:
    run(create_product(here, ADMIN, evolve(STARTER, approval_required=True, subscriptions_limit=1)))
    mine = run(request_subscription(here, DEVELOPER, "starter", "Mine"))
    assert (mine.noun.state, mine.noun.start_date) == (Standing.SUBMITTED, None)
    assert refused(request_subscription(here, DEVELOPER, "starter", "More"))[0] == 403
    approved = run(set_state(here, ADMIN, mine.noun.id, Standing.ACTIVE, "fine"))
    assert (approved.noun.start_date, approved.noun.state_comment) == (here.clock(), "fine")
    assert refused(set_state(here, DEVELOPER, mine.noun.id, Standing.ACTIVE))[0] == 403
    assert run(rename_own_subscription(here, DEVELOPER, mine.noun.id, "Ours")).noun.display_name == "Ours"
    cancelled = run(cancel_own_subscription(here, DEVELOPER, mine.noun.id))
    assert (cancelled.noun.state, cancelled.noun.end_date) == (Standing.CANCELLED, here.clock())
    again = run(request_subscription(here, DEVELOPER, "starter", "Again"))
    assert [one.noun.id for one in run(list_own_subscriptions(here, DEVELOPER))] == [again.noun.id]  # none heap up


def test_only_what_is_published_is_subscribed_to(here: Any) -> None:
    run(create_product(here, ADMIN, evolve(STARTER, state=Published.NOT_PUBLISHED)))
    assert refused(request_subscription(here, DEVELOPER, "starter", "Mine"))[0] == 404
    assert refused(request_subscription(here, program("Gateway.ReadWrite.All"), "starter", "Mine"))[0] == 403
    run(create_product(here, ADMIN, evolve(STARTER, id=ProductId("open"), subscription_required=False)))
    assert refused(request_subscription(here, DEVELOPER, "open", "Mine"))[0] == 400


def test_administrators_keep_subscriptions(here: Any) -> None:
    assert refused(create_subscription(here, ADMIN, NewSubscription(display_name="S", scope="/apis/x"))) == (
        400,
        "scope",
    )
    one = run(create_subscription(here, ADMIN, NewSubscription(id="one", display_name="S", scope="/apis")))
    keys = run(subscription_keys(here, ADMIN, "one"))
    twin = NewSubscription(id="two", display_name="S", scope="/apis", primary_key=keys.secondary_key)
    assert refused(create_subscription(here, ADMIN, twin)) == (400, "primaryKey")
    run(change_subscription(here, ADMIN, "one", lambda it: evolve(it, display_name="T"), seen=one.version))
    assert run(subscription_keys(here, ADMIN, "one")) == keys
    assert run(find_subscription(here, READER, "one")).noun.primary_key == ""
    assert len(run(list_subscriptions(here, READER))) == 1
    assert asyncio.run(delete_subscription(here, ADMIN, "one")) is None


def test_a_product_goes_with_its_subscriptions_where_that_is_said(here: Any) -> None:
    run(create_product(here, ADMIN, STARTER))
    run(save_policy(here, ADMIN, PolicyScope(product_id=STARTER.id), GOOD))
    mine = run(request_subscription(here, DEVELOPER, "starter", "Mine"))
    assert mine.noun.id in message(delete_product(here, ADMIN, "starter"))
    assert asyncio.run(delete_product(here, ADMIN, "starter", with_subscriptions=True)) is None
    assert refused(find_product(here, ADMIN, "starter"))[0] == 404
    assert run(list_own_subscriptions(here, DEVELOPER)) == ()


# ---- limits ----


def test_a_gateway_has_an_end(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    large = evolve(API, description="x" * 5_000_000)
    assert "4096 kB" in message(create_api(here, ADMIN, large))
    count = len(asyncio.run(load_records(here, TENANT)))
    monkeypatch.setattr(outcome, "MOST_RECORDS", count + 1)
    run(create_api(here, ADMIN, API))
    assert refused(create_operation(here, ADMIN, "shades", LIST))[0] == 403
    run(change_api(here, ADMIN, "shades", lambda one: evolve(one, description="All")))

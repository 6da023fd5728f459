"""The gateway's nouns as they are kept: what is secret is sealed, and opens nowhere else."""

import pytest
from attrs import evolve

from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import OF_ALL, PolicyScope, policy_faults, published
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer, GrantType
from entrada.core.gateway.entities.ids import (
    ApiId,
    AuthorizationServerId,
    NamedValueId,
    OpenIdProviderId,
    OperationId,
    ProductId,
    SubscriptionId,
)
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation, Parameter, Representation, ResponseDescription
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings
from entrada.core.gateway.entities.subscription import Subscription, key_digest
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keys import MasterKey
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.gateway.load import configuration_of
from entrada.server.usecases.gateway.records import OperationOfApi, Policy, Unreadable, noun_of, record_id, record_of

HOME = TenantId("c0105000-0000-4000-8000-000000000001")
SECRETS = ("the primary key 123456", "the secondary key 7890", "client secret", "owner's password", "named secret")
COLORS = Api(
    id=ApiId("colors"),
    display_name="Colors",
    path="colors",
    service_url="http://127.0.0.1:5001",
    authentication_settings=AuthenticationSettings(
        oauth2=(OAuth2Settings(authorization_server_id=AuthorizationServerId("s")),)
    ),
)
LIST = Operation(
    id=OperationId("list"),
    display_name="List",
    method="GET",
    url_template="/colors",
    template_parameters=(Parameter(name="id", values=("a", "b")),),
    responses=(
        ResponseDescription(
            status_code=200,
            representations=(Representation(content_type="application/json", schema={"type": "array"}),),
        ),
    ),
)
NOUNS = (
    COLORS,
    OperationOfApi(api_id=COLORS.id, operation=LIST),
    Product(id=ProductId("starter"), display_name="Starter", api_ids=frozenset({COLORS.id, ApiId("other")})),
    Subscription(
        id=SubscriptionId("ada"),
        display_name="Ada's",
        scope="/apis/colors",
        primary_key=SECRETS[0],
        secondary_key=SECRETS[1],
        created_date=NumericDate(1),
    ),
    AuthorizationServer(
        id=AuthorizationServerId("s"),
        display_name="S",
        grant_types=(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS),
        token_body_parameters=(("resource", "r"),),
        client_secret=SECRETS[2],
        resource_owner_password=SECRETS[3],
    ),
    OpenIdProvider(
        id=OpenIdProviderId("o"),
        display_name="O",
        metadata_endpoint="https://x.example/m",
        client_id="c",
        client_secret=SECRETS[2],
    ),
    NamedValue(id=NamedValueId("n"), display_name="n", value=SECRETS[4], secret=True),
    NamedValue(id=NamedValueId("m"), display_name="m", value="401"),
    Policy(scope=OF_ALL, text="<policies/>"),
    Policy(scope=PolicyScope(product_id=ProductId("starter")), text="<policies/>"),
    Policy(scope=PolicyScope(api_id=COLORS.id), text="<policies/>"),
    Policy(scope=PolicyScope(api_id=COLORS.id, operation_id=LIST.id), text="<policies/>"),
)


@pytest.fixture(scope="module")
def here():
    settings = Settings(origin="https://localhost:8443")
    return app.install(settings, MasterKey(bytes(32)), development=True, store=MemoryStore())


@pytest.mark.parametrize("noun", NOUNS, ids=record_id)
def test_a_noun_comes_back_as_it_was_put(here, noun):
    record = record_of(here, HOME, noun)
    assert noun_of(here, record) == noun
    assert (record.tenant_id, record.id, record.version) == (HOME, record_id(noun), 0)


@pytest.mark.parametrize("noun", NOUNS, ids=record_id)
def test_nothing_secret_stands_in_what_is_kept_or_told(here, noun):
    record = record_of(here, HOME, noun)
    assert not any(secret in record.content + record.secrets + repr(record) for secret in SECRETS)


def test_what_says_the_same_is_the_same_record(here):
    before = evolve(record_of(here, HOME, NOUNS[3]), version=4)
    assert record_of(here, HOME, NOUNS[3], before) is before
    changed = record_of(here, HOME, evolve(NOUNS[3], display_name="Ben's"), before)
    assert (changed.version, changed.display_name) == (4, "Ben's")


def test_secrets_of_one_record_do_not_open_as_those_of_another(here):
    one, other = (record_of(here, HOME, evolve(NOUNS[3], id=SubscriptionId(name))) for name in ("one", "other"))
    with pytest.raises(Unreadable, match="subscription/one"):
        noun_of(here, evolve(one, secrets=other.secrets))
    with pytest.raises(Unreadable):
        noun_of(here, evolve(one, tenant_id=TenantId("9e7a1500-0000-4000-8000-000000000001")))


def test_a_configuration_is_made_of_what_can_be_read(here):
    records = [record_of(here, HOME, noun) for noun in NOUNS]
    found = configuration_of(here, [*records, evolve(records[0], id="spoilt", content="{")])
    assert found.apis == {COLORS.id: COLORS}
    assert found.operations == {COLORS.id: (LIST,)}
    assert set(found.policies) == {noun.scope for noun in NOUNS if isinstance(noun, Policy)}
    assert {one.value for one in found.named_values.values()} == {SECRETS[4], "401"}
    assert set(found.products) == {"starter"}
    assert set(found.authorization_servers) == {"s"}
    assert set(found.openid_providers) == {"o"}


def test_a_configuration_is_published(here):
    service = published(configuration_of(here, [record_of(here, HOME, noun) for noun in NOUNS]))
    assert service.apis[COLORS.id].operations == (LIST,)
    subscription = service.subscription(key_digest(SECRETS[1]))
    assert subscription is not None
    assert subscription.id == "ada"
    assert service.subscription(key_digest("no key of anybody")) is None


def test_faults_name_the_scope_they_are_in(here):
    broken = evolve(NOUNS[-1], text="<policies><inbound><no-such/></inbound></policies>")
    found = configuration_of(here, [record_of(here, HOME, one) for one in (COLORS, broken)])
    assert [one.scope for one in policy_faults(found)] == [broken.scope]

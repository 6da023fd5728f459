"""How much is computed when a gateway changes: as much as its documents, not operations times products."""

from typing import Any

import pytest
from attrs import evolve

from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.ids import TenantId
from entrada.core.gateway import configuration as configurations
from entrada.core.gateway import service as services
from entrada.core.gateway.configuration import OF_ALL, PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId, SubscriptionId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription, key_digest
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keys import MasterKey
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.gateway import publish as publishing
from entrada.server.usecases.gateway.publish import publish
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, record_of

HOME = TenantId("c0105000-0000-4000-8000-000000000001")
COLORS = Api(id=ApiId("colors"), display_name="Colors", path="colors")
OPERATIONS = tuple(
    Operation(id=OperationId(f"o{n}"), display_name="O", method="GET", url_template=f"/{n}") for n in range(200)
)
PRODUCTS = tuple(Product(id=ProductId(f"p{n}"), display_name="P", api_ids=frozenset({COLORS.id})) for n in range(20))
WRITTEN = (
    OF_ALL,
    PolicyScope(api_id=COLORS.id),
    PolicyScope(product_id=ProductId("p3")),
    PolicyScope(api_id=COLORS.id, operation_id=OperationId("o7")),
)
ADAS = Subscription(
    id=SubscriptionId("adas"),
    display_name="Ada's",
    scope="/apis",
    primary_key="k" * 32,
    secondary_key="s" * 32,
    created_date=NumericDate(1),
)
NOUNS: tuple[Noun, ...] = (
    COLORS,
    *(OperationOfApi(api_id=COLORS.id, operation=one) for one in OPERATIONS),
    *PRODUCTS,
    *(Policy(scope=scope, text="<policies/>") for scope in WRITTEN),
    ADAS,
)


@pytest.fixture(scope="module")
def here() -> Any:
    settings = Settings(origin="https://localhost:8443")
    return app.install(settings, MasterKey(bytes(32)), development=True, store=MemoryStore())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was computed: plans made, documents read, records opened."""
    found: list[str] = []

    def told(where: Any, name: str) -> None:
        real = getattr(where, name)

        def telling(*given: Any) -> Any:
            found.append(name)
            return real(*given)

        monkeypatch.setattr(where, name, telling)

    told(services, "plan")
    told(configurations, "read_document")
    told(publishing, "noun_of")
    return found


def stored(here: Any, nouns: tuple[Noun, ...]) -> list[GatewayRecord]:
    return [evolve(record_of(here, HOME, one), version=1) for one in nouns]


def test_as_many_plans_are_made_as_documents_can_be_joined(here: Any, made: list[str]) -> None:
    found = publish(here, stored(here, NOUNS)).service.apis[COLORS.id]
    assert made.count("plan") == 0
    plans = {id(found.plan(one, product)) for one in (None, *OPERATIONS) for product in (None, *PRODUCTS)}
    assert (len(plans), made.count("plan")) == (4, 4)
    assert found.plan(OPERATIONS[0], PRODUCTS[0]) is found.plan(None, None)
    assert found.plan(OPERATIONS[7], PRODUCTS[3]) is not found.plan(OPERATIONS[7], None)


def test_a_subscription_that_changes_computes_nothing_else(here: Any, made: list[str]) -> None:
    records = stored(here, NOUNS)
    before = publish(here, records)
    before.service.apis[COLORS.id].plan(None, None)
    made.clear()
    # As one that was deleted and made again between two looks: of the same id and version.
    renewed = evolve(ADAS, primary_key="n" * 32)
    after = publish(here, [*records[:-1], *stored(here, (renewed,))], before)
    after.service.apis[COLORS.id].plan(None, None)
    assert made == ["noun_of"]
    assert after.service.subscription(key_digest("k" * 32)) is None
    assert after.service.subscription(key_digest("n" * 32)) == renewed
    assert after.subscriptions == (renewed,)
    assert publish(here, records[:-1], after).service.subscription(key_digest("n" * 32)) is None


@pytest.mark.parametrize("number", [0, 1, 201, 221], ids=["api", "operation", "product", "policy"])
def test_whatever_else_changes_is_in_force(here: Any, number: int) -> None:
    records = stored(here, NOUNS)
    before = publish(here, records)
    after = publish(here, records[:number] + records[number + 1 :], before)
    assert after.service != before.service
    assert after.service == publish(here, records[:number] + records[number + 1 :]).service

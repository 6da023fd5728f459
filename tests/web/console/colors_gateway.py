"""A gateway's configuration for the console: APIs, products and subscriptions, put into a platform's store."""

import asyncio
from collections.abc import Iterable
from typing import Final

from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import (
    AuthorizationServer,
    ClientAuthenticationMethod,
    GrantType,
)
from entrada.core.gateway.entities.ids import (
    ApiId,
    AuthorizationServerId,
    OperationId,
    ProductId,
)
from entrada.core.gateway.entities.operation import (
    Operation,
    Parameter,
    Representation,
    RequestDescription,
    ResponseDescription,
)
from entrada.core.gateway.entities.product import Product, State
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, record_of
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.testing import ORIGIN
from tests.drivers.live_server import COLORS, COLORS_API

GATEWAY: Final = "https://localhost:8444"
PLACE: Final = GatewayPlace(tenant_id=TenantId(COLORS), origin=GATEWAY)
CONSOLE_APP: Final = "c0105000-0000-4000-8000-00000000c11e"
SERVER: Final = AuthorizationServer(
    id=AuthorizationServerId("colors"),
    display_name="Colors sign-in",
    authorization_endpoint=f"{ORIGIN}/{COLORS}/oauth2/v2.0/authorize",
    token_endpoint=f"{ORIGIN}/{COLORS}/oauth2/v2.0/token",
    grant_types=(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS, GrantType.IMPLICIT),
    client_authentication_method=(ClientAuthenticationMethod.BODY,),
    default_scope=f"api://{COLORS_API}/Colors.Read",
    client_id=CONSOLE_APP,
    client_secret="console-dev-secret",
)
SECURITY: Final = AuthenticationSettings(oauth2=(OAuth2Settings(authorization_server_id=SERVER.id),))
COLOR: Final = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "description": "As painters call it.", "example": "teal"},
        "mixed": {"type": "array", "items": {"$ref": "#/components/schemas/Color"}},
    },
}
API: Final = Api(
    id=ApiId("colors"),
    display_name="Colors API",
    description="Names of colors.",
    path="colors",
    service_url="http://127.0.0.1:5001",
    subscription_required=False,
    authentication_settings=SECURITY,
    schemas={"Color": COLOR},
)
OPERATIONS: Final = (
    Operation(id=OperationId("list"), display_name="List colors", method="GET", url_template="/"),
    Operation(
        id=OperationId("one"),
        display_name="One color",
        method="GET",
        url_template="/shades/{name}",
        template_parameters=(Parameter(name="name", required=True, description="Its name."),),
        request=RequestDescription(
            query_parameters=(Parameter(name="light", values=("yes", "no")),), headers=(Parameter(name="X-Brush"),)
        ),
    ),
    Operation(
        id=OperationId("mix"),
        display_name="Mix a color",
        method="POST",
        url_template="/mixed",
        request=RequestDescription(
            description="What to mix.",
            representations=(
                Representation(content_type="application/json", schema={"$ref": "#/components/schemas/Color"}),
            ),
        ),
        responses=(ResponseDescription(status_code=201, description="It is mixed."),),
    ),
)
KEYED: Final = Api(id=ApiId("keyed"), display_name="Keyed API", path="keyed", service_url="http://127.0.0.1:5001")
HIDDEN: Final = Api(id=ApiId("hidden"), display_name="Hidden API", path="hidden")
STARTER: Final = Product(
    id=ProductId("starter"), display_name="Starter", state=State.PUBLISHED, api_ids=frozenset({KEYED.id})
)
APPROVED: Final = Product(
    id=ProductId("approved"),
    display_name="Approved",
    state=State.PUBLISHED,
    approval_required=True,
    api_ids=frozenset({KEYED.id}),
)
CLOSED: Final = Product(id=ProductId("closed"), display_name="Closed", api_ids=frozenset({HIDDEN.id}))
NOUNS: Final[tuple[Noun, ...]] = (
    API,
    KEYED,
    HIDDEN,
    STARTER,
    APPROVED,
    CLOSED,
    SERVER,
    *(OperationOfApi(api_id=API.id, operation=one) for one in OPERATIONS),
    OperationOfApi(api_id=KEYED.id, operation=OPERATIONS[0]),
)


def of_api(text: str) -> Policy:
    return Policy(scope=PolicyScope(api_id=API.id), text=text)


def put(here: Installation, nouns: Iterable[Noun]) -> None:
    """Written over what is there."""
    asyncio.run(_put(here, tuple(nouns)))


async def _put(here: Installation, nouns: tuple[Noun, ...]) -> None:
    for noun in nouns:
        new = record_of(here, PLACE.tenant_id, noun)
        known = await here.store.find_entity(type(new), (new.tenant_id, new.kind, new.id))
        record = new if known is None else record_of(here, PLACE.tenant_id, noun, known)
        if record is not known:
            assert await here.store.commit((PutEntity(record),))

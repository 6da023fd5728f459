"""The gateway at a glance: where it is, what it publishes, how it runs, and what to go on with."""

from attrs import frozen
from starlette.responses import Response

from entrada.core.gateway.configuration import OF_ALL, Configuration
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.subscription import State
from entrada.server.web.portal.gateway.desk import CRUMB, ROOMS, Desk, room
from entrada.server.web.portal.gateway.shelf import by_name


@frozen(kw_only=True)
class Published:
    api: Api
    url: str
    operations: int
    policies: int  # documents: of the API and of its operations


async def show(desk: Desk) -> Response:
    configuration = desk.configuration
    return room(
        desk,
        "overview.html",
        CRUMB[0],
        published=[_published(desk, api) for api in sorted(configuration.apis.values(), key=by_name)],
        counts=_counts(configuration),
        waiting=sum(one.state is State.SUBMITTED for one in configuration.subscriptions.values()),
        has_policies=OF_ALL in configuration.policies,
    )


def _published(desk: Desk, api: Api) -> Published:
    documents = sum(scope.api_id == api.id for scope in desk.configuration.policies)
    operations = len(desk.configuration.operations.get(api.id, ()))
    return Published(api=api, url=url_of(desk, api), operations=operations, policies=documents)


def url_of(desk: Desk, api: Api) -> str:
    """Where the gateway serves it."""
    return desk.place.origin + api.public_path


def _counts(configuration: Configuration) -> list[tuple[str, str, int]]:
    held = {
        "APIs": len(configuration.apis),
        "Products": len(configuration.products),
        "Subscriptions": len(configuration.subscriptions),
        "OAuth 2.0 servers": len(configuration.authorization_servers),
        "OpenID providers": len(configuration.openid_providers),
        "Named values": len(configuration.named_values),
    }
    return [(title, path, held[title]) for title, path in ROOMS if title in held]

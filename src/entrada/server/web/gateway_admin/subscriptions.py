"""`/subscriptions`, and their keys."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import create_noun
from entrada.server.usecases.gateway.subscriptions import (
    change_subscription,
    delete_subscription,
    find_subscription,
    list_subscriptions,
    regenerate_primary_key,
    regenerate_secondary_key,
    subscription_keys,
    with_made_keys,
)
from entrada.server.usecases.installation import Installation
from entrada.server.web.gateway_admin.nouns import Noun
from entrada.server.web.gateway_admin.row import Call, Done, One, Reply, Row


def _unsaid(call: Call) -> Mapping[str, object]:
    return {"createdDate": written_moment(call.here.clock()), "primaryKey": "", "secondaryKey": ""}


async def _create(call: Call, new: Subscription) -> Kept[Subscription] | Problem:
    return await create_noun(call.here, call.actor, with_made_keys(call.here, new))


SUBSCRIPTIONS: Final = Noun(
    kind=Subscription,
    path="/subscriptions",
    word="a subscription; keys that are not given are made",
    words="The subscriptions, without their keys",
    list=lambda call: list_subscriptions(call.here, call.actor),
    find=lambda call: find_subscription(call.here, call.actor, call.id),
    create=_create,
    change=lambda call, changed: change_subscription(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_subscription(call.here, call.actor, call.id, call.seen),
    hidden=("primaryKey", "secondaryKey"),
    unsaid=_unsaid,
)


async def _keys(call: Call) -> Reply:
    found = await subscription_keys(call.here, call.actor, call.id)
    if isinstance(found, Problem):
        return found
    return One(members={"primaryKey": found.primary_key, "secondaryKey": found.secondary_key})


Regenerate = Callable[[Installation, Actor, str, int | None], Awaitable[Kept[Subscription] | Problem]]


def _regenerates(regenerate: Regenerate) -> Callable[[Call], Awaitable[Reply]]:
    async def handle(call: Call) -> Reply:
        found = await regenerate(call.here, call.actor, call.id, call.seen)
        return found if isinstance(found, Problem) else Done()

    return handle


# fmt: off
_CHANGE = Permission.CHANGE_GATEWAY
ROWS: Final = (
    *SUBSCRIPTIONS.rows,
    Row(method="POST", path="/subscriptions/{id}/listSecrets", permission=_CHANGE, words="Its keys.", handle=_keys),
    Row(method="POST", path="/subscriptions/{id}/regeneratePrimaryKey", permission=_CHANGE,
        words="Makes another primary key; the one before works no longer.",
        handle=_regenerates(regenerate_primary_key)),
    Row(method="POST", path="/subscriptions/{id}/regenerateSecondaryKey", permission=_CHANGE,
        words="Makes another secondary key.", handle=_regenerates(regenerate_secondary_key)),
)
# fmt: on

"""`/namedValues`."""

from collections.abc import Mapping
from typing import Final

from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.server.usecases.gateway.named_values import (
    change_named_value,
    create_named_value,
    delete_named_value,
    find_named_value,
    list_named_values,
    named_value_secret,
)
from entrada.server.web.gateway_admin.nouns import Noun
from entrada.server.web.gateway_admin.row import Call, One, Reply, Row


def _unsaid(_call: Call) -> Mapping[str, object]:
    return {"value": ""}


VALUES: Final = Noun(
    kind=NamedValue,
    path="/namedValues",
    word="a named value; one that breaks a policy is refused",
    words="The named values; of secret ones all but the value",
    list=lambda call: list_named_values(call.here, call.actor),
    find=lambda call: find_named_value(call.here, call.actor, call.id),
    create=lambda call, one: create_named_value(call.here, call.actor, one),
    change=lambda call, changed: change_named_value(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_named_value(call.here, call.actor, call.id, call.seen),
    hidden=("value",),
    unsaid=_unsaid,
)


async def _value(call: Call) -> Reply:
    found = await named_value_secret(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members={"value": found.value})


# fmt: off
ROWS: Final = (
    *VALUES.rows,
    Row(method="POST", path="/namedValues/{id}/listValue", permission=Permission.CHANGE_GATEWAY,
        words="Its value, of a secret one too.", handle=_value),
)
# fmt: on

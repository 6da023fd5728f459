"""Which delegated permissions of an API a tenant holds to be of low impact.  Graph: delegatedPermissionClassification.

Graph's ids are opaque; here it is the permission's own, for one is classified once.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import Members, guid, reading, text
from entrada.core.directory.permission import PermissionScope

_LOW: Final = "low"
_ONLY_LOW: Final = "Only low is told from the rest here: whoever holds a permission to be of more leaves it out."


@frozen(kw_only=True)
class Classified:
    """As it was asked for: by id, by name, or by both."""

    permission_id: str | None
    permission_name: str | None


def classification_json(scope: PermissionScope) -> dict[str, object]:
    return {"id": scope.id, "permissionId": scope.id, "permissionName": scope.value, "classification": _LOW}


def new_classification(members: Mapping[str, object]) -> Classified | Problem:
    return reading(lambda: _new(Members(members, "permission classification")))


def _new(members: Members) -> Classified:
    members.only("classification", _LOW, why=_ONLY_LOW)
    found = Classified(
        permission_id=members.nullable("permissionId", guid, None),
        permission_name=members.nullable("permissionName", text, None),
    )
    members.ignore("id")
    members.finish()
    return found

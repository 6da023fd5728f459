"""Read a reference to an object of the directory: `@odata.id`, `members@odata.bind`.  OData 4.01 JSON §4.5.8, §8.5."""

import re
from collections.abc import Mapping
from typing import Final

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import MemberFault, Members, reading, said, text
from entrada.core.directory.ids import parse_guid

_SETS: Final = "directoryObjects|users|groups|servicePrincipals"
_ADDRESS: Final = re.compile(
    rf"(?:https?://[^/?#]+)?/?(?:(?:v1\.0|beta)/)?(?:{_SETS})(?:/|\(')(?P<id>[0-9A-Fa-f-]{{36}})(?:'\))?"
)


def reference(value: object, path: str) -> str:
    """The object's id.  Which host the address names does not matter: SDKs put Graph's own."""
    found = _ADDRESS.fullmatch(text(value, path))
    object_id = parse_guid(found["id"]) if found else None
    if object_id is None:
        raise MemberFault(
            f"{path} refers to an object, such as https://graph.microsoft.com/v1.0/directoryObjects/<id>, "
            f"not {said(value)}.",
            path,
        )
    return object_id


def referred(members: Mapping[str, object]) -> str | Problem:
    """Of the body of a request to `…/$ref`."""

    def read() -> str:
        asked = Members(members, "reference")
        object_id = asked.required("@odata.id", reference)
        asked.finish()
        return object_id

    return reading(read)

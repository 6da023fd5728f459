"""Which row of the table a path means.

Keys are written `/users/{id}`, `/users('{id}')`, and of what has an `appId` also `/applications(appId='{appId}')`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from entrada.server.web.graph.endpoint import Endpoint

_KEYED: Final = re.compile(r"([A-Za-z0-9.$]+)\((?:([A-Za-z]+)=)?'((?:[^']|'')*)'\)")
_ALTERNATES: Final[Mapping[str, str]] = {
    "applications": "appId",
    "servicePrincipals": "appId",
    "federatedIdentityCredentials": "name",
    "directoryRoles": "roleTemplateId",
}
_OF: Final = {name.lower(): key for name, key in _ALTERNATES.items()}
_LONGEST: Final = 1024


@frozen
class Found:
    """The rows of one path, by method, and what stands in it where the table says `{…}`."""

    by_method: Mapping[str, Endpoint]
    keys: Mapping[str, str]


def find(table: Iterable[Endpoint], path: str) -> Found | None:
    """Names in the path are matched without case, as Graph does."""
    parts = _parts(path)
    if parts is None:
        return None
    best: dict[tuple[int, ...], tuple[dict[str, Endpoint], dict[str, str]]] = {}
    for row in table:
        keys = _match(row.path, parts)
        if keys is not None:
            rank = tuple(part.startswith("{") for part in _split(row.path))
            best.setdefault(rank, ({}, keys))[0][row.method] = row
    if not best:
        return None
    return Found(*best[min(best)])  # the most literal one: deletedItems/microsoft.graph.user is no id


def alternate(key: str) -> str | None:
    """The appId or name, where the key is one."""
    name, sign, value = key.partition("=")
    return value if sign and name in _OF.values() else None


def _parts(path: str) -> list[str] | None:
    if len(path) > _LONGEST:
        return None
    found: list[str] = []
    for segment in _split(path):
        keyed = _KEYED.fullmatch(segment)
        if keyed is None:
            found.append(_cast(segment))
            continue
        name, by, key = keyed[1], keyed[2], keyed[3].replace("''", "'")
        allowed = _OF.get(name.lower())
        if by is not None and (allowed is None or by.lower() != allowed.lower()):
            return None
        found += [name, key if by is None else f"{allowed}={key}"]
    return found


def _cast(segment: str) -> str:
    """Microsoft's SDKs write the alias of the namespace: deletedItems/graph.user."""
    return f"microsoft.{segment}" if segment.lower().startswith("graph.") else segment


def _split(path: str) -> list[str]:
    return path.strip("/").split("/")


def _match(template: str, parts: list[str]) -> dict[str, str] | None:
    expected = _split(template)
    if len(expected) != len(parts):
        return None
    keys: dict[str, str] = {}
    for name, part in zip(expected, parts, strict=True):
        if name.startswith("{"):
            if not part:
                return None
            keys[name[1:-1]] = part
        elif name.lower() != part.lower():
            return None
    return keys


def named(key: str) -> str:
    """The id or the appId that a key is, for use cases that take either."""
    return alternate(key) or key

"""A reason without the values it quotes from the configuration: what policies set in headers, keys, bodies."""

from collections.abc import Iterator
from typing import Final

from entrada.server.envoy.json_walk import objects_in
from entrada.server.envoy.snapshot import Snapshot

_VALUES: Final = ("value", "exact", "inline_string", "inline_code", "regex")
_SHORTEST: Final = 4  # below, a reason would lose its words, and no secret is one


def unquoted(why: str, snapshot: Snapshot) -> str:
    for value in sorted(set(_quotable(snapshot)), key=len, reverse=True):
        why = why.replace(value, "…") if len(value) >= _SHORTEST else why
    return why


def _quotable(snapshot: Snapshot) -> Iterator[str]:
    for resource in (snapshot.routes, *snapshot.clusters):
        for found in objects_in(resource):
            yield from (found[name] for name in _VALUES if isinstance(found.get(name), str))

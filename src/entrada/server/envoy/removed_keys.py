"""Whether a new configuration takes keys away: then the old one must not stay in force."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from entrada.server.envoy.json_walk import objects_in
from entrada.server.envoy.snapshot import Snapshot

_SIGNED: Final = "local_jwks"  # a provider's, of tokens
_SHOWN: Final = "permissions"  # of a check: patterns of subscriptions' keys, of addresses, of headers


def takes_keys_away(old: Snapshot, new: Snapshot) -> bool:
    """Anywhere: a key that stays with one API may be gone from another.

    Which pattern of a check is one of subscriptions' keys cannot be seen: all are taken for such.
    """
    return bool(_keys(old) - _keys(new))


def _keys(snapshot: Snapshot) -> Counter[str]:
    return Counter(key for found in objects_in(snapshot.routes) for key in _keys_of(found))


def _keys_of(found: dict[str, Any]) -> Iterator[str]:
    if _SIGNED in found:
        yield from _members(str(found[_SIGNED].get("inline_string", "{}")))
    if _SHOWN in found:
        for inner in objects_in(found[_SHOWN]):
            yield from (str(inner["regex"]).split("|") if "regex" in inner else ())


def _members(text: str) -> Iterator[str]:
    key_set: dict[str, Any] = json.loads(text)
    for key in key_set.get("keys", ()):
        yield json.dumps(key, sort_keys=True)

"""Whether a new configuration takes keys away: then the old one must not stay in force."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from entrada.server.envoy.json_walk import objects_in
from entrada.server.envoy.snapshot import Snapshot


def takes_keys_away(old: Snapshot, new: Snapshot) -> bool:
    """Anywhere: a key that stays with one API may be gone from another."""
    return bool(_keys(old) - _keys(new))


def _keys(snapshot: Snapshot) -> Counter[str]:
    providers = (found["local_jwks"] for found in objects_in(snapshot.routes) if "local_jwks" in found)
    return Counter(key for provider in providers for key in _members(str(provider.get("inline_string", "{}"))))


def _members(text: str) -> Iterator[str]:
    key_set: dict[str, Any] = json.loads(text)
    for key in key_set.get("keys", ()):
        yield json.dumps(key, sort_keys=True)

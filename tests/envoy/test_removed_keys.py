"""Which new configuration takes keys away."""

from pathlib import Path

import pytest

from entrada.server.envoy.places import Places
from entrada.server.envoy.removed_keys import takes_keys_away
from entrada.server.envoy.unquoted import unquoted
from tests.envoy.trial import Small


def told(*keys, places=None):
    return Small(places=Places(Path("/nowhere")), port=1, backend=1, keys=keys).told()


# fmt: off
ROWS = [
    pytest.param(("one", "two"), ("one", "two"),          False, id="the same"),
    pytest.param(("one", "two"), ("two", "one"),          False, id="in another order"),
    pytest.param(("one", "two"), ("one", "two", "three"), False, id="one more"),
    pytest.param(("one", "two"), ("two",),                True,  id="one fewer"),
    pytest.param(("one", "two"), ("two", "three"),        True,  id="one replaced"),
    pytest.param((),             ("one",),                False, id="the first"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "answer"), ROWS)
def test_keys_are_taken_away(old, new, answer):
    assert takes_keys_away(told(*old), told(*new)) == answer


def test_a_key_that_stays_with_another_route_is_taken_away_all_the_same():
    old, new = told("one"), told("one")
    old.routes["virtual_hosts"][0]["routes"] *= 2
    assert takes_keys_away(old, new)
    assert not takes_keys_away(new, old)


def shown(*patterns):
    """With checks of what a request shows, as the compiler writes subscriptions' keys."""
    found = told("one")
    found.routes["virtual_hosts"][0]["routes"] += [
        {"permissions": [{"header": {"name": "key", "string_match": {"safe_regex": {"regex": one}}}}]}
        for one in patterns
    ]
    return found


# fmt: off
SHOWN = [
    pytest.param(("a|b",), ("b|a|c",),   False, id="one more key"),
    pytest.param(("a|b",), ("b",),       True,  id="one key fewer"),
    pytest.param(("a|b",), (),           True,  id="none any more"),
    pytest.param(("a", "a"), ("a",),     True,  id="for one of two APIs"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "answer"), SHOWN)
def test_keys_of_subscriptions_are_taken_away(old, new, answer):
    assert takes_keys_away(shown(*old), shown(*new)) == answer


def test_keys_of_subscriptions_are_not_quoted():
    assert unquoted("bad regex: topsecret|x", shown("topsecret|x")) == "bad regex: …"

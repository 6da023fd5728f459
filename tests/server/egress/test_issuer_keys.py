"""What an issuer publishes is fetched when needed and remembered: for how long, for whom, and what it costs."""

import asyncio
from collections.abc import Mapping

import pytest
from attrs import define, field

from entrada.server.egress import issuer_keys
from entrada.server.egress.fetch import NotFetched
from entrada.server.egress.issuer_keys import ASKED_AGAIN_AFTER, FAILURE_KEPT, KEPT, IssuerKeys
from entrada.testing import FakeClock
from tests.drivers.assertions import public_jwk, rsa_key

ISSUER = "https://tokens.example/oidc"
CONFIGURATION = f"{ISSUER}/.well-known/openid-configuration"
JWKS = "https://keys.example/jwks"


@define
class Internet:
    """Documents by URL; what is missing cannot be fetched."""

    documents: dict[str, dict[str, object]] = field(factory=dict)
    asked: list[str] = field(factory=list)

    async def fetch_json(self, url: str) -> dict[str, object]:
        self.asked.append(url)
        await asyncio.sleep(0)
        if url not in self.documents:
            raise NotFetched("it is not there")
        return self.documents[url]

    def publish(self, *kids: str, issuer: str = ISSUER) -> None:
        self.documents[f"{issuer.removesuffix('/')}/.well-known/openid-configuration"] = {
            "issuer": issuer,
            "jwks_uri": JWKS,
        }
        self.documents[JWKS] = {"keys": [public_jwk(rsa_key("issuer"), kid=kid) for kid in kids]}


@define
class There:
    internet: Internet = field(factory=Internet)
    clock: FakeClock = field(factory=FakeClock)
    keys: IssuerKeys = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.keys = IssuerKeys(self.internet.fetch_json, self.clock)

    def kids(self, kid: str | None = "one", issuer: str = ISSUER) -> set[str] | None:
        found = asyncio.run(self.keys.keys(issuer, kid))
        return None if found is None else set(found)

    def asked(self) -> int:
        """How often the issuer's configuration was asked for since the last look."""
        count = self.internet.asked.count(CONFIGURATION)
        self.internet.asked.clear()
        return count


@pytest.fixture
def there() -> There:
    made = There()
    made.internet.publish("one")
    return made


def test_the_configuration_leads_to_the_keys(there):
    assert there.kids() == {"one"}
    assert there.internet.asked == [CONFIGURATION, JWKS]


def test_they_are_remembered_for_an_hour(there):
    there.kids()
    there.internet.publish("two")
    there.clock.advance(KEPT - 1)
    assert (there.kids(), there.kids(None), there.asked()) == ({"one"}, {"one"}, 1)
    there.clock.advance(1)
    assert (there.kids(), there.asked()) == ({"two"}, 1)


def test_for_an_unknown_key_the_issuer_is_asked_every_five_minutes(there):
    there.kids()
    there.internet.publish("one", "two")
    there.clock.advance(ASKED_AGAIN_AFTER - 1)
    assert (there.kids("two"), there.asked()) == ({"one"}, 1)
    there.clock.advance(1)
    assert (there.kids("two"), there.asked()) == ({"one", "two"}, 1)
    assert (there.kids("three"), there.asked()) == ({"one", "two"}, 0)


def test_a_failure_is_remembered_for_a_minute(there):
    there.internet.documents.clear()
    assert (there.kids(), there.asked()) == (None, 1)
    there.internet.publish("one")
    there.clock.advance(FAILURE_KEPT - 1)
    assert (there.kids(), there.asked()) == (None, 0)
    there.clock.advance(1)
    assert there.kids() == {"one"}


def test_an_issuer_that_fails_for_a_while_is_believed_for_its_hour_and_asked_now_and_then(there):
    there.kids()
    there.internet.documents.clear()
    there.asked()
    there.clock.advance(ASKED_AGAIN_AFTER)
    assert (there.kids("two"), there.kids("two"), there.asked()) == ({"one"}, {"one"}, 1)
    there.clock.advance(KEPT - ASKED_AGAIN_AFTER)
    assert there.kids() is None


# fmt: off
CONFIGURATIONS = [
    pytest.param({"issuer": ISSUER + "/", "jwks_uri": JWKS},       id="of another issuer by a slash"),
    pytest.param({"jwks_uri": JWKS},                               id="of no issuer"),
    pytest.param({"issuer": ISSUER},                               id="without jwks_uri"),
    pytest.param({"issuer": ISSUER, "jwks_uri": ["x"]},            id="jwks_uri is no text"),
    pytest.param({"issuer": ISSUER, "jwks_uri": ISSUER + "/none"}, id="keys that are not there"),
    pytest.param({"issuer": ISSUER, "jwks_uri": CONFIGURATION},    id="keys that are none"),
]
# fmt: on


@pytest.mark.parametrize("document", CONFIGURATIONS)
def test_a_configuration_that_leads_nowhere(there, document: Mapping[str, object]):
    there.internet.documents[CONFIGURATION] = dict(document)
    assert there.kids() is None


def test_an_issuer_with_a_slash_at_its_end_has_one_slash_in_its_url(there):
    there.internet.publish("one", issuer=ISSUER + "/")
    assert there.kids(issuer=ISSUER + "/") == {"one"}


def test_who_asks_at_once_waits_for_one_fetch(there):
    async def many() -> list[object]:
        return await asyncio.gather(*(there.keys.keys(ISSUER, "one") for _ in range(20)))

    assert all(found == asyncio.run(there.keys.keys(ISSUER, "one")) for found in asyncio.run(many()))
    assert there.asked() == 1


def test_who_gives_up_does_not_end_it_for_the_others(there):
    async def two() -> object:
        first = asyncio.ensure_future(there.keys.keys(ISSUER, "one"))
        second = asyncio.ensure_future(there.keys.keys(ISSUER, "one"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(two())
    assert there.asked() == 1


def test_only_so_many_issuers_are_remembered(there, monkeypatch):
    monkeypatch.setattr(issuer_keys, "MOST_ISSUERS", 2)
    for number in range(5):
        there.kids(issuer=f"https://{number}.example")
    there.internet.asked.clear()
    there.kids(issuer="https://4.example")
    assert there.internet.asked == []
    there.kids(issuer="https://0.example")
    assert there.internet.asked

"""What a caller hears when something breaks: that it passes, or that it does not, and never how it broke."""

import asyncio

import pytest

from entrada.core.directory.ids import ClientId
from entrada.server.store.memory import MemoryStore
from entrada.server.store.port import StoreContended, StoreUnavailable
from entrada.testing import platform
from tests.drivers.live_server import CLI, COLORS
from tests.plugins.platforms import new_client

FORM = {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": "x"}
PASSING = ("temporarily_unavailable", 503, "2")
LASTING = ("server_error", 500, None)


class BrokenStore(MemoryStore):
    failure: Exception | None = None

    async def find_application(self, app_id: ClientId):
        if self.failure is not None:
            raise self.failure
        return await super().find_application(app_id)


@pytest.fixture
def broken(signing_keys):
    store = BrokenStore()
    made = asyncio.run(platform(store, keys=signing_keys))
    return store, new_client(made)


# fmt: off
FAILURES = [  # what breaks, what is said
    pytest.param(StoreUnavailable("hidden words"), PASSING, id="the database is away"),
    pytest.param(StoreContended("hidden words"),   PASSING, id="too many wanted the same row"),
    pytest.param(KeyError("hidden words"),         LASTING, id="a bug"),
]
# fmt: on


@pytest.mark.parametrize(("failure", "said"), FAILURES)
def test_a_client_hears_in_json(broken, failure, said):
    store, client = broken
    store.failure = failure
    answer = client.post(f"/{COLORS}/oauth2/v2.0/token", data=FORM)
    assert (answer.json()["error"], answer.status_code, answer.headers.get("retry-after")) == said
    assert answer.json()["trace_id"] in answer.json()["error_description"]
    assert "hidden words" not in answer.text


@pytest.mark.parametrize(("failure", "said"), FAILURES)
def test_a_person_sees_a_page(broken, failure, said):
    store, client = broken
    store.failure = failure
    answer = client.get(f"/{COLORS}/oauth2/v2.0/authorize?client_id={CLI}", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers.get("retry-after")) == said[1:]
    assert "AADSTS" in answer.text
    assert "hidden words" not in answer.text

"""What a gateway must not be fooled by, over a raw socket.  Issue 6, point 6."""

import asyncio

import pytest

from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.ids import ApiId
from entrada.server.usecases.gateway.records import Policy
from tests.gateway import corpus
from tests.web.gateway.place import DOCUMENT

GROUPS = {"good": corpus.GOOD, "framing": corpus.FRAMING, "paths": corpus.PATHS, "tokens": corpus.TOKENS}


@pytest.mark.parametrize("group", GROUPS)
async def test_every_request_has_an_answer_that_is_right(place, group):
    await place.put(Policy(scope=PolicyScope(api_id=ApiId("colors")), text=corpus.policy(DOCUMENT)))
    await place.live.look()
    await place.live.look_again([DOCUMENT])
    wrong = {}
    for row in GROUPS[group]:
        try:
            status, _, _ = await place.ask(row.made(place.issuer), within=3)
        except TimeoutError:
            status = -1
        if status not in row.right:
            wrong[row.name] = status
    assert wrong == {}
    reached = [one for one in place.backend.got if one["path"].startswith("/back/")]
    assert all("entrada" not in name for one in reached for name, _ in one["headers"])


async def test_what_was_smuggled_is_never_a_request_of_its_own(place):
    rows = [row for row in corpus.FRAMING if "chunks" in row.name or "length" in row.name]
    await asyncio.gather(*(place.ask(row.made(place.issuer), within=3) for row in rows))
    assert [one for one in place.backend.got if one["method"] == "GET"] == []


async def test_a_request_names_one_host(place):
    """RFC 9112 §3.2.2: policies see one, and the backend is told of it."""
    asked = (corpus.get(f"http://{host}/open/x") for host in ("localhost", "elsewhere.example", "localhost:1", ""))
    assert [(await place.ask(one))[0] for one in asked] == [200, 400, 400, 400]

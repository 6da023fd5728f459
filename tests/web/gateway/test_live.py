"""What the gateway serves follows what is stored and what issuers publish, quickly, and never halfway."""

import asyncio
import json
import time

from attrs import evolve
from joserfc.jwk import RSAKey

from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.counters import Window
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.jose import compact
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity, RemoveSigningKey
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.gateway import foreign_documents
from entrada.server.usecases.gateway.records import Policy
from entrada.server.usecases.gateway.tally import Tally
from tests.gateway import corpus
from tests.gateway.corpus import bearer, get
from tests.usecases.acting import OPERATOR
from tests.web.gateway.place import COLORS, DOCUMENT, logged, policy

OWN = f"https://localhost:8443/{COLORS}/v2.0/.well-known/openid-configuration"


def protected(document: str) -> Policy:
    return Policy(scope=PolicyScope(api_id=ApiId("colors")), text=corpus.policy(document))


async def status(place, raw=None):
    return (await place.ask(raw or get("/open/x")))[0]


async def until(place, raw, wanted, within=1.0):
    end = time.monotonic() + within
    while (found := await status(place, raw)) != wanted:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.02)


async def own_token(place):
    key = await place.here.signing_keys.signer(place.here.clock())
    claims = place.issuer.claims(iss=f"https://localhost:8443/{COLORS}/v2.0")
    return key.kid, compact.sign(claims, key)


# ---- the configuration ---------------------------------------------------------------------------------------------


async def test_an_edit_is_served_within_a_second(place):
    await place.put(policy('<return-response><set-status code="204"/></return-response>', "open"))
    await until(place, get(), 204)
    await place.remove(policy("", "open"))
    await until(place, get(), 200)


async def test_what_has_faults_changes_nothing_and_says_so(place):
    with logged() as logs:
        await place.put(policy("<nonsense/>", "open"), *place.api("more"))
        await place.live.look()
    assert await status(place) == 200
    assert await status(place, get("/more/x")) == 404  # not the half of it that is good
    assert "apis/open" in place.live.health().problem
    assert [one["log_level"] for one in logs if one["event"] == "gateway configuration"] == ["error"]
    await place.put(policy("", "open"))
    await until(place, get("/more/x"), 200)
    assert place.live.health().problem == ""


async def test_a_policy_that_cannot_be_read_leaves_no_api_open(place):
    await place.put(protected(DOCUMENT))
    await place.live.look()
    key = (COLORS, "policy", "apis/colors")
    record = await place.here.store.find_entity(GatewayRecord, key)
    assert await place.here.store.commit([PutEntity(evolve(record, content="{"))])
    await place.live.look()
    assert await status(place, get("/colors/x")) == 401
    assert "apis/colors" in place.live.health().problem


async def test_a_store_that_is_away_changes_nothing_and_is_told_once(place, monkeypatch):
    async def away(tenant_id):
        raise ConnectionError("no route")

    with logged() as logs:
        monkeypatch.setattr(place.here.store, "directory_number", away)
        for _ in range(3):
            await place.live.look()
        assert await status(place) == 200
        assert "no route" in place.live.health().problem
        monkeypatch.undo()
        await place.live.look()
    told = [one["log_level"] for one in logs if one["event"] == "gateway configuration"]
    assert (told, place.live.health().problem) == (["error", "warning"], "")


async def test_fifty_edits_under_load_drop_nothing(place):
    stop, answers = asyncio.Event(), []

    async def call():
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        while not stop.is_set():
            writer.write(get("/open/x"))
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0])
            body = json.loads(await reader.readexactly(length))
            answers.append((head.split(" ")[1], dict(body["headers"]).get("x-edit")))
        writer.close()

    clients = [asyncio.ensure_future(call()) for _ in range(2)]
    for edit in range(50):
        name = f'<set-header name="X-Edit" exists-action="override"><value>{edit}</value></set-header>'
        await place.put(policy(name, "open"))
        await place.live.look()
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    stop.set()
    await asyncio.gather(*clients)
    assert {code for code, _ in answers} == {"200"}
    seen = [int(edit) for _, edit in answers if edit is not None]
    assert seen == sorted(seen)  # two clients, one service: nobody sees an older one again
    assert seen[-1] == 49


async def test_subscribers_are_told_of_what_changes(place):
    told = []
    place.live.subscribe(lambda service, providers: told.append((set(service.apis), set(providers))))
    await place.put(*place.api("more"))
    await place.live.look()
    await place.live.look()
    assert [apis for apis, _ in told] == [{"open", "colors", "more"}]
    await place.put(protected(OWN))
    await place.live.look()
    assert told[-1][1] == {OWN}


# ---- keys ----------------------------------------------------------------------------------------------------------


async def test_a_document_of_ours_that_does_not_exist_is_logged_and_named(place):
    wrong = OWN.removesuffix("/.well-known/openid-configuration")
    with logged() as logs:
        await place.put(protected(wrong))
        await place.live.look()
        assert await status(place, bearer("e30.e30.e30")) in (401, 500)
    assert [one["url"] for one in logs if one["event"] == "discovery document"] == [wrong]
    assert "no such document" in place.live.failures[wrong]
    await place.put(protected(OWN))
    await until(place, bearer((await own_token(place))[1]), 200)
    assert place.live.failures == {}


async def test_our_own_keys_need_no_network(place):
    await place.put(protected(OWN))
    await place.live.look()
    _, token = await own_token(place)
    assert await status(place, bearer(token)) == 200
    assert place.foreign.fetched == 0
    assert [one.is_own for one in place.live.health().providers] == [True]


async def test_a_rotation_refuses_nobody_and_a_removed_key_is_refused_within_a_second(place):
    await place.put(protected(OWN))
    await place.live.look()
    kid, old = await own_token(place)
    await rotate_keys.rotate(place.here, OPERATOR, at_once=True)
    rotated, new = await own_token(place)
    assert rotated != kid
    assert [await status(place, bearer(one)) for one in (old, new)] == [200, 200]
    record = next(one for one in await place.here.store.list_signing_keys() if one.kid == kid)
    assert await place.here.store.commit([RemoveSigningKey(record.sequence)])
    await until(place, bearer(old), 401)
    assert await status(place, bearer(new)) == 200


async def test_a_new_key_of_a_foreign_issuer_is_asked_for_at_once(place, monkeypatch):
    await place.put(protected(DOCUMENT))
    await place.live.look()
    assert await status(place, bearer(place.issuer.token())) == 200
    key = RSAKey.generate_key(2048, {"kid": "new"})
    place.foreign.keys = [key]
    token = place.issuer.token({"kid": "new"}, key)
    fetched = place.foreign.fetched
    assert await status(place, bearer(token)) == 401  # somebody has just asked
    assert place.foreign.fetched == fetched
    monkeypatch.setattr(foreign_documents, "EAGER", 0.0)
    found = await asyncio.gather(*(status(place, bearer(token)) for _ in range(5)))
    assert found == [200] * 5
    assert place.foreign.fetched == fetched + 2  # one document, one key set
    assert await status(place, bearer(place.issuer.token())) == 401  # the old key is gone


async def test_an_issuer_that_is_away_keeps_its_last_keys(place, monkeypatch):
    await place.put(protected(DOCUMENT))
    await place.live.look()
    assert await status(place, bearer(place.issuer.token())) == 200
    place.foreign.fails = True
    monkeypatch.setattr(foreign_documents, "EAGER", 0.0)
    await place.live.look_again([DOCUMENT])
    assert await status(place, bearer(place.issuer.token())) == 200
    (health,) = place.live.health().providers
    assert (health.failure, health.keys, health.fetched_at) == ("it is away", 1, place.here.clock())


async def test_an_issuer_that_takes_back_all_keys_is_believed(place, monkeypatch):
    await place.put(protected(DOCUMENT))
    await place.live.look()
    await place.live.look_again([DOCUMENT])
    place.foreign.keys = []
    monkeypatch.setattr(foreign_documents, "EAGER", 0.0)
    await place.live.look_again([DOCUMENT])
    assert await status(place, bearer(place.issuer.token())) != 200


async def test_a_tenant_that_is_switched_off_vouches_for_nobody(place):
    await place.put(protected(OWN))
    await place.live.look()
    _, token = await own_token(place)
    assert await status(place, bearer(token)) == 200
    tenant = await place.here.store.find_tenant(COLORS)
    assert await place.here.store.commit([PutEntity(evolve(tenant, enabled=False))])
    await until(place, bearer(token), 500)


# ---- counters ------------------------------------------------------------------------------------------------------


async def test_calls_are_counted(place):
    await place.put(policy('<rate-limit-by-key calls="3" renewal-period="60" counter-key="all"/>', "open"))
    await place.live.look()
    found = await asyncio.gather(*(status(place) for _ in range(6)))
    assert sorted(found) == [200, 200, 200, 429, 429, 429]


def test_counters_are_bounded():
    tally, start = Tally(most=10), NumericDate(1000)
    for n in range(25):
        tally.merge({f"k{n}": Window().counted(1, start)}, start)
    assert list(tally.windows) == [f"k{n}" for n in range(15, 25)]
    tally.merge({"k20": tally.windows["k20"].counted(1, start)}, start)
    assert list(tally.windows)[-1] == "k20"
    later = NumericDate(start + 301)
    tally.merge({"new": Window().counted(1, later)}, later)
    assert list(tally.windows) == ["new"]


async def test_nothing_is_served_before_something_is_known(place, monkeypatch):
    monkeypatch.setattr(place.live, "_loaded_at", None)
    assert await status(place) == 503

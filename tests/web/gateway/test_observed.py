"""What is told of requests: the log, the journal, the figures.  Never what is secret."""

import asyncio

from starlette.testclient import TestClient

from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.ids import ApiId
from entrada.server.usecases.gateway.records import Policy
from entrada.server.web.gateway.metrics_page import metrics_page
from tests.gateway import corpus
from tests.gateway.corpus import bearer, get
from tests.web.gateway.place import COLORS, DOCUMENT, logged, opened


async def protect(place):
    await place.put(Policy(scope=PolicyScope(api_id=ApiId("colors")), text=corpus.policy(DOCUMENT)))
    await place.live.look()


async def test_a_line_for_each_request_with_the_claims_that_were_chosen(place):
    await protect(place)
    token = place.issuer.token()
    with logged() as lines:
        _, headers, _ = await place.ask(bearer(token, "Cookie: a=secret-cookie"))
        await place.ask(get("/colors/x?access_token=secret-query"))
        await asyncio.sleep(0.05)
    good, bad = (one for one in lines if one["event"] == "gateway")
    assert good["request_id"] == headers["x-request-id"]
    shown = {name: good[name] for name in ("api", "operation", "method", "path", "status", "address", "claims")}
    assert shown == {
        "api": "colors", "operation": "get", "method": "GET", "path": "/colors/x", "status": 200,
        "address": "127.0.0.1", "claims": {"sub": "ben"},
    }  # fmt: skip
    assert 0 <= good["backend_ms"] <= good["ms"]
    assert (bad["status"], bad["reason"]) == (401, "TokenNotPresent")
    said = str(lines)
    assert not any(one in said for one in (token, token.split(".")[1], "secret-query", "secret-cookie", "scp"))


async def test_a_refusal_is_a_story_that_its_id_leads_to(place):
    await protect(place)
    _, headers, _ = await place.ask(bearer(place.issuer.token(aud="petals")))
    await asyncio.sleep(0.05)
    await place.here.journal.write(place.here.store)
    story = await place.here.store.find_story(headers["x-request-id"])
    assert (story.tenant_id, story.event, story.rule) == (COLORS, "gateway", "TokenAudienceNotAllowed")
    assert "colors" in story.advice
    weighed = {one.name: one.value for one in story.weighed}
    assert (weighed["api"], weighed["policy"]) == ("colors", "validate-jwt")


async def test_figures_by_operation(place):
    await protect(place)
    await place.ask(get("/open/x"))
    await place.ask(get("/colors/x"))
    for n in range(3):
        await place.ask(get(f"/nowhere-{n}"))
    await asyncio.sleep(0.05)
    app = metrics_page(place.live, place.proxy.observer.figures)
    answer = await asyncio.to_thread(lambda: TestClient(app).get("/metrics"))
    unready = metrics_page(place.live, place.proxy.observer.figures, in_front_ready=lambda: False)
    assert await asyncio.to_thread(lambda: TestClient(unready).get("/readyz").status_code) == 503
    assert await asyncio.to_thread(lambda: TestClient(unready).get("/healthz").status_code) == 200
    assert await asyncio.to_thread(lambda: TestClient(app).get("/readyz").status_code) == 200
    lines = answer.text.splitlines()
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    for line in (
        'entrada_gateway_requests_total{api="open",operation="get",status="2xx"} 1',
        'entrada_gateway_requests_total{api="colors",operation="get",status="4xx"} 1',
        'entrada_gateway_requests_total{api="",operation="",status="4xx"} 3',
        'entrada_gateway_refusals_total{api="colors",operation="get",reason="TokenNotPresent"} 1',
        'entrada_gateway_request_duration_seconds_bucket{api="open",operation="get",le="+Inf"} 1',
        'entrada_gateway_backend_duration_seconds_count{api="open",operation="get"} 1',
        "entrada_gateway_configuration_problem 0",
        f'entrada_gateway_keys{{document="{DOCUMENT}"}} 1',
        f'entrada_gateway_keys_age_seconds{{document="{DOCUMENT}"}} 0',
    ):
        assert line in lines, line
    assert "nowhere" not in answer.text


async def test_envoy_says_who_asks(signing_keys):
    from entrada.testing.in_process import platform

    known = "0b0c0d0e-0000-4000-8000-000000000001"
    said = ("X-Entrada-Client-Address: 203.0.113.9", f"X-Entrada-Request-Id: {known}")
    async with opened(await platform(keys=signing_keys), behind_envoy=True) as place:
        _, headers, _ = await place.ask(get("/open/x", *said))
        (seen,) = place.backend.got
    assert dict(seen["headers"])["x-forwarded-for"] == "203.0.113.9"
    assert headers["x-request-id"] == known
    assert not [name for name, _ in seen["headers"] if "entrada" in name]

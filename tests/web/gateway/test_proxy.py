"""A request on its way to the backend and the answer on its way back: RFC 9110 §7.6, RFC 9112 §6 and §9."""

import asyncio
import json
import resource
from uuid import UUID

import pytest

from tests.gateway.corpus import get
from tests.web.gateway.place import LARGE, answer, policy


async def told(place, raw):
    status, headers, body = await place.ask(raw)
    assert status == 200
    return json.loads(body), headers


def lines(seen):
    return dict(seen["headers"])


async def test_the_backend_gets_the_request_and_nothing_of_the_connection(place):
    raw = get(
        "/open/a%20b/x?q=1&q=2", "Connection: keep-alive, X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "TE: trailers",
        "Proxy-Authorization: Basic YTpi", "X-Kept: yes", "Accept: text/plain",
    )  # fmt: skip
    seen, _ = await told(place, raw)
    assert (seen["method"], seen["path"], seen["query"]) == ("GET", "/back/a%20b/x", "q=1&q=2")
    assert lines(seen) == {
        "host": f"127.0.0.1:{place.backend_port}",
        "x-kept": "yes",
        "accept": "text/plain",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "localhost",
    }


async def test_what_a_caller_says_of_itself_is_not_believed(place):
    said = (
        "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: gopher", "X-Forwarded-Port: 1", "Forwarded: for=203.0.113.9",
        "X-Real-IP: 203.0.113.9", "X-Entrada-Client-Address: 203.0.113.9", "X-Envoy-Internal: true",
    )  # fmt: skip
    seen, _ = await told(place, get("/open/x", *said))
    assert "203.0.113.9" not in str(seen["headers"])
    assert set(lines(seen)) == {"host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


async def test_cookies_of_our_own_sites_stay_here(place):
    cookie = "Cookie: a=1; __Host-entrada-session=secret; entrada-browser=secret; b=2; __HOST-ENTRADA-x=secret"
    seen, _ = await told(place, get("/open/x", cookie))
    assert lines(seen)["cookie"] == "a=1; b=2"


async def test_a_policy_may_name_another_host(place):
    element = '<set-header name="Host" exists-action="override"><value>other.example</value></set-header>'
    await place.put(policy(element, "open"))
    await place.live.look()
    seen, _ = await told(place, get())
    assert lines(seen)["host"] == "other.example"


async def test_a_policy_says_nothing_of_the_length(place):
    element = (
        '<set-header name="Content-Length" exists-action="override"><value>3</value></set-header>'
        '<set-header name="Transfer-Encoding" exists-action="override"><value>chunked</value></set-header>'
    )
    await place.put(policy(element, "open"))
    await place.live.look()
    seen, _ = await told(place, get("/open/x", "Content-Length: 5", method="POST", body=b"hello"))
    assert seen["size"] == 5
    assert lines(seen)["content-length"] == "5"
    assert "transfer-encoding" not in lines(seen)


async def test_the_caller_gets_the_answer_and_nothing_of_the_connection(place):
    _, headers = await told(place, get())
    assert "x-secret" not in headers
    assert headers["date"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert UUID(headers["x-request-id"]).version == 4


@pytest.mark.parametrize(("path", "method", "status"), [("/open/x", "HEAD", 200), ("/open/none", "GET", 204), ("/open/unchanged", "GET", 304)])  # fmt: skip
async def test_answers_without_a_body_keep_the_connection(place, path, method, status):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    for _ in range(2):
        writer.write(get(path, method=method))
        got, _, body = await asyncio.wait_for(answer(reader, is_head=method == "HEAD"), 5)
        assert (got, body) == (status, b"")
    writer.close()


async def test_connections_to_the_backend_are_used_again(place):
    for _ in range(5):
        await told(place, get())
    assert len(place.proxy.backends._places) == 1


async def test_a_backend_that_has_closed_the_connection_meanwhile_is_asked_once_more(place):
    await told(place, get())
    for one in place.proxy.backends._places:
        one._transport.write_eof()  # as if the backend were about to close it
    await told(place, get())


async def test_a_body_waits_for_the_word_to_come(place):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    writer.write(get("/open/x", "Expect: 100-continue", "Content-Length: 5", method="POST"))
    assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5) == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"hello")
    status, _, body = await asyncio.wait_for(answer(reader), 5)
    assert (status, json.loads(body)["size"]) == (200, 5)
    writer.close()


async def test_a_body_that_nobody_wants_is_not_asked_for(place):
    raw = get("/nowhere", "Expect: 100-continue", "Content-Length: 5", method="POST")
    status, headers, _ = await place.ask(raw)
    assert (status, headers["connection"]) == (404, "close")


async def test_trailers_go_nowhere(place):
    body = b"5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\nX-Trailer: 1\r\n\r\n"
    seen, _ = await told(place, get("/open/x", "Transfer-Encoding: chunked", "TE: trailers", method="POST", body=body))
    assert seen["size"] == 5
    assert not {"authorization", "x-trailer"} & set(lines(seen))


async def test_a_large_answer_is_not_held(place):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    writer.write(get("/open/large"))
    await reader.readuntil(b"\r\n\r\n")
    got = 0
    while data := await asyncio.wait_for(reader.read(1 << 20), 10):
        got += len(data)
        if data.endswith(b"\r\n0\r\n\r\n"):
            break
    writer.close()
    assert got > LARGE << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024  # kB


async def test_a_caller_who_does_not_read_makes_the_backend_wait(place):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port, limit=1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    writer.write(get("/open/large"))
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()
    await asyncio.sleep(0.5)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024  # kB
    writer.transport.abort()


async def test_a_large_request_is_not_held(place):
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    writer.write(get("/open/x", f"Content-Length: {LARGE << 20}", method="POST"))
    for _ in range(LARGE):
        writer.write(bytes(1 << 20))
        await writer.drain()
    status, _, body = await asyncio.wait_for(answer(reader), 10)
    assert (status, json.loads(body)["size"]) == (200, LARGE << 20)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024  # kB
    writer.close()


@pytest.mark.parametrize("path", ["/open/waits", "/open/endless"])
async def test_a_caller_who_goes_ends_the_call(place, path):
    _, writer = await asyncio.open_connection("127.0.0.1", place.port)
    writer.write(get(path))
    await asyncio.sleep(0.3)
    writer.close()
    if path.endswith("endless"):
        await asyncio.wait_for(place.backend.gone.wait(), 5)
    else:
        await _without_connections(place)
    place.backend.released.set()


async def test_who_hangs_up_is_counted(place):
    """Otherwise a limit that counts by the response is no limit for who does not wait for it."""
    inbound = """<rate-limit-by-key counter-key="a" calls="1" renewal-period="60"
        increment-condition="@(context.Response.StatusCode == 200)"/>"""
    await place.put(policy(inbound, "open"))
    await place.live.look()
    _, writer = await asyncio.open_connection("127.0.0.1", place.port)
    writer.write(get("/open/waits"))
    async with asyncio.timeout(5):
        while not place.backend.got:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    writer.close()
    await _without_connections(place)
    place.backend.released.set()
    assert (await place.ask(get("/open/x")))[0] == 429


async def _without_connections(place):
    async with asyncio.timeout(5):
        while place.proxy.backends._places:  # noqa: ASYNC110 - nobody tells of a connection that ended
            await asyncio.sleep(0.02)


async def test_a_backend_that_breaks_within_its_answer_is_seen_to(place):
    with pytest.raises(asyncio.IncompleteReadError):
        await place.ask(get("/open/broken"))


async def test_a_backend_that_is_slow_or_away(place):
    backend = '<forward-request timeout="1"/>'
    one = policy("", "open")
    await place.put(type(one)(scope=one.scope, text=one.text.replace("<backend><base/>", f"<backend>{backend}")))
    await place.live.look()
    assert (await place.ask(get("/open/waits")))[0] == 500
    place.backend.released.set()
    place.backend_port = 1
    await place.put(*place.api("open"))
    await place.live.look()
    status, _, body = await place.ask(get())
    assert (status, json.loads(body)["statusCode"]) == (500, 500)


async def test_an_answer_of_a_policy_replaces_that_of_the_backend(place):
    outbound = "<base/><return-response><set-status code='202'/><set-body>ours</set-body></return-response>"
    await place.put(policy("", "open", outbound))
    await place.live.look()
    for _ in range(2):
        status, headers, body = await place.ask(get())
        assert (status, headers["content-length"], body) == (202, "4", b"ours")

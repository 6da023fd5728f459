"""The listener on the loopback: it takes one answer, turns the rest away, and tells the person how it ended."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from entrada.client.errors import BadSettings, PortTaken, TimedOut
from entrada.client.interactive import page
from entrada.client.interactive.loopback import listening

STATE = "s" * 43
GOOD = {"code": "c-1", "state": STATE}


@contextmanager
def listener(redirect_uri="http://localhost", port=0):
    receiver = listening(redirect_uri, port)
    try:
        receiver.start(STATE)
        yield receiver
    finally:
        receiver.close()


def asked(receiver, method="GET", path="/", **request):
    """At its address, as a browser that asks both of localhost ends up doing; the name in Host stays localhost."""
    port = urlsplit(receiver.redirect_uri).port
    headers = {"host": f"localhost:{port}", **request.pop("headers", {})}
    return httpx2.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, trust_env=False, **request)


def ended(receiver, verdict=page.SIGNED_IN, method="GET", **request):
    """The page that the person sees."""
    with ThreadPoolExecutor() as pool:
        shown = pool.submit(asked, receiver, method, **request)
        found = receiver.wait(10)
        receiver.tell(verdict)
        receiver.close()
        return found, shown.result()


# fmt: off
SENT = [
    pytest.param({"method": "GET", "path": f"/?{urlencode(GOOD)}"}, id="in a link"),
    pytest.param({"method": "POST", "data": GOOD},                  id="in a form"),
]
STRAY = [  # a request, the status of what it gets
    pytest.param({"path": "/favicon.ico"},                                                  404, id="the icon"),
    pytest.param({"path": f"/other?{urlencode(GOOD)}"},                                     404, id="another path"),
    pytest.param({"path": "/"},                                                             400, id="nothing"),
    pytest.param({"path": "/?code=c-1"},                                                    400, id="no state"),
    pytest.param({"path": "/?code=c-1&state=other"},                                        400, id="another state"),
    pytest.param({"path": "/?code=c-1&state=%C3%A4"},                                       400, id="a state that is no ASCII"),
    pytest.param({"path": f"/?code=c-1&code=c-2&state={STATE}"},                            400, id="two codes"),
    pytest.param({"path": f"/?code=c-1&state={STATE}&state={STATE}"},                       400, id="two states"),
    pytest.param({"path": "/?" + "&".join(f"a{n}=1" for n in range(60)) + f"&state={STATE}"}, 400, id="sixty fields"),
    pytest.param({"path": f"/?{urlencode(GOOD)}", "headers": {"host": "evil.example"}},      404, id="another name (DNS rebinding)"),
    pytest.param({"path": f"/?{urlencode(GOOD)}", "headers": {"host": "localhost:1"}},       404, id="another port"),
    pytest.param({"method": "POST", "json": GOOD},                                          400, id="JSON"),
    pytest.param({"method": "POST", "content": b"a" * 70_000,
                  "headers": {"content-type": "application/x-www-form-urlencoded"}},        400, id="too much"),
    pytest.param({"method": "POST", "data": {**GOOD, "state": "other"}},                    400, id="a form of another sign-in"),
    pytest.param({"method": "PUT", "content": b""},                                         501, id="another method"),
    pytest.param({"method": "HEAD"},                                                        501, id="a preview"),
]
# fmt: on


@pytest.mark.parametrize("redirect_uri", ["http://localhost", "http://127.0.0.1/answer"])
def test_the_way_elsewhere_leads_there_once(redirect_uri):
    """Its own address tells nothing of the state, and whoever reads it later gets nothing."""
    with listener(redirect_uri) as receiver:
        there = f"https://login.example/authorize?state={STATE}"
        way = receiver.way_to(there)
        assert way.startswith(f"http://{urlsplit(receiver.redirect_uri).netloc}/start/")
        assert STATE not in way
        path = urlsplit(way).path
        with pytest.raises(TimedOut):
            receiver.wait_for_the_browser(0.01)
        assert asked(receiver, path=path, headers={"host": "evil.example"}).status_code == 404
        assert asked(receiver, path=path[:-1]).status_code == 404
        led = asked(receiver, path=path)
        assert (led.status_code, led.headers["location"], led.headers["cache-control"]) == (302, there, "no-store")
        receiver.wait_for_the_browser(1)
        assert asked(receiver, path=path).status_code == 404


@pytest.mark.parametrize("request_", SENT)
def test_the_answer(request_):
    with listener() as receiver:
        found, shown = ended(receiver, **request_)
    assert found == GOOD
    assert shown.status_code == 200
    assert "You are signed in" in shown.text


@pytest.mark.parametrize(("stray", "status"), STRAY)
def test_a_stray_request_ends_nothing(stray, status):
    with listener() as receiver:
        turned_away = asked(receiver, **stray)
        assert turned_away.status_code == status
        assert "code" not in turned_away.text.lower()
        with pytest.raises(TimedOut):
            receiver.wait(0.05)
        assert ended(receiver, method="POST", data=GOOD)[0] == GOOD


def test_an_answer_in_chunks_is_none():
    with listener() as receiver:
        chunks = iter([urlencode(GOOD).encode()])
        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert asked(receiver, "POST", content=chunks, headers=kind).status_code == 400


@pytest.mark.parametrize(
    "verdict", [page.SIGNED_IN, page.DECLINED, page.failed("AADSTS1: <script>no</script>", "Ask them.")]
)
def test_the_page_tells_how_it_ended_and_nothing_else(verdict):
    with listener() as receiver:
        _, shown = ended(receiver, verdict, path=f"/?{urlencode({**GOOD, 'code': 'the-code'})}")
    assert verdict.heading in shown.text
    assert "close this window" in shown.text
    assert "the-code" not in shown.text
    assert STATE not in shown.text
    assert "<script" not in shown.text
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"


def test_the_policy_names_the_style_of_the_page():
    import hashlib
    from base64 import b64encode

    [style] = re.findall(r"<style>(.*?)</style>", page.SIGNED_IN.html().decode(), re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.HEADERS["Content-Security-Policy"]


def test_a_tab_that_is_loaded_again_says_the_same():
    with listener() as receiver, ThreadPoolExecutor() as pool:
        shown = [pool.submit(asked, receiver, path=f"/?{urlencode(GOOD)}") for _ in range(3)]
        assert receiver.wait(10) == GOOD
        receiver.tell(page.SIGNED_IN)
        receiver.close()
        # The one that the listener was closed for; the others may have come too late for it.
        assert any("You are signed in" in one.result().text for one in shown if one.exception() is None)


def test_a_connection_that_says_nothing_holds_nobody_up():
    with listener() as receiver:
        port = urlsplit(receiver.redirect_uri).port
        with socket.create_connection(("127.0.0.1", port)):
            assert ended(receiver, method="POST", data=GOOD)[0] == GOOD


def test_nobody_comes():
    with listener() as receiver, pytest.raises(TimedOut, match="within 0 seconds"):
        receiver.wait(0.05)


def test_somebody_stops_waiting():
    ended = []

    def wait():
        try:
            receiver.wait(60)
        except TimedOut as error:
            ended.append(error)

    with listener() as receiver:
        waiting = Thread(target=wait)
        waiting.start()
        receiver.close()
        waiting.join(5)
    assert len(ended) == 1


def test_the_port_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken, match="something else listens"):
            listening(port=other.getsockname()[1])


def test_the_port_of_the_redirect_uri_is_kept():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    with listener(f"http://localhost:{port}/back") as receiver:
        assert receiver.redirect_uri == f"http://localhost:{port}/back"
        assert asked(receiver, path=f"/?{urlencode(GOOD)}").status_code == 404
        assert ended(receiver, path=f"/back?{urlencode(GOOD)}")[0] == GOOD


def test_only_the_loopback_listens():
    with listener() as receiver:
        assert receiver._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "uri",
    [
        "https://localhost",
        "http://app.example",
        "http://[::1]",
        "http://localhost:99999",
        "http://localhost/?a=b",
        "app://x",
    ],
)
def test_a_redirect_uri_that_is_none(uri):
    with pytest.raises(BadSettings):
        listening(uri)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_is_none(port):
    with pytest.raises(BadSettings):
        listening(port=port)

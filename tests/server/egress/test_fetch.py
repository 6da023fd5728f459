"""The one way out: an address judged once, no redirect, a little of the answer, not for long."""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar

import pytest
from attrs import define, field

from entrada.server.egress.destinations import Destinations
from entrada.server.egress.fetch import MAXIMUM_BYTES, Egress, NotFetched
from tests.drivers.assertions import Certified, rsa_key
from tests.server.egress.server_certificate import server_certificate

NAME = "issuer.test"
NAMED = Destinations.parse(NAME)
DOCUMENT = {"issuer": "https://issuer.test"}
Answer = Callable[[BaseHTTPRequestHandler], None]


def say(body: bytes, *, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@define
class Server:
    port: int
    hosts: list[str] = field(factory=list)


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        seen: ClassVar[Server]

        def do_GET(self) -> None:
            self.seen.hosts.append(self.headers["Host"])
            with suppress(BrokenPipeError, ConnectionResetError):  # it was too much for the caller
                answer(self)

        do_POST = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - their names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a handshake that the caller broke off

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Handler.seen = Server(server.server_address[1])
        thread = Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield Handler.seen
        finally:
            server.shutdown()
            thread.join()


@define
class Resolver:
    """Says one thing after another, the last for ever."""

    answers: list[list[str]]
    asked: int = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def at(*addresses: str) -> Resolver:
    return Resolver([list(addresses)])


def fetch(url: str, egress: Egress) -> dict[str, object]:
    return asyncio.run(egress.fetch_json(url))


def refused(url: str, egress: Egress) -> str:
    with pytest.raises(NotFetched) as raised:
        fetch(url, egress)
    return str(raised.value)


def test_a_document_is_fetched_from_the_judged_address():
    # The second answer is what a rebinding name would say when it is asked again.
    resolver = Resolver([["127.0.0.1"], ["127.0.0.2"]])
    with serving(say(json.dumps(DOCUMENT).encode())) as server:
        found = fetch(f"http://{NAME}:{server.port}/x", Egress(NAMED, resolver))
        assert server.hosts == [f"{NAME}:{server.port}"]
    assert found == DOCUMENT
    assert resolver.asked == 1


def test_the_next_address_is_tried_where_one_does_not_answer():
    with serving(say(json.dumps(DOCUMENT).encode())) as server:
        egress = Egress(NAMED, at("127.0.0.9", "::1", "127.0.0.1"))
        assert fetch(f"http://{NAME}:{server.port}/", egress) == DOCUMENT


def test_but_not_many_addresses():
    with serving(say(b"{}")) as server:
        egress = Egress(NAMED, at(*["127.0.0.9"] * 4, "127.0.0.1"))
        assert refused(f"http://{NAME}:{server.port}/", egress)
        assert server.hosts == []


# fmt: off
ADDRESSES = [
    pytest.param("https://issuer.example/",          ["127.0.0.1"],                 id="a name for this machine"),
    pytest.param("https://issuer.example/",          ["169.254.169.254"],           id="a name for the provider's metadata"),
    pytest.param("https://issuer.example/",          ["8.8.8.8", "10.0.0.1"],       id="a public address and a private one"),
    pytest.param("https://issuer.example/",          ["::ffff:127.0.0.1"],          id="this machine in disguise"),
    pytest.param("https://issuer.example/",          [],                            id="no address"),
    pytest.param("https://127.0.0.1/",               ["127.0.0.1"],                 id="an address in the URL"),
    pytest.param("https://[::1]/",                   ["::1"],                       id="an IPv6 address in the URL"),
    pytest.param("https://2130706433/",              ["127.0.0.1"],                 id="an address as a number"),
    pytest.param("https://other.issuer.test/",       ["127.0.0.1"],                 id="below a named host"),
    pytest.param("http://issuer.example/",           ["8.8.8.8"],                   id="http"),
    pytest.param("ftp://issuer.test/",               ["127.0.0.1"],                 id="ftp"),
    pytest.param("file:///etc/passwd",               ["127.0.0.1"],                 id="a file"),
    pytest.param("https://user:pw@issuer.test/",     ["127.0.0.1"],                 id="a user name"),
    pytest.param("https://issuer.test/#fragment",    ["127.0.0.1"],                 id="a fragment"),
    pytest.param("https:///path",                    ["127.0.0.1"],                 id="no host"),
    pytest.param("issuer.test",                      ["127.0.0.1"],                 id="no scheme"),
    pytest.param("",                                 ["127.0.0.1"],                 id="nothing"),
    pytest.param("https://issuer.test/" + "x" * 3000, ["127.0.0.1"],                id="a URL of 3000 characters"),
    pytest.param("https://issuer.test:port/",        ["127.0.0.1"],                 id="a port that is none"),
    pytest.param("https://[issuer.test/",            ["127.0.0.1"],                 id="half a bracket"),
]
ANSWERS = [
    pytest.param(say(b"", status=302, Location="http://127.0.0.1/"),         "302",     id="a redirect"),
    pytest.param(say(b"{}", status=404),                                     "404",     id="not found"),
    pytest.param(say(b"{}", status=206),                                     "206",     id="a part"),
    pytest.param(say(b"{}", Content_Type="text/html"),                       "JSON",    id="a page"),
    pytest.param(say(b"{}", Content_Type=""),                                "JSON",    id="of no kind"),
    pytest.param(say(b"{}", Content_Encoding="gzip"),                        "JSON",    id="compressed"),
    pytest.param(say(b"[]"),                                                 "object",  id="an array"),
    pytest.param(say(b"{"),                                                  "JSON",    id="half an object"),
    pytest.param(say(b'{"a":1,"a":2}'),                                      "twice",   id="a member said twice"),
    pytest.param(say(b"\xff{}"),                                             "Unicode", id="not UTF-8"),
    pytest.param(say(b'{"a":"' + b"x" * MAXIMUM_BYTES + b'"}'),              "larger",  id="too much"),
]
# fmt: on


@pytest.mark.parametrize(("url", "addresses"), ADDRESSES)
def test_no_connection_is_made(url, addresses):
    # Nothing listens, and the suite lets nobody leave loopback: a connection would end in another error.
    said = refused(url, Egress(NAMED, at(*addresses)))
    assert not any(word in said for word in ("Connect", "LeftLoopback", "Timeout")), said


@pytest.mark.parametrize(("answer", "reason"), ANSWERS)
def test_answers_that_are_not_taken(answer, reason):
    with serving(answer) as server:
        said = refused(f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")))
    assert reason in said or "JSONDecodeError" in said


def test_as_much_as_allowed_is_taken():
    body = b'{"a":"' + b"x" * (MAXIMUM_BYTES - 8) + b'"}'
    assert len(body) == MAXIMUM_BYTES
    with serving(say(body, Content_Type="application/jwk-set+json; charset=utf-8")) as server:
        assert fetch(f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")))


def test_patience_is_for_the_whole_of_it():
    over = Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        while not over.wait(0.02):
            handler.wfile.write(b" ")  # something all the time, so that no single read is slow
            handler.wfile.flush()

    with serving(drip) as server:
        egress = Egress(NAMED, at("127.0.0.1"), patience=0.3)
        try:
            assert "longer than" in refused(f"http://{NAME}:{server.port}/", egress)
        finally:
            over.set()


def test_nobody_listens():
    assert refused("http://issuer.test:1/", Egress(NAMED, at("127.0.0.1")))


# ---- TLS: the certificate must be of the name, not of the address ----


def trusting(certified: Certified) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cadata=certified.certificate_pem)


def presenting(certified: Certified, folder: Any) -> ssl.SSLContext:
    file = folder / "server.pem"
    file.write_text(certified.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_the_certificate_is_of_the_name(tmp_path):
    made = server_certificate(NAME, rsa_key("server"))
    with serving(say(json.dumps(DOCUMENT).encode()), presenting(made, tmp_path)) as server:
        url = f"https://{NAME}:{server.port}/"
        assert fetch(url, Egress(NAMED, at("127.0.0.1"), trusting(made))) == DOCUMENT


@pytest.mark.parametrize("name", ["other.test", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(name, tmp_path):
    made = server_certificate(name, rsa_key("server"))
    with serving(say(b"{}"), presenting(made, tmp_path)) as server:
        said = refused(f"https://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1"), trusting(made)))
    assert "certificate" in said.lower()


def test_a_certificate_that_nobody_trusts_is_refused(tmp_path):
    made = server_certificate(NAME, rsa_key("server"))
    with serving(say(b"{}"), presenting(made, tmp_path)) as server:
        said = refused(f"https://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")))
    assert "certificate" in said.lower()

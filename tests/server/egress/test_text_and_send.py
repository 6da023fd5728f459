"""A file for an import, and a call of the console: guarded as a fetch is, and our own origins beside it."""

import asyncio
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

import pytest

from entrada.server.egress.destinations import Destinations
from entrada.server.egress.fetch import MAXIMUM_TEXT, Egress, Fetched, NotFetched, Sent
from tests.drivers.assertions import rsa_key
from tests.server.egress.server_certificate import server_certificate
from tests.server.egress.test_fetch import NAME, NAMED, at, presenting, say, serving


def text(url: str, egress: Egress, **how: Any) -> Fetched:
    return asyncio.run(egress.fetch_text(url, **how))


def send(method: str, url: str, egress: Egress, *rest: Any, **how: Any) -> Sent:
    return asyncio.run(egress.send(method, url, *rest, **how))


# fmt: off
TAKEN = [
    pytest.param("application/json",                             id="JSON"),
    pytest.param("Application/YAML; charset=utf-8",              id="YAML, in capitals"),
    pytest.param("application/x-yaml",                           id="YAML before it was registered"),
    pytest.param("application/vnd.oai.openapi",                  id="OpenAPI"),
    pytest.param("application/vnd.oai.openapi+json;version=3.0", id="OpenAPI as JSON"),
    pytest.param("text/plain",                                   id="plain text"),
]
NOT_TAKEN = [
    pytest.param(say(b"a", Content_Type="text/html"),                                 "text/html",  id="a page"),
    pytest.param(say(b"a", Content_Type=""),                                          "of no kind", id="of no kind"),
    pytest.param(say(b"a", Content_Type="application/yaml", Content_Encoding="gzip"), "compressed", id="compressed"),
    pytest.param(say(b"\xff", Content_Type="text/plain"),                             "UTF-8",      id="not UTF-8"),
    pytest.param(say(b"", status=302, Location="http://127.0.0.1/"),                  "302",        id="a redirect"),
    pytest.param(say(b"12345678901", Content_Type="text/plain"),                      "larger",     id="too much"),
]
# fmt: on


@pytest.mark.parametrize("media_type", TAKEN)
def test_a_text_is_fetched(media_type):
    with serving(say(b"\xef\xbb\xbfopenapi: 3.1.0", Content_Type=media_type)) as server:
        found = text(f"http://{NAME}:{server.port}/openapi.yaml", Egress(NAMED, at("127.0.0.1")))
    assert found == Fetched("openapi: 3.1.0", media_type.partition(";")[0].lower())


@pytest.mark.parametrize(("answer", "reason"), NOT_TAKEN)
def test_texts_that_are_not_taken(answer, reason):
    with serving(answer) as server, pytest.raises(NotFetched, match=reason):
        text(f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")), maximum=10)


def test_four_megabytes_are_taken():
    with serving(say(b"x" * MAXIMUM_TEXT, Content_Type="text/plain")) as server:
        found = text(f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")))
    assert len(found.text) == MAXIMUM_TEXT == 4 * 1024 * 1024


# ---- a call ----


def repeat(handler: BaseHTTPRequestHandler) -> None:
    length = int(handler.headers.get("Content-Length", 0))
    body = handler.rfile.read(length)
    handler.send_response(201)
    handler.send_header("X-One", "1")
    handler.send_header("X-One", "2")
    handler.end_headers()
    handler.wfile.write(f"{handler.command} {handler.path} {handler.headers} ".encode() + body)


def test_what_is_sent_arrives_and_what_is_answered_comes_back():
    with serving(repeat) as server:
        url = f"http://{NAME}:{server.port}/colors?x=1"
        sent = send("POST", url, Egress(NAMED, at("127.0.0.1")), (("Authorization", "Bearer abc"),), b"grape")
    assert sent.status == 201
    assert [value for name, value in sent.headers if name.lower() == "x-one"] == ["1", "2"]
    assert sent.body.startswith(b"POST /colors?x=1 ")
    assert sent.body.endswith(b" grape")
    assert f"Host: {NAME}:{server.port}".encode() in sent.body
    assert b"Accept-Encoding: identity" in sent.body
    assert not sent.is_cut
    assert "abc" not in repr(sent)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "OPTIONS"])
def test_any_method(method):
    with serving(repeat) as server:
        url = f"http://{NAME}:{server.port}/"
        sent = send(method, url, Egress(NAMED, at("127.0.0.1")), (("Accept-Encoding", "br"),))
    assert sent.body.startswith(f"{method} / ".encode())
    assert sent.body.count(b"Accept-Encoding") == 1


def test_a_redirect_is_an_answer():
    with serving(say(b"there", status=302, Location="http://127.0.0.1:1/")) as server:
        sent = send("GET", f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")))
    assert (sent.status, sent.body) == (302, b"there")
    assert ("Location", "http://127.0.0.1:1/") in sent.headers


def test_what_is_too_large_is_cut():
    with serving(say(b"0123456789ab")) as server:
        sent = send("GET", f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")), maximum=10)
    assert (sent.body, sent.is_cut) == (b"0123456789", True)


def test_a_call_takes_no_longer_than_it_may():
    over = Event()
    with serving(lambda _: over.wait(5) and None) as server:
        try:
            with pytest.raises(NotFetched, match=r"longer than 0\.2 seconds"):
                send("GET", f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")), patience=0.2)
        finally:
            over.set()


# fmt: off
REFUSED = [
    pytest.param("GET",        (("Host", "other"),),                 "Host",    id="another Host"),
    pytest.param("GET",        (("transfer-encoding", "chunked"),),  "transfer", id="framing"),
    pytest.param("GET",        (("X-A\r\nHost", "other"),),          "header",  id="a line in a name"),
    pytest.param("GET",        (("X-A", "hush\r\nHost: other"),),    "X-A",     id="a line in a value"),
    pytest.param("GET",        (("X-A", "hush \N{EURO SIGN}"),),     "X-A",     id="a value beyond ASCII"),
    pytest.param("GET /\r\nX", (),                                   "method",  id="a line in a method"),
    pytest.param("",           (),                                   "method",  id="no method"),
]
# fmt: on


@pytest.mark.parametrize(("method", "headers", "reason"), REFUSED)
def test_what_is_never_sent(method, headers, reason):
    with serving(repeat) as server, pytest.raises(NotFetched, match=reason) as raised:
        send(method, f"http://{NAME}:{server.port}/", Egress(NAMED, at("127.0.0.1")), headers)
    assert server.hosts == []
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize("url", ["https://issuer.example/", "http://issuer.example/", "ftp://issuer.test/", "nonsense"])
def test_a_call_goes_nowhere_that_a_fetch_does_not_go(url):
    with pytest.raises(NotFetched) as raised:
        send("POST", url, Egress(NAMED, at("127.0.0.1")))
    assert "Connect" not in str(raised.value)


# ---- our own origins ----

OWN = "https://localhost:8443"
# fmt: off
TRUSTED = [  # what is trusted, what is asked, is it let through
    pytest.param(OWN,                     OWN + "/x",                  True,  id="the origin"),
    pytest.param(OWN + "/",               "https://LOCALHOST:8443/",   True,  id="names distinguish no case"),
    pytest.param("https://own.example",   "https://own.example:443/",  True,  id="the port that goes without saying"),
    pytest.param("http://[::1]:8443",     "http://[::1]:8443/",        True,  id="plain, if that is the origin"),
    pytest.param(OWN,                     "https://localhost:8444/",   False, id="the next port"),
    pytest.param(OWN,                     "https://localhost/",        False, id="another port"),
    pytest.param(OWN,                     "http://localhost:8443/",    False, id="another scheme"),
    pytest.param(OWN,                     "https://127.0.0.1:8443/",   False, id="another name of the machine"),
    pytest.param(OWN,                     "https://x.localhost:8443/", False, id="a name below"),
    pytest.param(OWN,                     "https://localhost.:8443/",  False, id="the name with a dot"),
]
# fmt: on


@pytest.mark.parametrize(("trusted", "url", "passes"), TRUSTED)
def test_only_our_own_origin_is_trusted(trusted, url, passes):
    # Nothing listens: who is let through meets a refused connection, and the others none.
    egress = Egress(Destinations().trusting(trusted), at("127.0.0.9"))
    with pytest.raises(NotFetched) as raised:
        send("GET", url, egress)
    assert ("Connect" in str(raised.value)) == passes


def test_an_origin_joins_what_the_operator_names():
    both = NAMED.trusting(OWN)
    assert both.names(NAME)
    assert NAMED.trusting() == NAMED
    with pytest.raises(ValueError, match="ftp"):
        NAMED.trusting("ftp://localhost")


def test_our_own_authority_is_trusted_when_it_is_named(tmp_path):
    made = server_certificate("localhost", rsa_key("server"))
    authority = tmp_path / "ca.pem"
    authority.write_text(made.certificate_pem)
    with serving(say(b"{}"), presenting(made, tmp_path)) as server:
        url = f"https://localhost:{server.port}/"
        egress = Egress(Destinations().trusting(url), at("127.0.0.1"))
        assert send("GET", url, egress, ca_file=str(authority)).status == 200
        with pytest.raises(NotFetched, match="certificate"):
            send("GET", url, egress)


def test_a_file_of_authorities_that_is_not_there_is_told():
    egress = Egress(Destinations().trusting(OWN), at("127.0.0.1"))
    with pytest.raises(NotFetched):
        send("GET", OWN, egress, ca_file="/nowhere/ca.pem")

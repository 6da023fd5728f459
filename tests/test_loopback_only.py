import asyncio
import socket

import pytest

from tests.conftest import LeftLoopbackError, is_loopback

ELSEWHERE = "192.0.2.1"  # TEST-NET-1: nobody lives there


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", b"127.0.0.2", "localhost", None, "0.0.0.0", "::1%lo"]
)
def test_this_machine_is_allowed(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", [ELSEWHERE, "2001:db8::1", "login.example", "localhost.example"])
def test_other_machines_are_not(host):
    assert not is_loopback(host)


def test_connecting_elsewhere_is_stopped_before_it_happens():
    with socket.socket() as sock, pytest.raises(LeftLoopbackError):
        sock.connect((ELSEWHERE, 443))


def test_asking_for_a_name_elsewhere_is_stopped():
    with pytest.raises(LeftLoopbackError):
        socket.getaddrinfo("login.example", 443)


async def test_asyncio_is_stopped_too():
    with pytest.raises(LeftLoopbackError):
        await asyncio.open_connection(ELSEWHERE, 443)


def test_unix_sockets_are_no_way_out(tmp_path):
    with socket.socket(socket.AF_UNIX) as here, socket.socket(socket.AF_UNIX) as there:
        here.bind(str(tmp_path / "s"))
        here.listen()
        there.connect(str(tmp_path / "s"))

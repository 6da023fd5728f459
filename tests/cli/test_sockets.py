"""An address is taken once, and shared by our own workers alone."""

import contextlib
import socket

import pytest

from entrada.cli.endings import CannotBegin
from entrada.cli.sockets import bind, can_share, port_of, reserve, share

pytestmark = pytest.mark.skipif(not can_share(), reason="the kernel here spreads no connections")
HOST = "127.0.0.1"


def accepted(bound):
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            bound.accept()[0].close()
            count += 1
    return count


def test_connections_are_spread_over_the_workers():
    with reserve(HOST, 0) as held, share(held) as one, share(held) as other:
        clients = [socket.create_connection((HOST, port_of(held))) for _ in range(64)]
        counts = accepted(one), accepted(other)
        for client in clients:
            client.close()
    assert sum(counts) == 64
    assert min(counts) > 8


def test_what_is_reserved_takes_no_connection_itself():
    with reserve(HOST, 0) as held, pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port_of(held)))


@pytest.mark.parametrize("take", [bind, reserve])
@pytest.mark.parametrize("again", [bind, reserve])
def test_a_taken_address_is_refused_even_to_those_who_would_share_it(take, again):
    with take(HOST, 0) as held:
        listening = contextlib.nullcontext() if take is bind else share(held)
        with listening, pytest.raises(CannotBegin, match="already listens"):
            again(HOST, port_of(held))

"""What every test gets: no way out but loopback, asyncio, and Hypothesis without a stopwatch."""

import ipaddress
import signal
import socket
import sys
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["tests.plugins.postgres", "tests.plugins.redis", "tests.plugins.platforms"]

# This machine may be busy: slowness is measured by benchmarks, not by the property tests.
settings.register_profile("entrada", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=20_000)
settings.load_profile("entrada")

# A run in the background ignores Ctrl-C, and so would every program it starts, which then waits for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

LOCAL_NAMES = {None, "", "localhost", "localhost.", socket.gethostname()}


class LeftLoopbackError(RuntimeError):
    """A test reached for another machine."""


def is_loopback(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def stay_on_loopback(event: str, args: tuple[Any, ...]) -> None:
    """Python tells its audit hooks of each socket before it acts: nothing needs patching."""
    if event in {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}:
        sock, address = args
        if sock.family != socket.AF_UNIX and address is not None and not is_loopback(address[0]):
            raise LeftLoopbackError(f"{event} {address}")
    elif event == "socket.getaddrinfo" and not is_loopback(args[0]):
        raise LeftLoopbackError(f"{event} {args[0]}")


sys.addaudithook(stay_on_loopback)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"

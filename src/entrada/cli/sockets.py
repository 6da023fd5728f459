"""Bind before anything else starts, so that a taken port is one clear line."""

import errno
import socket
import sys
from typing import Final

from entrada.cli.endings import CannotBegin

_WAITING: Final = 1024  # connections that may wait to be accepted


def bind(host: str, port: int, option: str = "--port") -> socket.socket:
    """Raises CannotBegin; *option* is what chooses another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        bound.bind((host, port))
        bound.listen(_WAITING)
    except OSError as error:
        bound.close()
        raise CannotBegin(_advice(host, port, error, option)) from None
    bound.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return bound


def reserve(host: str, port: int, option: str = "--port") -> socket.socket:
    """Hold an address for workers that listen on it by `share`; it takes no connection itself.

    Raises CannotBegin where somebody else has it, also somebody who would share it.
    """
    alone = bind(host, port, option)
    address = alone.getsockname()
    alone.close()
    held = _shareable(alone.family)
    held.bind(address)
    return held


def share(reserved: socket.socket) -> socket.socket:
    """A listening socket of one's own on the reserved address: the kernel spreads connections over all of them.

    Were one socket shared instead, the first to wake would take most of the connections that come together.
    """
    bound = _shareable(reserved.family)
    bound.bind(reserved.getsockname())
    bound.listen(_WAITING)
    bound.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return bound


def can_share() -> bool:
    """Elsewhere the option exists too, but nothing is spread by it."""
    return sys.platform == "linux"


def _shareable(family: socket.AddressFamily | int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return made


def bind_loopback(port: int, option: str = "--port") -> list[socket.socket]:
    """127.0.0.1, and ::1 where the machine has it."""
    return _both("127.0.0.1", "::1", port, option)


def bind_everywhere(port: int, option: str = "--port") -> list[socket.socket]:
    """All interfaces, by both families where the machine has them."""
    return _both("0.0.0.0", "::", port, option)  # noqa: S104 - asked for by --expose


def _both(four: str, six: str, port: int, option: str) -> list[socket.socket]:
    first = bind(four, port, option)
    if not _has(six):
        return [first]
    try:
        return [first, bind(six, port_of(first), option)]
    except CannotBegin:
        first.close()
        raise


def port_of(bound: socket.socket) -> int:
    port: int = bound.getsockname()[1]
    return port


def _has(six: str) -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind((six, 0))
    except OSError:
        return False
    return True


def _advice(host: str, port: int, error: OSError, option: str) -> str:
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    match error.errno:
        case errno.EADDRINUSE:
            return f"Something already listens on {where}; stop it, or choose another port with {option}."
        case errno.EACCES:
            return f"{where} may not be listened on by this user; choose a port from 1024 up with {option}."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine; choose another with {option}."
        case _:
            return f"Cannot listen on {where}: {error.strerror}. Choose another with {option}."

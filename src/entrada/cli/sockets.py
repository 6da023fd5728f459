"""Bind before anything else starts, so that a taken port is one clear line."""

import socket

import click


def bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as error:
        bound.close()
        raise click.ClickException(_advice(host, port, error)) from None
    bound.setblocking(False)
    return bound


def bind_loopback(port: int) -> list[socket.socket]:
    """127.0.0.1, and ::1 where the machine has it."""
    first = bind("127.0.0.1", port)
    try:
        return [first, bind("::1", first.getsockname()[1])]
    except click.ClickException:
        if socket.has_ipv6 and _has_loopback_v6():
            first.close()
            raise
        return [first]


def _has_loopback_v6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _advice(host: str, port: int, error: OSError) -> str:
    return f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port."

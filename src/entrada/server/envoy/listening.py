"""Whether a listener's addresses are free, in words: asked before Envoy is started.

Envoy alone would not always notice: its sockets share their port with those of another Envoy, one that was left behind
with the keys of yesterday.
"""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, cast

from attrs import frozen


@frozen
class Address:
    host: str
    port: int
    family: socket.AddressFamily

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if self.family == socket.AF_INET6 else f"{self.host}:{self.port}"


def taken(listener: Mapping[str, Any]) -> str | None:
    """Why one of the addresses cannot be listened on; None when all can."""
    return next((why for address in addresses(listener) if (why := _refused(address))), None)


def addresses(listener: Mapping[str, Any]) -> Iterator[Address]:
    """Those with a number; a port that Envoy chooses is free by nature."""
    more = cast("list[dict[str, Any]]", listener.get("additional_addresses", []))
    for one in (listener, *more):
        asked: dict[str, Any] = one.get("address", {}).get("socket_address", {})
        if port := int(asked.get("port_value", 0)):
            host = str(asked.get("address", ""))
            yield Address(host, port, socket.AF_INET6 if ":" in host else socket.AF_INET)


def _refused(address: Address) -> str | None:
    with closing(socket.socket(address.family, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that are closing do not count
        if address.family == socket.AF_INET6:
            trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            trial.bind((address.host, address.port))
        except OSError as error:
            return f"cannot listen on {address}: {os.strerror(error.errno) if error.errno else error}"
    return None

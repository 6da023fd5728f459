"""Which place an address is: what lockout calls familiar, and what throttling counts together."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

_INTERFACE: Final = (1 << 64) - 1


def place_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address its /64 (RFC 4291 §2.5.4): the rest is the device's to choose.

    What is no address, as the peer of a Unix socket, is a place of its own.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) & ~_INTERFACE))


@lru_cache(maxsize=1024)
def is_elsewhere(address: str) -> bool:
    """Not this machine: from here comes a developer, or a proxy nobody has named, behind which all count as one."""
    try:
        return not ip_address(address).is_loopback
    except ValueError:  # no address, as on a Unix socket
        return False

"""Where we may connect to: the public internet, and what the operator names.  RFC 6890; RFC 6052, section 2.1.

Whoever may register an application chooses the addresses we fetch from.  So a name is looked up once, every address it
has is judged, and the connection goes to a judged address: what DNS says a moment later no longer matters.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from attrs import frozen

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64: Final = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC: Final = (
    IPv6Network("64:ff9b:1::/48"),  # local translation (RFC 8215)
    IPv6Network("fec0::/10"),  # site-local, deprecated, still routed here and there
    IPv6Network("::/96"),  # IPv4-compatible, deprecated
)


@frozen
class Destinations:
    """*hosts* may be reached wherever they are, by http too; *networks* by any name, by https."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Destinations":
        """Read names, addresses and networks, separated by commas.  Raise ValueError for what is none of them."""
        words = [word.strip().lower() for word in text.split(",") if word.strip()]
        networks = {word: network for word in words if (network := _network(word))}
        hosts = frozenset(words) - set(networks)
        for host in hosts:
            if not all(part.replace("-", "").isalnum() and part.isascii() for part in host.split(".")):
                raise ValueError(host)
        return cls(hosts, tuple(networks.values()))

    def names(self, host: str) -> bool:
        return host in self.hosts

    def allows(self, host: str, address: Address) -> bool:
        return self.names(host) or _is_within(address, self.networks) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether *address*, and every IPv4 address hidden in it, belongs to the public internet."""
    if any(not is_public(inner) for inner in _hidden(address)):
        return False
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64):
        return True  # the address it stands for has just been judged
    return address.is_global and not address.is_multicast and not _is_within(address, _NOT_PUBLIC)


def _hidden(address: Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv6Address):
        yield from (inner for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if inner)
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_within(address: Address, networks: tuple[Network, ...]) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(one in network for one in (address, mapped) if one is not None for network in networks)


def _network(word: str) -> Network | None:
    try:
        return ip_network(word.strip("[]"), strict=False)
    except ValueError:
        return None


def as_address(text: str) -> Address:
    """Raise ValueError.  A zone (`fe80::1%eth0`) is dropped: no such address is public."""
    return ip_address(text.partition("%")[0])

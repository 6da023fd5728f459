"""Where we may connect to: the public internet, and what the operator names.  RFC 6890; RFC 6052, section 2.1.

Whoever may register an application chooses the addresses we fetch from.  So a name is looked up once, every address it
has is judged, and the connection goes to a judged address: what DNS says a moment later no longer matters.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from attrs import evolve, frozen

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS: Final = {"https": 443, "http": 80}

# IANA's special-purpose registries, spelled out: what `is_global` knows of them differs between versions of Python.
_NOT_PUBLIC: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # behind a provider's translation (RFC 6598)
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local: a cloud's metadata
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
# All that was ever given out.  Outside of it: loopback, unique local (fc00::/7), link-local (fe80::/10), site-local
# (fec0::/10), multicast, IPv4-compatible (::/96) and IPv4-translated (::ffff:0:0:0/96) addresses, local translation
# (64:ff9b:1::/48), what is discarded (100::/64), segment identifiers (5f00::/16).
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_NOT_GIVEN_OUT: Final = (
    IPv6Network("2001::/23"),  # protocol assignments: Teredo, benchmarks, ORCHIDs
    IPv6Network("2001:db8::/32"),  # documentation (RFC 3849)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LOW: Final = 0xFFFFFFFF
_ISATAP: Final = 0x5EFE  # before the IPv4 address in an interface identifier (RFC 5214 §6.1)
_FLAGS: Final = 0x03000000  # universal and group bit: either way it is one


@frozen
class Origin:
    """RFC 6454, section 4."""

    scheme: str
    host: str  # in small letters, an IPv6 address without its brackets
    port: int

    @classmethod
    def parse(cls, url: str) -> "Origin":
        """Of *url*, whose port may go without saying.  Raise ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(url)
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])


@frozen
class Destinations:
    """*hosts* may be reached wherever they are, by http too; *networks* by any name, by https.

    *origins* are our own: what the installation and its gateway serve, wherever that is, and no other port of it.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    origins: frozenset[Origin] = frozenset()

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

    def trusting(self, *urls: str) -> "Destinations":
        """These, and the origins of *urls*, which the caller knows from its settings.  Raise ValueError."""
        return evolve(self, origins=self.origins | set(map(Origin.parse, urls)))

    def names(self, host: str) -> bool:
        return host in self.hosts

    def trusts(self, origin: Origin) -> bool:
        return origin in self.origins

    def allows(self, host: str, address: Address) -> bool:
        return self.names(host) or _is_within(address, self.networks) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether *address*, and every IPv4 address hidden in it, belongs to the public internet."""
    if any(not is_public(inner) for inner in _hidden(address)):
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC)
    if address.ipv4_mapped or address in _NAT64:
        return True  # the address it stands for has just been judged
    return address in _GIVEN_OUT and not any(address in network for network in _NOT_GIVEN_OUT)


def _hidden(address: Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv6Address):
        yield from (inner for inner in (address.ipv4_mapped, address.sixtofour) if inner)
        if address in _NAT64 or (int(address) >> 32) & _LOW & ~_FLAGS == _ISATAP:
            yield IPv4Address(int(address) & _LOW)


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

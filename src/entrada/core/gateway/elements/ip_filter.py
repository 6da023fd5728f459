"""`ip-filter`: only callers from these addresses, or none from them.  Gateway reference 6.2."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, TypeAlias

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, item
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.passage import Passage

NAME: Final = "ip-filter"
_Ip: TypeAlias = IPv4Address | IPv6Address


@frozen(kw_only=True)
class Range:
    first: Value[str]
    last: Value[str]

    def holds(self, address: _Ip, passage: Passage) -> bool:
        first, last = as_address(self.first.of(passage)), as_address(self.last.of(passage))
        return first.version == address.version == last.version and int(first) <= int(address) <= int(last)


@frozen(kw_only=True)
class IpFilter:
    action: Value[str]
    ranges: tuple[Range, ...]

    def perform(self, passage: Passage) -> Outcome:
        said = passage.request.client_address
        try:
            address = as_address(said)
        except ValueError:
            return _refused("FailedToParseCallerIP", "Failed to establish IP address for the caller.", said, "")
        listed = any(one.holds(address, passage) for one in self.ranges)
        allows = self.action.of(passage) == "allow"
        if listed == allows:
            passage.note(f"the address {address}, {'listed' if listed else 'not listed'}", "let in")
            return None
        if allows:
            would_pass = f"A call from an address that the policy lists; or list {address}."
            what = f"Caller IP address {address} is not allowed."
            return _refused("CallerIpNotAllowed", what, said, would_pass)
        return _refused("CallerIpBlocked", "Caller IP address is blocked.", said, "A call from another address.")


def as_address(text: str) -> _Ip:
    """An IPv4 address within IPv6 is that IPv4 address.  Raises ValueError."""
    found = ip_address(text.strip())
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _refused(reason: str, what: str, saw: str, would_pass: str) -> Failure:
    return Failure(
        source=NAME,
        reason=reason,
        message=f"{what} Access denied.",
        status=403,  # [unverified for Azure]
        saw=f"the address {saw}",
        would_pass=would_pass or "A call whose address the listener knows.",
    )


def read(reading: Reading) -> IpFilter:
    if not reading.has("action"):
        reading.missing("action", 'write action="allow" or action="forbid".')
    policy = IpFilter(
        action=reading.one_of("action", ("allow", "forbid"), "allow"),
        ranges=(*_addresses(reading), *_ranges(reading)),
    )
    if not policy.ranges and not reading.element.children:
        reading.fault(reading.element.place, "<ip-filter> lists no address.", "add <address> or <address-range>.")
    return policy


def _addresses(reading: Reading) -> tuple[Range, ...]:
    found = list[Range]()
    for one in reading.children("address"):
        value = one.content(_address_text)
        if value is not None:
            found.append(Range(first=value, last=value))
        elif not one.element.text.value:
            one.fault(one.element.place, "<address> is empty.", "write an IP address in it.")
        one.done()
    return tuple(found)


def _ranges(reading: Reading) -> tuple[Range, ...]:
    found = list[Range]()
    for one in reading.children("address-range"):
        for name in ("from", "to"):
            if not one.has(name):
                one.missing(name, "write the first and the last address.")
        first, last = one.named("from", _address_text), one.named("to", _address_text)
        one.done()
        if first is not None and last is not None:
            found.append(Range(first=first, last=last))
            _about_range(one, first, last)
    return tuple(found)


def _about_range(reading: Reading, first: Value[str], last: Value[str]) -> None:
    if isinstance(first, Constant) and isinstance(last, Constant):
        low, high = as_address(first.value), as_address(last.value)
        if low.version != high.version or int(low) > int(high):
            what = "The range ends before it begins, or in the other version of IP."
            reading.fault(reading.element.place, what, "write the lower address in `from`.")


def _address_text(value: object) -> str:
    said = conversion.text(value).strip()
    try:
        as_address(said)
    except ValueError:
        raise ValueError("write one IP address, without a prefix length: for a network use <address-range>.") from None
    return said


SHAPE: Final = Shape(
    name=NAME,
    what="let in only callers from these addresses, or none from them",
    attributes=(
        Attribute(
            name="action", what="what becomes of those that are listed", values=("allow", "forbid"), required=True
        ),
    ),
    ordered=False,
    children=(
        item("address", "one address", "an IP address", required=False),
        Shape(
            name="address-range",
            what="all from one to another",
            repeats=True,
            attributes=(
                Attribute(name="from", what="the lowest", required=True),
                Attribute(name="to", what="the highest", required=True),
            ),
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,))

"""Where we may connect to: the public internet and what is named, however an address is dressed up."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.server.egress.destinations import Destinations, as_address, is_public

PUBLIC = [
    "8.8.8.8", "1.1.1.1", "192.0.1.1", "198.17.255.255", "223.255.255.255", "2606:4700::1111", "2001:200::1", "3ffe::1",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::5efe:808:808",
]  # fmt: skip
NOT_PUBLIC = [
    # this machine, the neighbours, the provider's own network
    "127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "::", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "100.64.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "fd00:ec2::254",
    # for documents, tests, many and nobody
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "224.0.0.1", "ff02::1", "240.0.0.1",
    "255.255.255.255", "100::1", "192.0.0.1", "192.0.0.9", "192.0.0.10", "192.88.99.1", "2001:1::1", "2001:2::1",
    "2001:20::1", "3fff::1", "3fff:fff::1", "5f00::1", "4000::1", "2001::1",
    # one of those inside another address
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808", "2002:7f00:1::1", "2002:a00:1::1", "2001:0:a00:1::1", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8",
    "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a9fe:a9fe", "2606:4700::5efe:a00:1", "fe80::5efe:808:808",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_may_be_reached(text):
    assert is_public(as_address(text))
    assert Destinations().allows("issuer.example", as_address(text))


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_nothing_else_may(text):
    assert not is_public(as_address(text))
    assert not Destinations().allows("issuer.example", as_address(text))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_in_every_disguise(number):
    plain = ip_address(number)
    mapped, translated = ip_address(0xFFFF << 32 | number), ip_address(0x64FF9B << 96 | number)
    assert is_public(plain) == is_public(mapped) == is_public(translated)


# fmt: off
NAMED = [  # the setting, the host, its address, is it allowed
    pytest.param("issuer.internal",       "issuer.internal", "10.1.2.3",         True,  id="a host by its name"),
    pytest.param("Issuer.Internal",       "issuer.internal", "10.1.2.3",         True,  id="names distinguish no case"),
    pytest.param("issuer.internal",       "x.issuer.internal", "10.1.2.3",       False, id="not what stands below it"),
    pytest.param("issuer.internal",       "other.internal",  "10.1.2.3",         False, id="another name for the address"),
    pytest.param("10.1.2.0/24",           "any.internal",    "10.1.2.3",         True,  id="a network, under any name"),
    pytest.param("10.1.2.0/24",           "any.internal",    "10.1.3.3",         False, id="beside the network"),
    pytest.param("10.1.2.0/24",           "any.internal",    "::ffff:10.1.2.3",  True,  id="a network, in disguise"),
    pytest.param("10.1.2.3",              "any.internal",    "10.1.2.3",         True,  id="an address"),
    pytest.param("10.1.2.3",              "any.internal",    "10.1.2.4",         False, id="the next address"),
    pytest.param("a.internal, fd00::/8 ", "any.internal",    "fd00::1",          True,  id="the second word"),
    pytest.param("[fd00::1]",             "any.internal",    "fd00::1",          True,  id="brackets"),
    pytest.param("",                      "any.internal",    "10.1.2.3",         False, id="nothing"),
    pytest.param("a.internal",            "issuer.example",  "8.8.8.8",          True,  id="the public internet stays"),
]
# fmt: on


@pytest.mark.parametrize(("setting", "host", "address", "allowed"), NAMED)
def test_what_the_operator_names(setting, host, address, allowed):
    assert Destinations.parse(setting).allows(host, as_address(address)) == allowed


@pytest.mark.parametrize(
    "setting", ["https://issuer.internal", "*.internal", "a b", "10.0.0.0/40", "host:8443", "a..b"]
)
def test_what_is_no_host_address_or_network(setting):
    with pytest.raises(ValueError, match=r"."):
        Destinations.parse(setting)

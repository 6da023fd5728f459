"""Which addresses are one place."""

import pytest

from entrada.core.credentials.place import place_of

# fmt: off
ROWS = [
    pytest.param("203.0.113.9",                "203.0.113.9",     id="IPv4 as it is"),
    pytest.param("2001:db8:1:2:3:4:5:6",       "2001:db8:1:2::",  id="of IPv6 the network"),
    pytest.param("2001:DB8:1:2:ffff::",        "2001:db8:1:2::",  id="however it is written"),
    pytest.param("::ffff:203.0.113.9",         "203.0.113.9",     id="IPv4 in IPv6 is IPv4"),
    pytest.param("fe80::1%eth0",               "fe80::",          id="with a zone"),
    pytest.param("",                           "",                id="no address"),
    pytest.param("testclient",                 "testclient",      id="something else"),
]
# fmt: on


@pytest.mark.parametrize(("address", "place"), ROWS)
def test_places(address, place):
    assert place_of(address) == place


def test_the_next_network_is_another_place():
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")

"""Where a sign-out may return to: only where an app of the ended sessions registered (RFC 9700 §4.11)."""

import pytest

from entrada.core.protocol.logout.return_uri import return_uri
from tests.protocol.known import CALLBACK, CLIENT
from tests.protocol.redirect_mutants import mutants

# fmt: off
ROWS = [  # asked, state, the clients, where to
    pytest.param(CALLBACK,                 None,    [CLIENT], CALLBACK,                        id="registered"),
    pytest.param(CALLBACK,                 "a b&c", [CLIENT], f"{CALLBACK}?state=a%20b%26c",   id="with its state"),
    pytest.param(CALLBACK,                 "",      [CLIENT], f"{CALLBACK}?state=",            id="with an empty state"),
    pytest.param(None,                     "s",     [CLIENT], None,                            id="nowhere asked"),
    pytest.param(CALLBACK,                 None,    [],       None,                            id="no client says it is its own"),
    pytest.param("https://evil.example/",  None,    [CLIENT], None,                            id="unregistered"),
    pytest.param("javascript:alert(1)",    None,    [CLIENT], None,                            id="a script"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "state", "clients", "target"), ROWS)
def test_where_to(asked, state, clients, target):
    assert return_uri(asked, state, clients) == target


def test_no_mutant_is_returned_to():
    assert [one for one in mutants(CALLBACK) if return_uri(one, None, [CLIENT])] == []

"""Who may pass, by what a route asks."""

import pytest

from entrada.client.api_protection import Kind, Principal, needs

PERSON = Principal(kind=Kind.USER, issuer="i", tenant_id="t", object_id="o", client_id="c")
# fmt: off
ROWS = [  # what is asked, scopes and roles of a person, may they
    pytest.param({"scopes": "A B"},                          {"A", "B"}, set(),      True,  id="all of the scopes"),
    pytest.param({"scopes": ["A", "B"]},                     {"A"},      set(),      False, id="one of two"),
    pytest.param({"scopes": ["A", "B"], "any_of": True},     {"B"},      set(),      True,  id="one is enough"),
    pytest.param({"scopes": ["A", "B"], "any_of": True},     {"C"},      set(),      False, id="none of them"),
    pytest.param({"roles": ["R", "S"]},                      {"A"},      {"R", "S"}, True,  id="all of the roles"),
    pytest.param({"roles": ["R", "S"]},                      {"A"},      {"S"},      False, id="one role of two"),
    pytest.param({"roles": ["R", "S"], "any_of": True},      {"A"},      {"S"},      True,  id="one role is enough"),
    pytest.param({"scopes": "A", "roles": "R"},              {"A"},      set(),      True,  id="people by scopes"),
    pytest.param({"scopes": "A", "roles": "R"},              {"B"},      {"R"},      False, id="not by roles too"),
    pytest.param({},                                         set(),      set(),      True,  id="nothing"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "scopes", "roles", "may"), ROWS)
def test_people(asked, scopes, roles, may):
    from attrs import evolve

    caller = evolve(PERSON, scopes=frozenset(scopes), roles=frozenset(roles))
    assert (needs(**asked).lacks(caller) is None) is may


def test_what_is_missing_is_said():
    assert needs(scopes="A B").lacks(PERSON) == "the token lacks the scope A and B; it has none"

"""The parameters of a request, read once and strictly: RFC 6749 §3.1, §3.2 and appendix B."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import MAX_PARAMETERS, MAX_VALUE, parse_form
from tests.protocol.known import said

HUNDRED = b"&".join(b"p%d=1" % number for number in range(MAX_PARAMETERS))
# fmt: off
READ = [  # what was sent, what is read
    pytest.param(b"a=1&b=2",           {"a": "1", "b": "2"},  id="two parameters"),
    pytest.param(b"",                  {},                    id="none"),
    pytest.param(b"&&a=1&",            {"a": "1"},            id="nothing between separators"),
    pytest.param(b"a=b=c",             {"a": "b=c"},          id="an equals sign in the value"),
    pytest.param(b"a",                 {"a": ""},             id="no equals sign"),
    pytest.param(b"=1",                {"": "1"},             id="no name"),
    pytest.param(b"a=x+y%2Bz",         {"a": "x y+z"},        id="plus is a space, %2B a plus"),
    pytest.param(b"a=%",               {"a": "%"},            id="a stray percent sign stands for itself"),
    pytest.param(b"a=%zz",             {"a": "%zz"},          id="an escape that is none"),
    pytest.param(b"a=%E2%98%95",       {"a": "☕"},           id="UTF-8"),
    pytest.param("a=☕".encode(),      {"a": "☕"},           id="UTF-8 in the raw"),
    pytest.param(b"a=' b '",           {"a": "' b '"},        id="quotes and spaces are taken literally"),
    pytest.param(b"a=1;b=2",           {"a": "1;b=2"},        id="a semicolon separates nothing"),
    pytest.param(b"A=1&a=2",           {"A": "1", "a": "2"},  id="names distinguish case"),
    pytest.param(b"a%3D=1",            {"a=": "1"},           id="an escaped name"),
    pytest.param(HUNDRED,              {f"p{number}": "1" for number in range(MAX_PARAMETERS)}, id="as many as may be"),
    pytest.param(b"a=" + b"x" * MAX_VALUE, {"a": "x" * MAX_VALUE}, id="as long as may be"),
]
REFUSED = [  # what was sent, why it is refused
    pytest.param(b"a=1&a=2",           why.BAD_REQUEST,       id="doubled"),
    pytest.param(b"a=1&a=1",           why.BAD_REQUEST,       id="doubled, though alike"),
    pytest.param(b"a=&a=1",            why.BAD_REQUEST,       id="doubled, once empty"),
    pytest.param(b"a=1&%61=2",         why.BAD_REQUEST,       id="doubled, once escaped"),
    pytest.param(b"unknown=1&unknown=2", why.BAD_REQUEST,     id="doubled, though nobody knows it"),
    pytest.param(HUNDRED + b"&z=1",    why.BAD_REQUEST,       id="one too many"),
    pytest.param(b"a=\xff",            why.MALFORMED_REQUEST, id="not UTF-8"),
    pytest.param(b"a=%ff",             why.MALFORMED_REQUEST, id="not UTF-8, escaped"),
    pytest.param(b"a=%ed%a0%80",       why.MALFORMED_REQUEST, id="a surrogate"),
    pytest.param(b"a=%c0%ae",          why.MALFORMED_REQUEST, id="an overlong spelling"),
    pytest.param(b"%ff=1",             why.MALFORMED_REQUEST, id="a name that is not UTF-8"),
    pytest.param(b"a=x%00y",           why.MALFORMED_REQUEST, id="NUL"),
    pytest.param(b"a=x\0y",            why.MALFORMED_REQUEST, id="NUL in the raw"),
    pytest.param(b"a%00=1",            why.MALFORMED_REQUEST, id="NUL in a name"),
    pytest.param(b"a=" + b"x" * (MAX_VALUE + 1), why.TOO_LONG, id="too long"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "values"), READ)
def test_what_is_read(sent, values):
    assert dict(parse_form(sent).items()) == values


@pytest.mark.parametrize(("sent", "reason"), REFUSED)
def test_what_is_refused(sent, reason):
    assert said(parse_form(sent)) is reason


def test_an_empty_value_is_as_good_as_none_but_was_sent():
    read = parse_form(b"a=&b=1")
    assert (read.get("a"), read.sent("a"), read.sent("c"), read.get("b")) == (None, True, False, "1")


def test_values_stay_out_of_representations():
    assert "hush" not in repr(parse_form(b"client_secret=hush"))


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=20))
def test_what_a_client_encodes_is_what_is_read(values):
    read = parse_form(urlencode(values).encode())
    if any("\0" in text for pair in values.items() for text in pair):
        assert said(read) is why.MALFORMED_REQUEST
    else:
        assert dict(read.items()) == values


@given(st.binary(max_size=200))
def test_no_bytes_are_a_surprise(sent):
    read = parse_form(sent)
    if not isinstance(read, Refusal):
        assert all("\0" not in name + value for name, value in read.items())

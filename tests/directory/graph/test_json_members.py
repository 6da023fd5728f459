"""Members of Graph JSON, read strictly: each type, what is missing, what is null, what is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import (
    Members,
    boolean,
    choice,
    each,
    guid,
    integer,
    line,
    moment,
    objects,
    paragraphs,
    reading,
    text,
    written_moment,
)
from entrada.core.jose.numeric_date import NumericDate

GUID = "3a111111-0000-4000-8000-00000000000a"


def read(members, read_them):
    return reading(lambda: read_them(Members(members, "thing")))


def fault(answer):
    assert isinstance(answer, Problem), answer
    return answer.target, answer.message


# fmt: off
VALUES = [  # the reader, what is sent, what is read; ... where it is refused
    pytest.param(line(3), "abc", "abc", id="a line"),
    pytest.param(line(3), "abcd", ..., id="a long line"),
    pytest.param(line(3), " ", ..., id="a blank line"),
    pytest.param(line(3, empty=True), "", "", id="an empty line where it may be"),
    pytest.param(line(9), "a\nb", ..., id="two lines"),
    pytest.param(line(9), "\u2068a", ..., id="an isolate without end"),
    pytest.param(line(9), "\u200fא", "\u200fא", id="a right-to-left mark"),
    pytest.param(line(9), 1, ..., id="a number for a line"),
    pytest.param(text, "a\x1b" * 999, "a\x1b" * 999, id="any text"),
    pytest.param(text, "a\x00", ..., id="a NUL"),
    pytest.param(text, "a\udc00", ..., id="half a character"),
    pytest.param(paragraphs(9), "a\r\n\tb", "a\r\n\tb", id="paragraphs"),
    pytest.param(paragraphs(9), "a\x1b", ..., id="an escape"),
    pytest.param(boolean, False, False, id="false"),
    pytest.param(boolean, 0, ..., id="0 is not false"),
    pytest.param(boolean, "true", ..., id="true as a text"),
    pytest.param(integer(1, 2), 2, 2, id="a number"),
    pytest.param(integer(1, 2), 3, ..., id="a large number"),
    pytest.param(integer(1, 2), 1.0, ..., id="a fraction"),
    pytest.param(integer(0, 2), True, ..., id="true is no number"),
    pytest.param(guid, GUID.upper(), GUID, id="a GUID in capitals"),
    pytest.param(guid, f"{{{GUID}}}", ..., id="a GUID in braces"),
    pytest.param(moment, "2027-01-15T08:00:00Z", 1_800_000_000, id="a moment"),
    pytest.param(moment, "2027-01-15T09:00:00.1234567+01:00", 1_800_000_000, id="with an offset and .NET's fractions"),
    pytest.param(moment, "2027-01-15T08:00:00", 1_800_000_000, id="without an offset it is UTC"),
    pytest.param(moment, "soon", ..., id="no moment"),
    pytest.param(moment, "9999-12-31T23:59:59-01:00", ..., id="after the calendar"),
    pytest.param(choice("a", "b"), "b", "b", id="a choice"),
    pytest.param(choice("a", "b"), "c", ..., id="another"),
    pytest.param(each(boolean), [True], (True,), id="a list"),
    pytest.param(each(boolean, most=1), [True, True], ..., id="a long list"),
    pytest.param(each(boolean), {"a": True}, ..., id="an object for a list"),
]
# fmt: on


@pytest.mark.parametrize(("reader", "value", "expected"), VALUES)
def test_a_value(reader, value, expected):
    found = read({"it": value}, lambda members: members.required("it", reader))
    if expected is ...:
        assert fault(found)[0] == "it"
    else:
        assert (found, type(found)) == (expected, type(expected))


def test_missing_null_and_given():
    assert read({}, lambda members: members.given("a", boolean, stored=True)) is True
    assert fault(read({"a": None}, lambda members: members.given("a", boolean, stored=True)))[0] == "a"
    assert read({}, lambda members: members.nullable("a", line(1), "s")) == "s"
    assert read({"a": None}, lambda members: members.nullable("a", line(1), "s")) is None
    assert read({"a": None}, lambda members: members.emptied("a", line(1), "s", "e")) == "e"
    assert fault(read({}, lambda members: members.required("a", line(1))))[0] == "a"


def test_paths_lead_to_the_fault():
    def deep(members):
        within = members.within("web").within("deep")
        return within.given("list", objects(lambda one: one.required("flag", boolean), "item"), ())

    assert fault(read({"web": {"deep": {"list": [{"flag": True}, {}]}}}, deep))[0] == "web.deep.list[1].flag"
    assert fault(read({"web": {"deep": {"list": [{"flag": True, "x": 1}]}}}, deep))[0] == "web.deep.list[0].x"
    assert fault(read({"web": {"deep": 1}}, deep))[0] == "web.deep"


def test_what_is_left_is_unknown():
    def finish(members):
        members.given("displayName", line(9), "")
        members.ignore("id")
        members.off("mailEnabled", why="There is no mail here.")
        members.finish()
        return "read"

    assert read({"id": 7, "mailEnabled": False, "a@odata.bind": "x", "@odata.type": 1}, finish) == "read"
    assert fault(read({"mailEnabled": 0}, finish)) == ("mailEnabled", "There is no mail here.")
    assert "Did you mean displayName" in fault(read({"displyName": ""}, finish))[1]
    assert "Known here" in fault(read({"zzz": ""}, finish))[1]
    assert fault(read({"\ud800": ""}, finish))[0] == "?"  # an answer that can be sent
    assert len(fault(read({"z" * 10_000: ""}, finish))[1]) < 300


@given(st.integers(-62_135_596_800, 253_402_300_799).map(NumericDate))
def test_moments_there_and_back(date):
    assert read({"it": written_moment(date)}, lambda members: members.required("it", moment)) == date

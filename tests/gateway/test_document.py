"""Policy documents as they are published, and everything that is refused in their markup and outline."""

from pathlib import Path

import pytest

from entrada.core.gateway.check import check
from entrada.core.gateway.document.decoding import decoded
from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.tree import MAX_BYTES, parse_tree
from entrada.core.gateway.named_values import NamedValue, by_name
from entrada.core.gateway.parse import parse

POLICIES = Path(__file__).parent / "policies"
NAMED = by_name(
    NamedValue("source", "edge"),
    NamedValue("edge.key", "hunter2", is_secret=True),
    NamedValue("time-expression", '@(DateTime.UtcNow.ToString("o"))'),
)


def tree(text: str) -> Element:
    found = parse_tree(text)
    assert isinstance(found, Element), str(found)
    return found


def inbound(text: str) -> str:
    return f"<policies><inbound>{text}</inbound></policies>"


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.xml")), ids=lambda path: path.stem)
def test_every_published_shape_is_taken(path):
    assert [str(fault) for fault in check(path.read_bytes(), "api", NAMED).faults] == []


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.xml")), ids=lambda path: path.stem)
def test_line_ends_and_a_mark_change_nothing(path):
    unix = path.read_text()
    for data in (unix.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + unix.encode(), unix.encode("utf-16")):
        text = decoded(data)
        assert isinstance(text, str)
        assert parse(text, NAMED) == parse(unix, NAMED)


def test_the_escaped_form_reads_as_the_raw_one():
    raw, escaped = (parse((POLICIES / name).read_text()) for name in ("role-gate.xml", "role-gate-escaped.xml"))
    conditions = [
        [one.attribute("condition").text.value for one in found.policies.section("inbound").statements[1].children[:1]]
        for found in (raw, escaped)
    ]
    assert conditions[0] == conditions[1]
    assert "&&" in conditions[0][0]


# fmt: off
EXPRESSIONS = [  # what stands in the attribute, and how it reads
    ('@("a")', '@("a")'), ("@(a < b && c > d)", "@(a < b && c > d)"), ('@(")" + ")")', '@(")" + ")")'), ('@(@"\\" + ")")', '@(@"\\" + ")")'), ('@(@"a""b)")', '@(@"a""b)")'),
    ("@('\"' + ')' + '\\'')", "@('\"' + ')' + '\\'')"), ('@(/* ") */ 1)', '@(/* ") */ 1)'), ('@($"{a["b"]}")', '@($"{a["b"]}")'), ('@($@"{{""}}{1}")', '@($@"{{""}}{1}")'), ('@("\\")")', '@("\\")")'),
    ('@{ return "}"; }', '@{ return "}"; }'), ("@(a[b[0]]>1)", "@(a[b[0]]>1)"), ("@(&quot;)&quot;)", '@(")")'), ("@(a &amp;&amp; b &lt; c)", "@(a && b < c)"), ("@(&#34;&#x29;&#34;)", '@(")")'),
    ('  @("a")  ', '@("a")'), ("plain &lt; &amp;", "plain < &"), ("me@(here", "me@(here"), ("", ""),
]
# fmt: on


@pytest.mark.parametrize(("written", "reads"), EXPRESSIONS)
def test_an_expression_hides_what_xml_stumbles_over(written, reads):
    attribute = tree(f'<a b="{written}" c="d"/>').attribute("b")
    assert attribute is not None
    assert attribute.value.strip() == reads
    assert tree(f'<a b="{written}" c="d"/>').attribute("c").value == "d"
    assert tree(f"<a>{written}</a>").text.value == reads


def test_an_attribute_in_single_quotes():
    assert tree("""<a b='@("it" + 'x')' />""").attribute("b").value == """@("it" + 'x')"""


def test_the_lines_of_an_expression_are_kept_and_those_of_a_value_are_not():
    one = tree('<a b="@{ // a\r\nreturn 1; }" c="d\r\ne\tf"/>')
    assert one.attribute("b").value == "@{ // a\nreturn 1; }"
    assert one.attribute("c").value == "d e f"


def test_character_data_sections_are_text():
    assert tree("<a><![CDATA[ <b> & &amp; ]]></a>").text.value == "<b> & &amp;"


@pytest.mark.parametrize("lines", range(3))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_those_of_the_document(lines, end):
    one = tree(f"<é>{end * lines}  <b c='&amp;x'>&lt;y{end}z</b></é>").children[0]
    column = 6 if lines == 0 else 3
    assert one.place == Place(1 + lines, column)
    attribute = one.attribute("c")
    assert attribute.place == Place(1 + lines, column + 3)
    assert attribute.text.place == Place(1 + lines, column + 6)
    assert attribute.text.at(1) == Place(1 + lines, column + 11)
    assert one.text.at(1) == Place(1 + lines, column + 18)
    assert one.text.at(one.text.value.index("z")) == Place(2 + lines, 1)


# fmt: off
MALFORMED = [  # the document, line, column, a word of what, a word of what instead
    ("", 1, 1, "ends before", "<policies>"), ("<policies>", 1, 11, "ends within <policies>", "</policies>"), ("<a>\n<b></a>", 2, 6, "not the one that is due", "close <b>"),
    ("<a b=1/>", 1, 6, "no XML", "quote"), ("<a>x & y</a>", 1, 7, "no XML", "&amp;"), ("<a>&foo;</a>", 1, 4, "entity", "&lt;"), ("<a b='1' b='2'/>", 1, 10, "twice", "one"), ("<a/><b/>", 1, 5, "behind the root", "one"),
    ("<!DOCTYPE a><a/>", 1, 1, "document type", "leave"), ('\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 2, 1, "document type", "leave"), ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 1, 1, "document type", "leave"),
    ("<a><?php x?></a>", 1, 4, "processing instruction", "comments"), ("<a>\x00</a>", 1, 4, "no XML", ""), ("<a>\ud800</a>", 1, 4, "surrogate", "whole"), ("<a>&#0;</a>", 1, 4, "number", "XML"), ("<a>&#xD800;</a>", 1, 4, "number", "XML"),
    ("<a>" * 41, 1, 121, "nested", "choose"), ("<a>" + "x" * MAX_BYTES + "</a>", 1, 1, "256 kB", "scopes"), ('<a b="@(1"/>', 1, 10, "not closed", "close"), ('<a>\n<b c="@(x])"/></a>', 2, 10, "closes nothing", ")"), ("<a>@(x</a>", 1, 5, "never closed", "pair"),
    ('<a b="@{ /* }"/>', 1, 10, "comment", "*/"), ('<a b="@(@"x)"/>', 1, 8, "never closed", "pair"), ("<a b=\"@('x)\"/>", 1, 9, "not closed", "close"), ("<a>@(" + "(" * 250 + "</a>", 1, None, "nested", "set-variable"), ("<a>@(" + "x" * 40000 + ")</a>", 1, 5, "longer than", "set-variable"),
    ("<a><![CDATA[x</a>", 1, None, "CDATA", "]]>"), ("<a><!-- x</a>", 1, 4, "never closed", "close"), (" <?xml version='1.0'?><a/>", 1, 2, "very start", "leave"),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "column", "what", "instead"), MALFORMED, ids=lambda value: str(value)[:30])
def test_what_is_no_policy_document_is_told_by_place(text, line, column, what, instead):
    fault = parse_tree(text)
    assert isinstance(fault, Fault)
    assert (fault.place.line, fault.place.column) == (line, column or fault.place.column)
    assert what in fault.what
    assert instead in fault.instead


def test_an_encoding_that_is_none():
    fault = decoded(b"<a>\n\xc3\xa9\xff</a>")
    assert isinstance(fault, Fault)
    assert fault.place == Place(2, 2)


# fmt: off
OUTLINES = [  # the document, what is told: line, column, a word
    ("<policies/>", []), ("<policies><inbound/><backend/><outbound/><on-error/></policies>", []), ("<policies><on-error/></policies>", []),
    ("<foo/>", [(1, 1, "<foo>")]), ("<inbound/>", [(1, 1, "<inbound>")]), ("<fragment/>", [(1, 1, "fragment")]), ("<validate-jwt/>", [(1, 1, "<validate-jwt>")]),
    ("<policies><backend/><inbound/></policies>", [(1, 21, "<inbound>")]), ("<policies><inbound/><inbound/></policies>", [(1, 21, "second time")]), ("<policies><foo/></policies>", [(1, 11, "no section <foo>")]),
    ("<policies><base/></policies>", [(1, 11, "outside")]), ("<policies>x<inbound>y</inbound></policies>", [(1, 11, "Text"), (1, 21, "Text")]), ("<policies a='1'><inbound b='2'/></policies>", [(1, 11, "`a`"), (1, 26, "`b`")]),
    (inbound("<base/><base/>"), [(1, 27, "second time")]), (inbound("<base a='1'>x<y/></base>"), [(1, 26, "`a`"), (1, 32, "Text"), (1, 33, "in <base>")]), (inbound("<include-fragment fragment-id='a'/>"), [(1, 20, "Fragments")]),
    (inbound("<choose><when condition='@(true)'><include-fragment/><base/></when></choose>"), [(1, 54, "Fragments"), (1, 73, "within")]),
    (inbound("{{a}}<set-header name='{{b}}'/>"), [(1, 20, "Text"), (1, 20, "`a`"), (1, 43, "`b`")]),
]
# fmt: on


@pytest.mark.parametrize(("text", "told"), OUTLINES)
def test_all_that_is_wrong_with_an_outline_is_told(text, told):
    faults = parse(text).faults
    assert sorted((fault.place.line, fault.place.column) for fault in faults) == sorted(
        (line, column) for line, column, _ in told
    )
    for line, column, word in told:
        assert any(fault.place == Place(line, column) and word in fault.what for fault in faults)


def test_faults_of_markup_expressions_and_elements_are_told_together():
    text = inbound("<base/><base/>\n<set-header name='a'><value>@(foo)</value></set-header>\n<xsl-transform/>\n<foo/>")
    lines = [fault.place.line for fault in check(text.encode(), "api", {}).faults]
    assert lines == [1, 2, 3, 4]


def test_named_values_stand_in_attributes_and_text():
    one = (
        parse(inbound("<a b='x{{source}}y{{source}}'>{{source}}</a>"), NAMED).policies.section("inbound").statements[0]
    )
    assert (one.attribute("b").value, one.text.value) == ("xedgeyedge", "edge")


def test_named_values_add_no_elements_and_end_no_attributes():
    values = by_name(NamedValue("a", "'/><b c=\"&lt;<![CDATA["))
    found = parse(inbound("<a b='{{a}}'/>"), values)
    (one,) = found.policies.section("inbound").statements
    assert not found.faults
    assert one.attribute("b").value == "'/><b c=\"&lt;<![CDATA["


def test_a_named_value_may_hold_an_expression():
    (one,) = parse(inbound("<a b='{{time-expression}}'/>"), NAMED).policies.section("inbound").statements
    assert one.attribute("b").text.is_expression


def test_a_named_value_is_not_looked_into_again():
    values = by_name(NamedValue("a", "{{a}}{{b}}"))
    found = parse(inbound("<a b='{{a}}'/>"), values)
    assert not found.faults
    assert found.policies.section("inbound").statements[0].attribute("b").value == "{{a}}{{b}}"


def test_what_stands_behind_a_named_value_keeps_its_place():
    (one,) = parse(inbound("<a b='{{source}}!'/>"), NAMED).policies.section("inbound").statements
    assert one.attribute("b").text.at(4) == Place(1, 36)


def test_a_secret_named_value_is_in_nothing_that_is_shown():
    found = parse(inbound("<a b='{{edge.key}}'>@({{edge.key}} + foo)</a>"), NAMED)
    (one,) = found.policies.section("inbound").statements
    assert one.attribute("b").value == "hunter2"
    assert one.attribute("b").text.shown == "{{edge.key}}"
    assert "hunter2" not in repr(found)


def test_together_named_values_are_no_larger_than_a_document():
    values = by_name(NamedValue("a", "x" * 4096))
    faults = parse(inbound("<a>" + "{{a}}" * 1000 + "</a>"), values).faults
    assert ["too long" in fault.what for fault in faults] == [True]

"""Whatever is written, the answer is a value or faults with places in the text; never an exception."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.gateway.check import check
from entrada.core.gateway.document.decoding import decoded
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.document.place import Lines, Place
from entrada.core.gateway.document.text import Text
from entrada.core.gateway.expressions.evaluate import evaluate
from entrada.core.gateway.expressions.expression import Expression
from entrada.core.gateway.expressions.parse import parse_expression
from entrada.core.gateway.parse import parse
from tests.gateway.known import CONTEXT, FULL
from tests.gateway.test_expressions import BLOCKS, FAILURES, VALUES
from tests.gateway.test_expressions_refused import REFUSED

MARKUP = [
    "<policies>", "</policies>", "<inbound>", "</inbound>", "<base/>", "<set-header name='a'>", "</set-header>", "<value>", "</value>",
    "<choose>", "</choose>", '<when condition="', '">', "@(", "@{", ")", "}", "&quot;", "&amp;", "&", "<", ">", '"', "'", "{{a}}", "<!--", "-->",
    "<![CDATA[", "]]>", "<?", "<!DOCTYPE", "\r\n", "\n", "\0", "é", "😀", "\ud800", "//", "/*", "$", "@", "\\", " ", "x", "return 1;", "\ufeff",
]  # fmt: skip
WORDS = [
    "context", ".", "?.", "Request", "Headers", "GetValueOrDefault", "(", ")", "[", "]", "{", "}", "<", ">", "string", "int", "?", ":", "??", "==",
    "&&", "!", "+", "-", "/", "%", "1", "2147483648", "1.5", '"a"', "'c'", '$"{', '"', "@", "new", "out", "var", "as", "null", "true", "x", "=", ";",
    "if", "else", "return", "Jwt", "Variables", "Split", ",", "Guid.NewGuid()", "DateTime.UtcNow", "TimeSpan.FromDays(1e9)", "//", "/*", "\n", "\\", "é",
]  # fmt: skip
EXPRESSIONS = [f"@({row[0]})" for row in (*VALUES, *FAILURES)]
EXPRESSIONS += [text for text in (str(row[0]) for row in (*BLOCKS, *REFUSED)) if len(text) < 500]
DOCUMENTS = [path.read_text() for path in sorted((Path(__file__).parent / "policies").glob("*.xml"))]


def spoiled(texts: list[str], pieces: list[str]) -> st.SearchStrategy[str]:
    """A good one in which something stands that should not, or is gone."""

    @st.composite
    def make(draw: st.DrawFn) -> str:
        text = draw(st.sampled_from(texts))
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        return text[:start] + draw(st.sampled_from([*pieces, ""])) + text[end:]

    return make()


def assert_place_in(text: str, place: Place) -> None:
    lines = Lines.of(text)
    assert 1 <= place.line <= len(lines.starts)
    ends = (*lines.starts[1:], len(text))
    assert 1 <= place.column <= ends[place.line - 1] - lines.starts[place.line - 1] + 1


@given(st.one_of(spoiled(DOCUMENTS, MARKUP), st.lists(st.sampled_from(MARKUP)).map("".join), st.text()))
@settings(max_examples=300)
def test_a_document_is_read_or_told_to_be_faulty(text):
    for fault in parse(text).faults:
        assert_place_in(text.removeprefix("\ufeff"), fault.place)


@given(spoiled(DOCUMENTS, MARKUP))
@settings(max_examples=100)
def test_a_document_is_checked_to_its_end(text):
    checked = check(text.encode("utf-8", "surrogatepass"), "api", {})
    for fault in (*checked.faults, *checked.warnings):
        assert fault.what
        assert fault.instead


@given(st.binary())
def test_bytes_are_text_or_told_not_to_be(data):
    assert isinstance(decoded(data), str | Fault)


@given(st.one_of(spoiled(EXPRESSIONS, WORDS), st.lists(st.sampled_from(WORDS)).map(lambda words: f"@({' '.join(words)})"), st.lists(st.sampled_from(WORDS)).map(lambda words: f"@{{{' '.join(words)}}}"), st.text().map(lambda text: f"@({text})")))  # fmt: skip
@settings(max_examples=600)
def test_an_expression_has_a_value_or_faults(text):
    found = parse_expression(Text.plain(text))
    if isinstance(found, Expression):
        for context in (CONTEXT, FULL):
            evaluate(found, context)
        return
    assert found
    for fault in found:
        assert_place_in(text, fault.place)


@given(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_fault_moves_with_what_stands_before_it(before, within, end):
    text = f"<policies>{end * before}<inbound><set-variable name='a' value=\"@({end * within} foo)\"/></inbound></policies>"
    (fault,) = check(text.encode(), "api", {}).faults
    assert fault.place.line == 1 + before + within
    assert text.splitlines()[fault.place.line - 1][fault.place.column - 1 :].startswith("foo")

"""What is offered where the caret is, in documents that are whole and in documents that are not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.completion import Completion, Suggested, Suggestions, completions
from entrada.core.gateway.document.place import Lines
from entrada.core.gateway.elements.kind import ALL_SCOPES
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.half_written import Spot, caret_in
from entrada.core.gateway.named_values import NamedValue, by_name
from entrada.core.gateway.parse import parse
from tests.gateway import trial
from tests.gateway.test_policies_never_raise import MARKUP, spoiled

VALUES = by_name(NamedValue("tenant", "contoso.com"), NamedValue("secret", "hunter2", is_secret=True))
WHOLE = trial.document(
    trial.validate_jwt("", "<audiences><audience>colors</audience></audiences>")
    + '<choose><when condition="@(context.Request.Method == "GET" && 1 < 2)"><rewrite-uri template="/x"/></when></choose>'
)


def offered(marked: str, scope: str = "api", suggestions: Suggestions | None = None) -> dict[str, Completion]:
    """*marked*: the caret is where ▮ stands."""
    at = marked.index("▮")
    text = marked.replace("▮", "")
    place = Lines.of(text).place(at)
    found = completions(text, place.line, place.column, scope, VALUES, suggestions)
    return {one.label: one for one in found}


def done(marked: str, label: str, scope: str = "api") -> str:
    """The text once that is chosen, with the caret in it."""
    one, at = offered(marked, scope)[label], marked.index("▮")
    text = marked.replace("▮", "")
    inserted = f"{one.insert[: one.caret]}▮{one.insert[one.caret :]}"
    return text[: at - one.before] + inserted + text[at + one.after :]


def inbound(inside: str) -> str:
    return f"<policies><inbound>{inside}</inbound></policies>"


def test_an_empty_document_begins_with_its_sections() -> None:
    text = done("▮", "policies").replace("▮", "")
    assert not parse(text).faults
    assert [one.name for one in parse(text).policies.sections] == ["inbound", "backend", "outbound", "on-error"]


def test_sections_are_offered_in_their_order() -> None:
    assert list(offered("<policies><inbound/>▮<on-error/></policies>")) == ["backend", "outbound"]


def test_a_section_offers_its_policies_and_base_once() -> None:
    found = offered(inbound("<▮"))
    assert {"base", "validate-jwt", "check-header", "choose"} <= set(found)
    assert "forward-request" not in found
    assert "base" not in offered(inbound("<base/>▮"))
    assert "base" not in offered(inbound("▮<base/>"))


def test_scopes_and_what_stands_once_are_minded() -> None:
    assert "rate-limit" in offered(inbound("<▮"))
    assert "rate-limit" not in offered(inbound("<▮"), "global")
    assert "cors" not in offered(inbound("<cors/><▮"))
    assert "cors" not in offered(inbound("▮<cors/>"))


def test_what_is_typed_chooses() -> None:
    found = list(offered(inbound("<head▮")))
    assert found == ["check-header", "set-header"]
    assert next(iter(offered(inbound("<ch▮")))) == "check-header"
    assert list(offered(inbound("mock▮"))) == ["mock-response"]


def test_an_element_comes_with_what_it_needs() -> None:
    assert done(inbound("<mock▮"), "mock-response") == inbound("<mock-response />▮")
    text = done(inbound("<set-head▮"), "set-header")
    assert text.startswith('<policies><inbound><set-header name="▮">')
    assert "<value></value>" in text
    assert 'condition="@(▮)"' in done(inbound("<choo▮"), "choose")


def test_it_keeps_the_indent_of_its_line() -> None:
    text = done("<policies>\n  <inbound>\n    <choo▮\n  </inbound>\n</policies>", "choose")
    assert '\n    <choose>\n        <when condition="@(▮)">' in text
    assert "\n    </choose>\n  </inbound>" in text


def test_children_are_offered_in_their_order() -> None:
    marked = inbound("<validate-jwt><audiences><audience>a</audience></audiences>▮</validate-jwt>")
    assert list(offered(marked)) == ["issuers", "required-claims"]
    assert list(offered(inbound("<ip-filter><address-range/>▮</ip-filter>"))) == ["address", "address-range"]


def test_branches_hold_policies() -> None:
    assert "set-header" in offered(inbound("<choose><when>▮</when></choose>"))
    assert list(offered(inbound("<choose>▮<otherwise/></choose>"))) == ["when"]
    assert not offered(inbound("<choose><otherwise/>▮</choose>"))


def test_attributes_that_are_missing() -> None:
    found = offered(inbound('<check-header name="a" ▮'))
    assert set(found) == {"failed-check-httpcode", "failed-check-error-message", "ignore-case"}
    assert done(inbound('<check-header name="a" ig▮ />'), "ignore-case") == inbound(
        '<check-header name="a" ignore-case="▮" />'
    )
    assert done(inbound('<check-header name="a"▮ />'), "ignore-case") == inbound(
        '<check-header name="a" ignore-case="▮" />'
    )


def test_the_name_of_an_attribute_alone_is_changed() -> None:
    assert done(inbound('<check-header igno▮re="true" />'), "ignore-case") == inbound(
        '<check-header ignore-case▮="true" />'
    )


def test_values() -> None:
    assert list(offered(inbound('<set-header name="a" exists-action="▮" />'))) == [
        "override", "skip", "append", "delete", "@(…)",
    ]  # fmt: skip
    assert done(inbound('<ip-filter action="al▮" />'), "allow") == inbound('<ip-filter action="allow▮" />')
    assert '<ip-filter action="allow"▮\n<address>' in done(inbound('<ip-filter action="al▮\n<address>'), "allow")


def test_values_of_the_installation() -> None:
    known = {
        ("audience", ""): (Suggested(value="api://colors", what="Colors API"),),
        ("openid-config", "url"): (Suggested(value="https://here/x", what="this installation"),),
    }
    marked = inbound("<validate-jwt><audiences><audience>▮</audience></audiences></validate-jwt>")
    assert offered(marked, suggestions=known)["api://colors"].what == "Colors API"
    assert "https://here/x" in offered(inbound('<validate-jwt><openid-config url="▮" />'), suggestions=known)


def test_named_values() -> None:
    found = offered(inbound('<set-header name="{{▮'))
    assert set(found) == {"tenant", "secret"}
    assert "hunter2" not in str(found)
    assert done(inbound('<rewrite-uri template="/{{ten▮}}" />'), "tenant") == inbound(
        '<rewrite-uri template="/{{tenant}}▮" />'
    )


def test_closing_tags() -> None:
    assert done("<policies><inbound><base/></▮", "/inbound") == "<policies><inbound><base/></inbound>▮"
    assert not offered(inbound("<base/></▮"))


@pytest.mark.parametrize(
    ("code", "some"),
    [
        ("con", "context"),
        ("context.", "Request"),
        ("context.Req", "Request"),
        ("context.Request.Headers.", "GetValueOrDefault()"),
        ('context.Request.Headers.GetValueOrDefault("a","").', "AsJwt()"),
        ('context.Request.Headers.GetValueOrDefault("a","").AsJwt()?.', "Claims"),
        ('((Jwt)context.Variables["jwt"]).', "Subject"),
        ('(context.Variables["jwt"] as Jwt).Claims["scp"].', "Contains()"),
        ('context.Variables.GetValueOrDefault<Jwt>("jwt").', "Issuer"),
        ("1 == 1 && context.Request.Url.Host.", "StartsWith()"),
        ('"abc".', "Length"),
        ("context.Request.Url.Path.Split('/').", "First()"),
        ("Guid.", "NewGuid()"),
        ("DateTime.UtcNow.", "Year"),
        ("string.", "IsNullOrEmpty()"),
        ("context.Subscription?.", "Id"),
        ("context.Product.SubscriptionLimit.", "HasValue"),
    ],
)
def test_words_of_expressions(code: str, some: str) -> None:
    for marked in (
        inbound(f'<choose><when condition="@({code}▮)"><base/></when></choose>'),
        inbound(f'<choose><when condition="@({code}▮\n<base/></when></choose>'),
        inbound(f"<set-header name='a'><value>@({code}▮)</value></set-header>"),
        inbound(f'<set-variable name="a" value="@{{ return {code}▮; }}" />'),
    ):
        assert some in offered(marked), marked


@pytest.mark.parametrize(
    "code", ["context.Nothing.", 'context.Request.Headers["', "1.", "(", ")).", "]..", "context..", "// context."]
)
def test_nothing_is_offered_where_nothing_is_known(code: str) -> None:
    found = offered(inbound(f'<choose><when condition="@({code}▮'))
    assert not found or code == "("


def test_methods_take_the_caret_between_their_brackets() -> None:
    marked = inbound('<when condition="@(context.Request.Headers.Get▮)" />')
    assert "GetValueOrDefault(▮)" in done(marked, "GetValueOrDefault()")


def test_comments_are_left_alone() -> None:
    assert not offered(inbound("<!-- <▮ -->"))


def test_a_half_written_expression_ends_with_its_quote() -> None:
    marked = inbound('<choose><when condition="@(context.Request.">\n<▮</when></choose>')
    assert "set-header" in offered(marked)


def test_a_place_outside_of_the_document_offers_nothing() -> None:
    assert completions("<policies/>", 9, 1, "api", {}) == ()
    assert completions("<policies/>", 1, 0, "api", {}) == ()


PIECES = st.sampled_from(
    ["<", "</", ">", "/>", "@(", "@{", ")", "}", '"', "'", "=", " ", "\n", "\r\n", "{{", "}}", "<!--", "-->", "<![CDATA[", "]]>",
     "policies", "inbound", "choose", "when", "condition", "value", "context.", "Request", "Headers", '["a"]', "&lt;", "&quot;",
     "é", "😀", "\t", "(Jwt)", "as ", "<policies>", "<inbound>", "</inbound>", "<validate-jwt ", "<base/>"],
)  # fmt: skip


@given(
    text=st.lists(PIECES, max_size=25).map("".join), at=st.integers(0, 200), scope=st.sampled_from(["global", "api"])
)
def test_it_never_raises(text: str, at: int, scope: str) -> None:
    place = Lines.of(text).place(min(at, len(text)))
    for one in completions(text, place.line, place.column, scope, VALUES):
        assert one.before >= 0
        assert one.after >= 0
        assert 0 <= one.caret <= len(one.insert)


STATEMENTS = st.sampled_from(
    ["<base/>", "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>", "<!-- a -->", "<mock-response />",
     '<choose><when condition="@(1 &lt; 2)"><rewrite-uri template="/"/></when><otherwise> </otherwise></choose>',
     "<validate-jwt><audiences><audience>a</audience></audiences></validate-jwt>", "<return-response><set-status/></return-response>",
     '<set-variable name="a" value="@("<b>")" />'],
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> str:
    sections = draw(st.lists(st.sampled_from(["inbound", "backend", "outbound", "on-error"]), unique=True))
    order = ["inbound", "backend", "outbound", "on-error"]
    text = ""
    for name in sorted(sections, key=order.index):
        inside = draw(st.lists(STATEMENTS, max_size=3))
        text += f"<{name}>{' '.join(inside)}</{name}>\n"
    return f"<policies>\n{text}</policies>"


@given(text=documents(), data=st.data())
def test_an_element_that_is_offered_never_makes_the_outline_worse(text: str, data: st.DataObject) -> None:
    places = [one for one in range(len(text) + 1) if caret_in(text, one).spot is Spot.CONTENT]
    at = data.draw(st.sampled_from(places))
    typed = data.draw(st.sampled_from(["", "<", "<s", "<base", "in"]))
    before = parse(text).faults
    half = text[:at] + typed + text[at:]
    place = Lines.of(half).place(at + len(typed))
    for one in completions(half, place.line, place.column, "api", VALUES):
        if one.insert.startswith("<") and one.before == len(typed):
            whole = half[: at + len(typed) - one.before] + one.insert + half[at + len(typed) + one.after :]
            assert len(parse(whole).faults) <= len(before), (text, at, one)


def test_every_policy_is_offered_somewhere() -> None:
    sections = ("inbound", "backend", "outbound", "on-error")
    found = {label for one in sections for label in offered(f"<policies><{one}>▮</{one}></policies>")}
    assert set(KINDS) <= found


PUBLISHED = [path.read_text() for path in sorted((Path(__file__).parent / "policies").glob("*.xml"))]


@given(spoiled(PUBLISHED, MARKUP), st.floats(0, 1), st.sampled_from(ALL_SCOPES))
def test_it_never_raises_in_what_is_published(text: str, part: float, scope: str) -> None:
    place = Lines.of(text).place(int(part * len(text)))
    assert all(one.insert for one in completions(text, place.line, place.column, scope, VALUES))

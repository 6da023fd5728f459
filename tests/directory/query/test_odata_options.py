"""What `$filter`, `$search`, `$orderby` and the others ask for, and how they are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.condition import EVERYTHING, AnyElement, Both, Compare, Either, Not, Op
from entrada.core.directory.query.odata_filter import DEEPEST, MOST, MOST_WITHIN, parse_filter
from entrada.core.directory.query.odata_options import Asks, Options, read_options
from entrada.core.directory.query.odata_property import Property, Shape, properties
from entrada.core.directory.query.odata_search import parse_search
from entrada.core.directory.query.query import Order

KNOWN = properties(
    Property("displayName", "display_name", searched=True, ordered=True),
    Property("description", "description", searched=True),
    Property("accountEnabled", "account_enabled", Shape.BOOLEAN),
    Property("createdDateTime", "created_at", Shape.MOMENT, ordered=True),
    Property("size", "size", Shape.NUMBER),
    Property("web/logoutUrl", "logout_url"),
    Property("tags", "tags", collection=True),
    Property("passwordCredentials/keyId", "client_secrets.key_id", collection=True),
)
ASKS = Asks(known=KNOWN, members=frozenset({"id", "displayName"}), expands=frozenset({"owners"}))
NAME_A, NAME_B = Compare("display_name", Op.EQ, "a"), Compare("display_name", Op.EQ, "b")
ON = Compare("account_enabled", Op.EQ, True)
GUID = "C0105000-0000-4000-8000-0000000000A1"

# fmt: off
FILTERS = [
    pytest.param("displayName eq 'a'",                       NAME_A,                                       id="a text"),
    pytest.param("displayName ne 'a'",                       Compare("display_name", Op.NE, "a"),          id="another"),
    pytest.param("displayName eq 'O''Brien'",                Compare("display_name", Op.EQ, "O'Brien"),    id="a quote is doubled"),
    pytest.param("displayName eq ''",                        Compare("display_name", Op.EQ, ""),           id="nothing in quotes"),
    pytest.param("displayName eq 'and or not ('",            Compare("display_name", Op.EQ, "and or not ("), id="words in quotes are text"),
    pytest.param("displayName eq 'שלום 🎨'",                 Compare("display_name", Op.EQ, "שלום 🎨"),      id="any script"),
    pytest.param("displayName eq null",                      Compare("display_name", Op.EQ, None),         id="null"),
    pytest.param("displayName eq 'null'",                    Compare("display_name", Op.EQ, "null"),       id="null in quotes is text"),
    pytest.param(f"displayName eq {GUID}",                   Compare("display_name", Op.EQ, GUID.lower()), id="a bare GUID"),
    pytest.param("accountEnabled eq true",                   ON,                                           id="a boolean"),
    pytest.param("size ge -12",                              Compare("size", Op.GE, -12),                  id="a number"),
    pytest.param("createdDateTime ge 2027-01-15T08:00:00Z",  Compare("created_at", Op.GE, 1_800_000_000),  id="a moment"),
    pytest.param("createdDateTime lt 2027-01-15T09:00:00.1234567+01:00", Compare("created_at", Op.LT, 1_800_000_000), id="with an offset"),
    pytest.param("createdDateTime gt 1970-01-02",            Compare("created_at", Op.GT, 86_400),         id="a day"),
    pytest.param("web/logoutUrl le 'x'",                     Compare("logout_url", Op.LE, "x"),            id="a path"),
    pytest.param("displayName in ('a', 'b')",                Either((NAME_A, NAME_B)),                     id="in"),
    pytest.param("displayName in ('a')",                     Either((NAME_A,)),                            id="in a list of one"),
    pytest.param("startswith(displayName,'a')",              Compare("display_name", Op.STARTS_WITH, "a"), id="startswith"),
    pytest.param("startswith(displayName, 'a') eq true",     Compare("display_name", Op.STARTS_WITH, "a"), id="startswith eq true"),
    pytest.param("startswith(displayName, 'a') eq false",    Not(Compare("display_name", Op.STARTS_WITH, "a")), id="startswith eq false"),
    pytest.param("endswith(displayName,'a')",                Compare("display_name", Op.ENDS_WITH, "a"),   id="endswith"),
    pytest.param("contains(displayName,'a')",                Compare("display_name", Op.CONTAINS, "a"),    id="contains"),
    pytest.param("displayName eq 'a' and accountEnabled eq true", Both((NAME_A, ON)),                      id="and"),
    pytest.param("displayName eq 'a' or displayName eq 'b' and accountEnabled eq true", Either((NAME_A, Both((NAME_B, ON)))), id="and binds closer than or"),
    pytest.param("(displayName eq 'a' or displayName eq 'b') and accountEnabled eq true", Both((Either((NAME_A, NAME_B)), ON)), id="parentheses"),
    pytest.param("not (displayName eq 'a')",                 Not(NAME_A),                                  id="not"),
    pytest.param("not(displayName eq 'a') and accountEnabled eq true", Both((Not(NAME_A), ON)),            id="not binds closest"),
    pytest.param("not startswith(displayName,'a')",          Not(Compare("display_name", Op.STARTS_WITH, "a")), id="not of a function"),
    pytest.param("tags/any(t:t eq 'x')",                     AnyElement("tags", Op.EQ, "x"),               id="any"),
    pytest.param("tags/any(t: startswith(t, 'x'))",          AnyElement("tags", Op.STARTS_WITH, "x"),      id="any with a function"),
    pytest.param("tags/any(t:t in ('x','y'))", Either((AnyElement("tags", Op.EQ, "x"), AnyElement("tags", Op.EQ, "y"))), id="any with in"),
    pytest.param("passwordCredentials/any(c:c/keyId eq 'k')", AnyElement("client_secrets.key_id", Op.EQ, "k"), id="any of a member"),
]
REFUSED = [  # what is written, the code, what the message holds
    pytest.param("displayName",                      "Request_BadRequest",       "expected a name, not the end",  id="half a comparison"),
    pytest.param("displayName eq",                   "Request_BadRequest",       "not the end",                   id="no value"),
    pytest.param("displayName eq 'a",                "Request_BadRequest",       "character 16: this text has no closing quote", id="an open quote"),
    pytest.param("displayName eq 'a' and",           "Request_BadRequest",       "not the end",                   id="and nothing"),
    pytest.param("displayName eq 'a' displayName",   "Request_BadRequest",       "character 20: expected `and`",  id="two side by side"),
    pytest.param("(displayName eq 'a'",              "Request_BadRequest",       "expected ')'",                  id="an open parenthesis"),
    pytest.param("displayName eq 'a')",              "Request_BadRequest",       "not ')'",                       id="one parenthesis too many"),
    pytest.param("displayName eq name",              "Request_BadRequest",       "a text in single quotes",       id="a name for a value"),
    pytest.param('displayName eq "a"',               "Request_BadRequest",       "single quotes",                 id="double quotes"),
    pytest.param("displayName eq 7",                 "Request_BadRequest",       "not 7",                         id="a number for a text"),
    pytest.param("accountEnabled eq 'true'",         "Request_BadRequest",       "true or false",                 id="a text for a boolean"),
    pytest.param("createdDateTime eq 2027-02-30",    "Request_BadRequest",       "no such date",                  id="no date"),
    pytest.param("createdDateTime eq 0000-01-01",    "Request_BadRequest",       "no such date",                  id="no year"),
    pytest.param("size eq 99999999999999999999",     "Request_BadRequest",       "nothing begins with",           id="too great a number"),
    pytest.param("tags eq 'x'",                      "Request_BadRequest",       "tags/any(x:x eq",               id="a collection without any"),
    pytest.param("displayName/any(x:x eq 'x')",      "Request_BadRequest",       "displayName eq",                id="any without a collection"),
    pytest.param("tags/any(t:u eq 'x')",             "Request_BadRequest",       "conditions are of 't'",         id="another variable"),
    pytest.param("tags/any(t:t eq 'x' and t eq 'y')", "Request_UnsupportedQuery", "one comparison",               id="two about one element"),
    pytest.param("tags/any(t:(t eq 'x' and t eq 'y'))", "Request_UnsupportedQuery", "one comparison",             id="two in parentheses"),
    pytest.param("tags/any(t:not (t eq 'x'))",       "Request_UnsupportedQuery", "one comparison",                id="not inside of any"),
    pytest.param("tags/any(t:startswith(t,'x') eq false)", "Request_UnsupportedQuery", "one comparison",          id="not inside of any, otherwise"),
    pytest.param("tags/any(t:t ne 'x')",             "Request_UnsupportedQuery", "`any` takes eq",                id="any that is not"),
    pytest.param("tags/any(t:t eq null)",            "Request_UnsupportedQuery", "`any` takes eq",                id="any that is null"),
    pytest.param("tags/any()",                       "Request_BadRequest",       "expected a name",               id="any of nothing"),
    pytest.param("tags/all(t:t eq 'x')",             "Request_UnsupportedQuery", "'tags/all' is not supported",   id="all"),
    pytest.param("secret eq 'x'",                    "Request_UnsupportedQuery", "These are: accountEnabled, createdDateTime", id="an unknown property"),
    pytest.param("displayName like 'x'",             "Request_UnsupportedQuery", "'like' is not supported",       id="an unknown operator"),
    pytest.param("tolower(displayName) eq 'x'",      "Request_UnsupportedQuery", "'tolower' is not supported",    id="an unknown function"),
    pytest.param("startswith(size,'1')",             "Request_BadRequest",       "a property that is a text",     id="a function of a number"),
    pytest.param("startswith(displayName,null)",     "Request_BadRequest",       "not null",                      id="a function of null"),
    pytest.param("'a' eq displayName",               "Request_BadRequest",       "expected a name",               id="the other way round"),
    pytest.param("displayName eq 'a'; drop",         "Request_BadRequest",       "character 19",                  id="a sign of nobody's"),
    pytest.param("(" * (DEEPEST + 1) + "size eq 1" + ")" * (DEEPEST + 1), "Request_BadRequest", "nested deeper", id="too deep"),
    pytest.param("(" * 4000,                         "Request_BadRequest",       "nested deeper",                 id="a bomb of parentheses"),
    pytest.param("not " * 1000,                      "Request_BadRequest",       "nested deeper",                 id="a bomb of nots"),
    pytest.param(" or ".join(["size eq 1"] * (MOST + 1)), "Request_BadRequest",  f"more than {MOST} comparisons", id="too many"),
    pytest.param(" or ".join(["contains(displayName,'a')"] * (MOST_WITHIN + 1)), "Request_BadRequest", f"more than {MOST_WITHIN} comparisons by contains", id="too many within texts"),
    pytest.param(" or ".join(["tags/any(x:startswith(x,'a'))"] * (MOST_WITHIN + 1)), "Request_BadRequest", "startswith inside of `any`", id="too many within elements"),
    pytest.param("displayName eq '" + "a" * 5000 + "'", "Request_BadRequest",    "longer than",                   id="too long"),
]
SEARCHES = [
    pytest.param('"displayName:two words"', Compare("display_name", Op.SEARCH, "two words"), id="words"),
    pytest.param('"two words"', Compare("display_name", Op.SEARCH, "two words"), id="of displayName, unless said"),
    pytest.param('"displayName:a" OR "description:b" AND "displayName:c"',
        Either((Compare("display_name", Op.SEARCH, "a"), Both((Compare("description", Op.SEARCH, "b"), Compare("display_name", Op.SEARCH, "c"))))), id="AND binds closer"),
    pytest.param('("displayName:a" OR "description:b") AND "displayName:c"',
        Both((Either((Compare("display_name", Op.SEARCH, "a"), Compare("description", Op.SEARCH, "b"))), Compare("display_name", Op.SEARCH, "c"))), id="parentheses"),
    pytest.param(r'"displayName:say \"a\""', Compare("display_name", Op.SEARCH, 'say "a"'), id="quotes within"),
]
NO_SEARCHES = ["displayName:a", '"displayName:a', '"displayName:"', '"size:1"', '"a" "b"', '"a" AND', "OR", '("a"', '"a")', '(("a"))', '""', '"a" and "b"', "(" * 900]
OPTIONS = [
    pytest.param([], Options(), id="nothing"),
    pytest.param([("$top", "5"), ("$count", "true")], Options(top=5, count=True), id="numbers"),
    pytest.param([("top", "5"), ("select", "id")], Options(top=5, select=("id",)), id="without a dollar sign"),
    pytest.param([("$orderby", "displayName desc")], Options(order=Order("display_name", descending=True)), id="order"),
    pytest.param([("$select", "id, displayName,id")], Options(select=("id", "displayName")), id="select"),
    pytest.param([("$select", "*")], Options(select=("displayName", "id")), id="select everything"),
    pytest.param([("$expand", "owners")], Options(expand={"owners": ()}), id="expand"),
    pytest.param([("$expand", "owners($select=id, displayName)")], Options(expand={"owners": ("id", "displayName")}), id="expand, some of it"),
    pytest.param([("$filter", "size eq 1"), ("$search", '"a"')], Options(where=Both((Compare("size", Op.EQ, 1), Compare("display_name", Op.SEARCH, "a")))), id="filter and search"),
    pytest.param([("$skiptoken", "x")], Options(skip_token="x"), id="a page's token"),
    pytest.param([("client-request-id", "x"), ("api-version", "1")], Options(), id="what is no option"),
]
NO_OPTIONS = [
    [("$top", "0")], [("$top", "1000")], [("$top", "ten")], [("$top", "\u0661")], [("$top", "-1")], [("$top", "5"), ("top", "5")],
    [("$count", "yes")], [("$orderby", "size")], [("$orderby", "displayName asc, size")], [("$orderby", "displayName up")],
    [("$select", "password")], [("$select", "id,,x")], [("$select", "")], [("$filter", " ")], [("$expand", "members")],
    [("$expand", "owners($top=1)")], [("$expand", "owners($select=i d)")], [("$expand", "owners,,")], [("$skip", "1")], [("$apply", "x")], [("$what", "x")], [("$search", "x" * 5000)],
]
# fmt: on


@pytest.mark.parametrize(("text", "meant"), FILTERS)
def test_a_filter_means(text, meant):
    assert parse_filter(text, KNOWN) == meant


@pytest.mark.parametrize(("text", "code", "words"), REFUSED)
def test_a_filter_is_refused(text, code, words):
    problem = parse_filter(text, KNOWN)
    assert isinstance(problem, Problem)
    assert (problem.status, problem.code, problem.target) == (400, code, "$filter")
    assert words in problem.message


@pytest.mark.parametrize(("text", "meant"), SEARCHES)
def test_a_search_means(text, meant):
    assert parse_search(text, KNOWN) == meant


@pytest.mark.parametrize("text", NO_SEARCHES)
def test_a_search_is_refused(text):
    problem = parse_search(text, KNOWN)
    assert isinstance(problem, Problem)
    assert problem.message.startswith("$search")


@pytest.mark.parametrize(("query", "meant"), OPTIONS)
def test_options_ask(query, meant):
    assert read_options(query, ASKS, of_collection=True, eventual=True) == meant


@pytest.mark.parametrize("query", NO_OPTIONS)
def test_options_are_refused(query):
    problem = read_options(query, ASKS, of_collection=True, eventual=True)
    assert isinstance(problem, Problem)
    assert problem.status == 400
    assert problem.target == "$" + query[0][0].removeprefix("$")


def test_one_object_is_not_asked_as_a_collection():
    assert read_options([("$select", "id")], ASKS, of_collection=False, eventual=False) == Options(select=("id",))
    assert isinstance(read_options([("$top", "1")], ASKS, of_collection=False, eventual=False), Problem)


@pytest.mark.parametrize(
    "query", [("$search", '"a"'), ("$filter", "size ne 1"), ("$filter", "not (size eq 1 or endswith(displayName,'a'))")]
)
def test_advanced_queries_are_asked_for_by_a_header(query):
    assert isinstance(read_options([query], ASKS, of_collection=True, eventual=True), Options)
    problem = read_options([query], ASKS, of_collection=True, eventual=False)
    assert isinstance(problem, Problem)
    assert "ConsistencyLevel: eventual" in problem.message


# fmt: off
_PIECES = st.sampled_from([
    " ", "(", ")", ",", ":", "'", "''", "'a'", "and", "or", "not", "in", "eq", "ne", "any", "/any", "startswith", "displayName",
    "tags", "tags/any", "size", "accountEnabled", "t", "t:t", "null", "true", "1", "-1", "2027-01-01", "$count", "é", "\u202e", "\x00",
])
# fmt: on


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=40).map("".join), st.lists(_PIECES).map(" ".join)))
def test_whatever_is_written_is_read_or_refused(text):
    for found in (parse_filter(text, KNOWN), parse_search(text, KNOWN)):
        if isinstance(found, Problem):
            assert found.status == 400
            assert len(found.message) < 1000
    read_options([("$orderby", text), ("$expand", text)], ASKS, of_collection=True, eventual=True)


@given(st.text(max_size=80))
def test_any_text_can_be_asked_for(text):
    quoted = text.replace("'", "''")
    assert parse_filter(f"displayName eq '{quoted}'", KNOWN) == Compare("display_name", Op.EQ, text)


def test_nothing_asked_holds_for_everything():
    assert Options().where == EVERYTHING


@pytest.mark.parametrize(
    "one", ["contains(displayName,'a')", "endswith(displayName,'a')", "startswith(displayName,'a')"]
)
def test_as_many_within_texts_as_may_be(one: str):
    assert isinstance(parse_filter(" or ".join([one] * MOST_WITHIN), KNOWN), Either)


def test_what_an_index_helps_with_is_not_counted_among_them():
    asked = " or ".join(["startswith(displayName,'a')"] * (MOST_WITHIN + 1))
    assert isinstance(parse_filter(asked, KNOWN), Either)

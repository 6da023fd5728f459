"""What expressions give: tiers A to D of the reference, with the semantics of C#."""

from datetime import timedelta
from uuid import UUID

import pytest
from attrs import evolve

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Text
from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.gateway.expressions.expression import Expression, ExpressionFailed
from entrada.core.gateway.expressions.parse import parse_expression
from entrada.core.gateway.expressions.type import BOOL, STRING
from tests.gateway.known import CONTEXT, FULL, NOW, TOKEN, value

# fmt: off
VALUES = [
    # tier A: constants
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-7 / 2", -3), ("-7 % 3", -1), ("7.0 / 2", 3.5), ("1 - 2 - 3", -4),
    ("0x1F", 31), ("1_000", 1000), ("2147483647 + 1", -2147483648), ("2147483648 + 1", 2147483649), ("5L", 5), ("1e3", 1000.0),
    ("true && !false", True), ("false || false", False), ("1 < 2 == true", True), ("'a' == 'a'", True), ("null == null", True),
    ('"a" + "b"', "ab"), ('"a" + 1 + 2', "a12"), ('1 + 2 + "a"', "3a"), ('"a" + null + true', "aTrue"), ('"x" + \'y\'', "xy"),
    (r'"\t\"\\\u0041\x42"', '\t"\\AB'), ('@"C:\\""x"""', 'C:\\"x"'), (r'"\ud83d\ude00"', "😀"), ("'\\''.ToString()", "'"),
    ('"A" == "a"', False), ('"a" != null', True), ("1 == 1.0", True), ("1 == 2L", False),
    ("context.Api.Id", "colors"), ("context.Api.Name + context.Api.Path", "Colors APIcolors"), ("context.Api.Revision", "1"),
    ("context.Api.IsCurrentRevision", True), ("context.Api.Version == null", True), ("context.Api.ServiceUrl.Host", "backend.example"),
    ("context.Operation.Id", "paint"), ("context.Operation.Name", "Paint"), ("context.Operation.Method", "POST"),
    ("context.Operation.UrlTemplate", "/{id}"), ("context.Deployment.Region", "local"), ("context.Deployment.ServiceName", "entrada"),
    ("context.Deployment.GatewayId", "managed"),
    # tier B: one source
    ('context.Request.Headers.GetValueOrDefault("x-TAG")', "one,two"), ('context.Request.Headers.GetValueOrDefault("none")', None),
    ('context.Request.Headers.GetValueOrDefault("none", "?")', "?"), ('context.Request.Headers["X-Tag"].Last()', "two"),
    ('context.Request.Headers["X-Tag"][0]', "one"), ('context.Request.Headers.ContainsKey("ACCEPT")', True),
    ('context.Request.Headers["X-Tag"].Length', 2), ('context.Request.Headers["X-Tag"].Count()', 2),
    ('context.Request.Url.Query.GetValueOrDefault("shade", "light")', "dark,deep"), ("context.Request.Url.QueryString", "?shade=dark&shade=deep&q="),
    ('context.Request.Url.Query.ContainsKey("q")', True), ('context.Request.Url.Query.GetValueOrDefault("zz", "light")', "light"),
    ('context.Request.MatchedParameters["id"]', "red"), ('context.Request.MatchedParameters.GetValueOrDefault("id", "?")', "red"),
    ('context.Request.MatchedParameters.GetValueOrDefault("other", "?")', "?"),
    ("context.Request.Method", "POST"), ("context.Request.IpAddress", "192.0.2.7"), ("context.RequestId", UUID(int=7)),
    ("context.Request.OriginalUrl.Host", "public.example"), ("context.Request.OriginalUrl.Path", "/api/colors/red"),
    ("context.Request.OriginalUrl.Scheme", "https"), ("context.Request.Url.Port", 443), ("context.Tracing", False),
    ('((Jwt)context.Variables["caller"]).Claims.GetValueOrDefault("name", "?")', "Ada"),
    ('((Jwt)context.Variables["caller"]).Claims.GetValueOrDefault("group")', "painters,staff"),
    ('((Jwt)context.Variables["caller"]).Claims.GetValueOrDefault("none", "?")', "?"),
    ('((Jwt)context.Variables["caller"]).Claims["admin"][0]', "true"), ('((Jwt)context.Variables["caller"]).Claims["level"].First()', "7"),
    ('((Jwt)context.Variables["caller"]).Claims["empty"].FirstOrDefault()', None),
    ('((Jwt)context.Variables["caller"]).Subject', "ada"), ('((Jwt)context.Variables["caller"]).Audiences.Contains("other")', True),
    ('((Jwt)context.Variables["caller"]).ExpirationTime > DateTime.UtcNow', True), ('((Jwt)context.Variables["caller"]).NotBefore == null', True),
    ('((Jwt)context.Variables["caller"]).Id', "token-1"), ('((Jwt)context.Variables["caller"]).Algorithm', "RS256"),
    ('((Jwt)context.Variables["caller"]).Issuer', "https://issuer.example"), ('((Jwt)context.Variables["caller"]).Type', "JWT"),
    ("context.Product?.Name", None), ('context.Subscription?.Key ?? "anonymous"', "anonymous"), ("context.User?.Email", None),
    ('context.Variables["text"]', "red"), ('(string)context.Variables["text"]', "red"), ('(int)context.Variables["count"] + 1', 4),
    ('(long)context.Variables["big"] + 1', 5_000_000_001), ('(bool)context.Variables["flag"]', True), ('context.Variables["none"] == null', True),
    ('context.Variables.GetValueOrDefault<string>("text")', "red"), ('context.Variables.GetValueOrDefault<string>("zz", "d")', "d"),
    ('context.Variables.GetValueOrDefault("zz", "d")', "d"), ('context.Variables.GetValueOrDefault<int>("zz")', 0),
    ('context.Variables.GetValueOrDefault<bool>("flag", false)', True), ('context.Variables.ContainsKey("text")', True),
    ('context.Variables["count"] as string', None), ('(context.Variables["text"] as string).Length', 3), ('(string)context.Variables["none"]', None),
    # tier C: combinations
    ('context.Request.Method == "POST" && !((Jwt)context.Variables["caller"]).Claims["group"].Contains("finance")', True),
    ('context.Request.Method.Equals("post", StringComparison.OrdinalIgnoreCase)', True), ('context.Request.Method.Equals("post")', False),
    ('new [] { "GET", "POST" }.Contains(context.Request.Method)', True), ('new string[] { "GET" }.Contains(context.Request.Method)', False),
    ("new [] { 1, 2 }.Contains(2)", True), ("new[]{'a'}.Length", 1),
    ('string.IsNullOrEmpty(context.Request.Headers.GetValueOrDefault("none"))', True), ('string.IsNullOrWhiteSpace(" ")', True),
    ('"colors".StartsWith("co") && "colors".EndsWith("rs") && "colors".Contains("lor")', True), ('"COLORS".StartsWith("co")', False),
    ('"COLORS".StartsWith("co", StringComparison.OrdinalIgnoreCase)', True), ('"STRASSE".Equals("straße", StringComparison.OrdinalIgnoreCase)', False),
    ('context.Product?.Name != "Unlimited"', True), ("context.Response?.StatusCode >= 400", False), ("(context.Response?.StatusCode ?? 200) == 200", True),
    ("context.User == null ? 1 : 2", 1), ("true ? false ? 1 : 2 : 3", 2), ("true ? 1 : 2.5", 1.0),
    ('(string)null ?? "a"', "a"), ('(string)null ?? null ?? "b"', "b"), ('string.Equals("a", "A", StringComparison.OrdinalIgnoreCase)', True),
    ('string.Compare("a", "b") < 0', True),
    # tier D: small string work
    ('"a b c".Split(\' \').Last()', "c"), ('"a b,c".Split(\' \', \',\')[2]', "c"), ('"a b".Split(new [] { \' \' })[1]', "b"), ('"a".Split(\' \').Length', 1),
    ('"abc".Substring(1)', "bc"), ('"abc".Substring(1, 1)', "b"), ('"abc".Substring(3)', ""), ('"aXbX".Replace("X", "")', "ab"), ("\"a-b\".Replace('-', '_')", "a_b"),
    ('"Straße".ToUpper()', "STRAßE"), ('"ABC".ToLowerInvariant()', "abc"), ('" a ".Trim()', "a"), ('"/a/".Trim(\'/\')', "a"), ('"/a/".TrimStart(\'/\')', "a/"),
    ('"/a/".TrimEnd(\'/\')', "/a"), ('"abc"[1]  == \'b\'', True), ('"abc".IndexOf("c")', 2), ('"abcb".LastIndexOf("b")', 3), ('"a".PadLeft(3, \'0\')', "00a"),
    ('"a".PadRight(3)', "a  "), ('"ac".Insert(1, "b")', "abc"), ('"abc".Remove(1)', "a"), ('"abc".Remove(0, 2)', "c"), ('"abc".Length', 3),
    ('string.Format("{0}-{1,4:D2}-{{}}", "a", 7)', "a-  07-{}"), ('string.Join(",", new [] { "a", "b" })', "a,b"), ('string.Join("-", 1, "b")', "1-b"),
    ('string.Concat("a", 1, null)', "a1"), ("string.Empty", ""), ('$"{context.Api.Id}: {1 + 1,3}|{true ? "y" : "n"}|{{}}"'.replace('{true ? "y" : "n"}', '{(true ? "y" : "n")}'), "colors:   2|y|{}"),
    ('$@"a\\b""{1.5:F2}"', 'a\\b"1.50'), ('$"{$"{1}"}"', "1"), ('$"{DateTime.UtcNow:yyyy-MM-dd}"', "2026-11-21"),
    ('int.Parse(" 42 ")', 42), ('long.Parse("5000000000")', 5_000_000_000), ('double.Parse("1.5")', 1.5), ('bool.Parse("TRUE")', True), ("(int)2.9", 2), ("(double)1", 1.0),
    ("DateTime.UtcNow", NOW), ('DateTime.UtcNow.AddMinutes(-5).ToString("o")', "2026-11-21T02:59:05.6780000Z"), ('DateTime.UtcNow.ToString("R")', "Sat, 21 Nov 2026 03:04:05 GMT"),
    ("DateTime.UtcNow.ToString()", "11/21/2026 03:04:05"), ("DateTime.UtcNow.Hour", 3), ("DateTime.UtcNow.Date == DateTime.Today", True),
    ("(DateTime.UtcNow - context.Timestamp).TotalSeconds", 2.0), ("context.Elapsed.TotalMilliseconds > 1000", True), ("context.Elapsed", timedelta(seconds=1.5)),
    ('DateTime.Parse("2026-01-02T03:04:05Z") < DateTime.UtcNow', True), ("TimeSpan.FromMinutes(90).Hours", 1), ("TimeSpan.FromMinutes(90).ToString()", "01:30:00"),
    ("true.ToString()", "True"), ("1.0.ToString()", "1"), ('0.1 + 0.2 + ""', "0.30000000000000004"), ('7.ToString("D3")', "007"), ("Guid.Empty.ToString()", str(UUID(int=0))),
    ('context.RequestId.ToString("N")', "0" * 31 + "7"), ('"a".Equals(null)', False), ('"a" + (1 > 0)', "aTrue"),
    # tokens
    ('context.Request.Headers.GetValueOrDefault("Authorization")?.Split(\' \')?[1].AsJwt()?.Claims["name"].FirstOrDefault()', "Ada"),
    ('context.Request.Headers.GetValueOrDefault("Authorization", "").AsJwt()?.Subject', "ada"), ('"no.token".AsJwt() == null', True), ("((string)null).AsJwt() == null", True),
    ('context.Request.Headers.GetValueOrDefault("X-None").AsJwt()?.Subject', None), ('"Basic YTpiOmM=".AsBasic().Password', "b:c"), ('"Basic YTpiOmM=".AsBasic().UserId', "a"),
    ('"nonsense".AsBasic() == null', True),
    # null ends a chain
    ("context.Product?.Name.ToUpper().Trim()", None), ("(context.Product?.Name)?.Length", None), ("context.Product?.Name.Length ?? 9", 9),
    ("/* a */ 1 // b", 1),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_an_expression_has_the_value_of_csharp(text, expected):
    found = value(f"@({text}\n)")
    assert (found, type(found)) == (expected, type(expected))


# fmt: off
IN_FULL = [
    ("context.Response.StatusCode == 404", True), ("context.Response.StatusReason", "Not Found"), ('context.Response.Headers.GetValueOrDefault("x-up")', "1"),
    ('context.LastError.Source == "validate-jwt"', True), ("context.LastError.Reason", "TokenExpired"), ("context.LastError.Message", "Late."),
    ("context.LastError.Scope", "api"), ("context.LastError.Section", "inbound"), ("context.LastError.Path", "choose[1]"), ("context.LastError.PolicyId", None),
    ("context.Product.Name", "Starter"), ("context.Product.Id", "starter"), ("context.Product.State == ProductState.Published", True), ("context.Product.SubscriptionLimit == null", True),
    ("context.Product.ApprovalRequired", False), ("context.Product.SubscriptionRequired", True), ("context.Subscription.Id", "s1"), ("context.Subscription.Name", "Trial"), ("context.Subscription.Key", "k1"),
    ("context.Subscription.PrimaryKey", "k1"), ("context.Subscription.SecondaryKey", "k2"), ("context.Subscription.EndDate.HasValue", False), ("context.Subscription.CreatedDate == DateTime.UtcNow", True),
    ("context.User.Id", "u1"), ("context.User.Email", "ada@example.com"), ("context.User.FirstName + context.User.LastName", "AdaL"), ("context.User.Note", None),
    ("context.User.RegistrationDate.Year", 2026),
    ("context.Response?.StatusCode >= 400", True), ('context.Subscription?.Key ?? "anonymous"', "k1"),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), IN_FULL)
def test_what_only_some_requests_have(text, expected):
    assert value(text, FULL) == expected


# fmt: off
BLOCKS = [
    ('@{ Jwt jwt; context.Request.Headers.GetValueOrDefault("Authorization", "").Split(\' \').Last().TryParseJwt(out jwt); return jwt.Claims.GetValueOrDefault("name", "?"); }', "Ada"),
    ('@{ if ("x".TryParseJwt(out var jwt)) { return jwt.Subject; } return "nobody"; }', "nobody"),
    ("@{ var a = 1; a = a + 1; { var b = a * 2; a = b; } return a; }", 4),
    ('@{ string s; if (context.Request.Method == "GET") s = "read"; else { s = "write"; } return s; }', "write"),
    ("@{ if (false) return 1; else if (true) return 2; else return 3; }", 2),
    ('@{ int n; if (int.TryParse("12", out n)) return n; return 0; }', 12),
    ('@{ int.TryParse("x", out int n); return n; }', 0),
    ('@{ if (!context.Request.Headers.TryGetValue("X-Tag", out var tags)) return null; return tags.Last(); }', "two"),
    ("@{ double d = 1; return d / 4; }", 0.25),
    ("@{ return true ? 1 : 2; /* ; } */ }", 1),
    ("@{ long? a = null; return a == null; }", True),
    ('@{ if ("Basic YTpi".TryParseBasic(out BasicAuthCredentials who)) { return who.UserId; } return null; }', "a"),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_a_block_returns_its_value(text, expected):
    assert value(text) == expected


# fmt: off
FAILURES = [  # the expression, the column of what fails, a word of it
    ("context.Product.Name", 19, "NullReference"), ("context.Response.StatusCode", 20, "NullReference"), ('context.Request.Headers["None"].First()', 26, "KeyNotFound"),
    ('int.Parse("x")', 7, "Format"), ('int.Parse("99999999999")', 7, "Overflow"), ("int.Parse(null)", 7, "ArgumentNull"), ('"a".Substring(2)', 7, "ArgumentOutOfRange"), ('"a".Substring(0, 2)', 7, "ArgumentOutOfRange"),
    ('"a b".Split(\' \')[2]', 19, "IndexOutOfRange"), ("1 / 0", 5, "DivideByZero"), ("1 % 0", 5, "DivideByZero"), ('(int)context.Variables["text"]', 3, "InvalidCast"), ('(int)context.Variables["none"]', 3, "NullReference"),
    ('(int)context.Variables["big"]', 3, "InvalidCast"), ('context.Variables["zz"]', 20, "KeyNotFound"), ('context.Variables.GetValueOrDefault<int>("text")', 21, "InvalidCast"), ('"".Split(\'a\').First().Substring(1)', 25, "ArgumentOutOfRange"),
    ('((Jwt)context.Variables["caller"]).Claims["empty"].First()', 54, "InvalidOperation"), ('"a".Contains((string)null)', 7, "ArgumentNull"), ('string.Format("{1}", "a")', 10, "brace"), ('"a".Replace("", "b")', 7, "Argument"),
    ("((int?)null).Value", 16, "InvalidOperation"), ('DateTime.Parse("soon")', 12, "Format"), ("DateTime.UtcNow.AddDays(1e8)", 19, "OutOfRange"), ("TimeSpan.FromDays(1e300)", 12, "Overflow"), ('"a".PadLeft(1000000)', 7, "longer"),
    ('"x".AsJwt().Subject', 15, "NullReference"), ('context.RequestId.ToString("Q")', 21, "format"),
]
# fmt: on


@pytest.mark.parametrize(("text", "column", "word"), FAILURES)
def test_what_csharp_throws_is_a_failure_with_its_place(text, column, word):
    failed = value(text)
    assert isinstance(failed, ExpressionFailed)
    assert failed.place == Place(1, column)
    assert word in failed.what


def test_a_failure_says_no_value():
    failed = value('int.Parse(context.Request.Headers.GetValueOrDefault("Authorization"))')
    assert isinstance(failed, ExpressionFailed)
    assert TOKEN not in failed.what


def test_every_guid_of_a_request_is_another():
    both = value('@{ var a = Guid.NewGuid(); return a.ToString() + " " + Guid.NewGuid(); }')
    assert isinstance(both, str)
    first, second = map(UUID, both.split())
    assert first != second
    assert first.version == second.version == 4
    assert value("Guid.NewGuid()", evolve(CONTEXT, entropy=b"another")) != value("Guid.NewGuid()")


def test_doubling_a_string_again_and_again_ends():
    doubling = "".join(f"var s{n} = s{n - 1} + s{n - 1};" for n in range(1, 60))
    failed = value(f'@{{ var s0 = "0123456789"; {doubling} return s59; }}')
    assert isinstance(failed, ExpressionFailed)


def test_much_work_on_long_strings_ends():
    context = evolve(CONTEXT, variables=Dictionary({"long": "a" * 200_000}))
    looks = "".join(f'if (s.Contains("b{n}")) return 1;' for n in range(60))
    failed = value(f'@{{ var s = (string)context.Variables["long"]; {looks} return 0; }}', context)
    assert isinstance(failed, ExpressionFailed)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("1 == 1", True), ("context.Request.Method", False), ("context.Product?.SubscriptionRequired", False)],
)
def test_a_condition_is_a_bool(text, fits):
    found = parse_expression(Text.plain(f"@({text})"), BOOL)
    assert isinstance(found, Expression) is fits


def test_a_block_with_returns_of_two_types_is_an_object():
    found = parse_expression(Text.plain('@{ if (true) { return 1; } return "a"; }'))
    assert isinstance(found, Expression)
    assert found.type.name == "object"
    assert not isinstance(parse_expression(found.text, STRING), Expression)

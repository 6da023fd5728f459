"""What expressions may not hold is refused by name, with its place and what to write instead."""

import pytest

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Piece, Text
from entrada.core.gateway.expressions import refused
from entrada.core.gateway.expressions.parse import parse_expression


def faults(text: str):
    found = parse_expression(Text.plain(text))
    assert isinstance(found, tuple), found
    return found


# fmt: off
REFUSED = [  # the text, line, column, a word of what, a word of what instead
    # tier E, by name
    ("@(context.Request.Body.As<JObject>(preserveContent: true))", 1, 19, "`Body`", "headers"),
    ('@(JObject.Parse("{}")["a"])', 1, 3, "`JObject`", "headers"),
    ('@(new JObject(new JProperty("a", 1)).ToString())', 1, 3, "`JObject`", "headers"),
    ('@(Newtonsoft.Json.Linq.JObject.Parse(""))', 1, 3, "`Newtonsoft`", "headers"),
    ('@(Regex.IsMatch(context.Request.Url.Path, "^/a"))', 1, 3, "`Regex`", "StartsWith"),
    ('@(System.Text.RegularExpressions.Regex.IsMatch("a", "b"))', 1, 3, "`System`", "leave"),
    ('@(context.Request.Headers["a"].Where(one => one == "b").Count())', 1, 32, "`Where`", "Contains"),
    ('@(context.Request.Headers["a"].Any(one => one == "b"))', 1, 32, "`Any`", "Contains"),
    ('@(context.Request.Headers["a"].Select(one => one.Length).Sum())', 1, 32, "`Select`", "Contains"),
    ('@(context.Request.Headers["a"].First(one => one == "b"))', 1, 42, "`=>`|Lambda", "Contains"),
    ("@{ foreach (var one in context.Request.Headers) { return one; } return 1; }", 1, 4, "`foreach`", "Contains"),
    ("@{\n  for (var i = 0; i < 3; i++) { }\n  return 1;\n}", 2, 3, "`for`", "Contains"),
    ("@{ while (true) { } }", 1, 4, "`while`", "Contains"),
    ("@{ do { } while (true); }", 1, 4, "`do`", "Contains"),
    ("@{ switch (1) { } return 1; }", 1, 4, "`switch`", "if"),
    ("@{ try { return 1; } catch { return 2; } }", 1, 4, "`try`", "TryParse"),
    ('@{ throw new Exception("a"); }', 1, 4, "`throw`", "return-response"),
    ("@{ using (var a = 1) { return a; } }", 1, 4, "`using`", "return"),
    ('@("a".GetType().Assembly.GetTypes())', 1, 7, "`GetType`", "strings"),
    ("@(typeof(string).Name)", 1, 3, "`typeof`", "strings"),
    ('@(Activator.CreateInstance("a", "b"))', 1, 3, "`Activator`", "strings"),
    ('@(Environment.GetEnvironmentVariable("PATH"))', 1, 3, "`Environment`", "strings"),
    ('@(Encoding.UTF8.GetBytes("a"))', 1, 3, "`Encoding`", "strings"),
    ('@(Convert.ToBase64String("a"))', 1, 3, "`Convert`", "int.Parse"),
    ("@(Math.Max(1, 2))", 1, 3, "`Math`", "compare"),
    ("@(new HMACSHA256(new byte[] { 1 }))", 1, 3, "`HMACSHA256`", "validate-jwt"),
    ('@(context.Variables["a"].Encrypt("aes"))', 1, 26, "`Encrypt`", "validate-jwt"),
    ("@(context.Deployment.Certificates)", 1, 22, "`Certificates`", "keys"),
    ("@(context.Request.Certificate.Thumbprint)", 1, 19, "`Certificate`", "TLS"),
    ('@(context.User.Groups.Contains("a"))', 1, 16, "`Groups`", "claim"),
    ('@{ context.Trace("a"); return 1; }', 1, 12, "`Trace`", "trace"),
    ("@{ StringBuilder b = null; return b; }", 1, 4, "`StringBuilder`", "strings"),
    ("@{ List<string> a = null; return a; }", 1, 4, "`List`", "strings"),
    ("@(new List<string>())", 1, 3, "`List`", "strings"),
    ("@(new Object())", 1, 3, "`new Object`", "new []"),
    ("@(default(string))", 1, 3, "`default`", "null"),
    ("@(1 & 2)", 1, 5, "`&`", "&&"), ("@(1 | 2)", 1, 5, "`|`", "||"), ("@(~1)", 1, 3, "`~`", "!"), ("@(1 << 2)", 1, 5, "`<<`", "&&"),
    ("@{ var i = 1; i++; return i; }", 1, 16, "`++`", "assign"), ("@{ var i = 1; i += 1; return i; }", 1, 17, "`+=`", "assign"),
    ("@(1 is int)", 1, 5, "`is`", "as"), ("@(1.5m)", 1, 3, "suffix", "double"),
    # members and types that are not there
    ("@(context.Request.Foo)", 1, 19, "no `Foo`", "Headers"), ("@(context.Foo)", 1, 11, "no `Foo`", "Request"), ("@(foo)", 1, 3, "`foo` is not known", "context"),
    ("@(Foo.Bar)", 1, 3, "`Foo` is not known", "context"), ("@(int.Foo)", 1, 7, "`int.Foo`", "Parse"), ('@("a".Foo())', 1, 7, "no `Foo`", "Contains"),
    ('@("a".Length())', 1, 7, "no method", "brackets"), ('@("a".Trim)', 1, 7, "is a method", "Trim("), ("@(Guid.NewGuid)", 1, 8, "is a method", "NewGuid("),
    ('@((Foo)context.Variables["a"])', 1, 3, "`Foo` is no type", "Jwt"), ("@(Foo(1))", 1, 6, "no function", "value.Method"), ("@(string)", 1, 3, "is a type", "member"),
    ('@(context.Request.Headers.GetValueOrDefault<string>("a"))', 1, 27, "takes no type", "Variables"), ("@(StringComparison.CurrentCultureIgnoreCase)", 1, 20, "not known", "OrdinalIgnoreCase"),
    # types that do not fit
    ('@(context.Variables["a"] == "b")', 1, 26, "join an object and a string", "(string)"), ('@(context.Variables["a"].Length)', 1, 26, "no `Length`", "type first"),
    ("@(1 + true)", 1, 5, "join an int and a bool", "convert"), ('@("a" < "b")', 1, 7, "join a string", "Compare"), ('@("a" && true)', 1, 7, "join a string", "convert"), ('@(!"a")', 1, 3, "before a string", "compare"),
    ("@(1 ? 2 : 3)", 1, 3, "is an int, not a bool", "compare"), ('@(true ? 1 : "a")', 1, 3, "an int and a string", "one type"), ('@("a".Substring("b"))', 1, 7, "these arguments", "(int)"),
    ("@(int.Parse(1))", 1, 7, "these arguments", "(string)"), ("@(1.Length)", 1, 5, "no `Length`", "ToString"), ('@("a"["b"])', 1, 6, "index of a string is an int", "int"), ("@(1[0])", 1, 4, "cannot be indexed", "arrays"),
    ('@((int)"1")', 1, 3, "casts a string to int", "int.Parse"), ("@((string)1)", 1, 3, "casts an int to string", "ToString"), ("@(1 as string)", 1, 5, "never a string", "leave"), ("@(1?.ToString())", 1, 6, "never null", "dot"),
    ("@(context.Response?.StatusCode.ToString() == 1)", 1, 43, "join a string", "convert"), ('@(1 == "a")', 1, 5, "join an int and a string", "int.Parse"), ('@(new [] { 1, "a" })', 1, 3, "cannot be told", "new string[]"),
    ("@(new string[] { 1 })", 1, 3, "Not every element", "string"), ("@(new [] { })", 1, 3, "cannot be told", "new string[]"), ("@(context.Subscription.EndDate.Year)", 1, 32, "no `Year`", "?.Year"),
    # blocks
    ("@{ if (true) { return 1; } }", 1, 2, "Not every path", "return"), ("@{ }", 1, 2, "Not every path", "return"), ("@{ return; }", 1, 10, "missing behind return", "null"), ("@{ Jwt jwt; return jwt.Subject; }", 1, 20, "no value yet", "assign"),
    ("@{ var a = null; return a; }", 1, 4, "cannot be told", "string a"), ("@{ var a; return 1; }", 1, 4, "cannot be told", "write its type"), ('@{ int a = "b"; return a; }', 1, 4, "is an int, not a string", "(int)"),
    ("@{ var a = 1; var a = 2; return a; }", 1, 15, "a second time", "another name"), ("@{ a = 1; return 1; }", 1, 4, "not declared", "var a"), ("@{ { var a = 1; } return a; }", 1, 26, "not known", "context"),
    ("@{ 1 + 1; return 1; }", 1, 4, "does nothing", "return"), ('@{ context.Variables["a"] = 1; return 1; }', 1, 27, "cannot be assigned", "set-variable"), ("@{ int a = 1, b = 2; return a; }", 1, 13, "second variable", "each"),
    ('@{ string s; if (true) s = "a"; return s; }', 1, 40, "no value yet", "assign"), ('@{ "a".TryParseJwt(out b); return 1; }', 1, 20, "not declared", "out var b"), ("@{ if (1) return 1; return 2; }", 1, 8, "is an int, not a bool", "compare"),
    # form
    ("@()", 1, 3, "value is missing", "context"), ("@(1 2)", 1, 5, "`)` is missing", "closed"), ("@(1", 1, 4, "`)` is missing", "closed"), ("@(1))", 1, 5, "behind the expression", "leave"), ("@(1) and more", 1, 6, "behind the expression", "leave"),
    ('@("a)', 1, 3, "means nothing", "close"), ("@('ab')", 1, 3, "one character", '"'), (r'@("\q")', 1, 3, "no escape", "backslash"), (r'@("\ud800")', 1, 3, "surrogate", "whole"), ("@(/* a)", 1, 3, "never ends", "*/"), ("@(a.)", 1, 5, "member's name", "name"),
    ("@(a ? 1)", 1, 8, "`:` is missing", "conditional"), ("@(99999999999999999999)", 1, 3, "larger than a long", "smaller"), ("@(1e999)", 1, 3, "larger than a double", "smaller"), ('@($"{1")', 1, 7, "means nothing|braces", ""), ("@(§)", 1, 3, "means nothing", "leave"),
    ("@{ return 1; ", 1, 13, "does not end", "}"), ("@{ return 1 }", 1, 13, "`;` is missing", "statement"), ("@(" + "(" * 60 + "1" + ")" * 60 + ")", 1, None, "nested too deep", "steps"), ("@(" + "1+" * 200 + "1)", 1, 1, "joins too much", "steps"),
    ("@(" + "!" * 100 + "true)", 1, None, "nested too deep", ""), ("@(" + "a?.b" * 200 + ")", 1, 1, "joins too much", "steps"), ("@(" + "1" * 40000 + ")", 1, 1, "longer than", "steps"),
]
# fmt: on


@pytest.mark.parametrize(("text", "line", "column", "what", "instead"), REFUSED, ids=lambda value: str(value)[:60])
def test_it_is_refused_where_it_stands(text, line, column, what, instead):
    fault = faults(text)[0]
    assert fault.place == Place(line, column or fault.place.column)
    assert any(word in fault.what for word in what.split("|"))
    assert instead in fault.instead


@pytest.mark.parametrize("name", refused.NAMES)
def test_each_refused_name_is_refused_by_name(name):
    assert f"`{name}`" in faults(f"@({name}.Parse(1))")[0].what


@pytest.mark.parametrize("name", refused.MEMBERS)
def test_each_refused_member_is_refused_by_name(name):
    assert f"`{name}`" in faults(f"@(context.Request.{name}(1))")[0].what


@pytest.mark.parametrize("name", refused.STATEMENTS)
def test_each_refused_statement_is_refused_by_name(name):
    assert f"`{name}`" in faults(f"@{{ {name} (true) {{ }} return 1; }}")[0].what


def test_all_faults_of_an_expression_are_told():
    told = faults('@(context.Foo == "a" && context.Bar.Length > 0 && 1)')
    assert [fault.place.column for fault in told] == [11, 33]


@pytest.mark.parametrize("lines", range(4))
def test_a_fault_moves_with_its_line(lines):
    fault = faults("@(" + "\n" * lines + "  context.Foo)")[0]
    assert fault.place == Place(1 + lines, 13 if lines == 0 else 11)


def test_a_secret_in_an_expression_is_in_no_fault():
    pieces = (
        Piece("@(", Place(1, 1)),
        Piece("hunter2", Place(1, 3), "{{key}}", is_secret=True),
        Piece(" == 1)", Place(1, 10)),
    )
    told = parse_expression(Text.of(pieces, Place(1, 1)))
    assert isinstance(told, tuple)
    assert told
    assert not any("hunter2" in str(fault) for fault in told)


@pytest.mark.parametrize(
    "written", ['@(context.Request.Method = "GET")', '@((context.Request.Method = "GET") && true)']
)
def test_one_sign_of_equality_is_told_as_one(written: str) -> None:
    found = parse_expression(Text.plain(written))
    assert isinstance(found, tuple)
    assert [one.instead for one in found] == ["compare with `==`."]

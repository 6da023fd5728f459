"""The requests of the suite: every variant's good ones in many forms, and every way to spoil one."""

import hmac
import json
import warnings
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import product

from attrs import frozen
from joserfc import jwt

from entrada.core.jose import base64url
from tests.gateway.differential.variants import CLIENT, OTHER_ISSUER, OWN, SUBSCRIPTIONS, TENANT, VARIANTS
from tests.gateway.trial import ALL_ALGORITHMS, ISSUER, KEYS, SECRET

Lines = tuple[tuple[str, str], ...]


@frozen
class Row:
    variant: str
    method: str
    target: str
    headers: Lines
    body: str = ""
    what: str = ""

    @property
    def written(self) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        length = f"content-length: {len(self.body)}\r\n" if self.body else ""
        return f"{self.method} {self.target} HTTP/1.1\r\n{lines}{length}\r\n{self.body}".encode(
            "utf-8", "surrogateescape"
        )


def rows(now: int) -> Iterator[Row]:
    for name, one in VARIANTS.items():
        base = {"root": "/deep/er", "versioned": "/deep/v1"}.get(name, f"/{name}")
        match one.kind:
            case "jwt":
                yield from _with_tokens(name, base, now, "Authorization")
            case "header":
                yield from _with_tokens(name, base, now, "X-Token")
            case "query":
                yield from _in_query(name, base, now)
            case _:
                yield from _plain(name, base)
    yield from _keys()
    yield from _elsewhere()


# ---- without tokens ------------------------------------------------------------------------------------------------

HOST: Lines = (("Host", "localhost:8444"),)
# fmt: off
TARGETS = [  # method, what stands behind the API's path
    ("GET", ""), ("GET", "/"), ("POST", ""), ("GET", "/one"), ("GET", "/a%20b"), ("GET", "/caf%C3%A9"), ("GET", "?a=1&b=2&a=3"),
    ("GET", "/one?x=%2F%20+y&empty=&&z"), ("GET", "/exact/one"), ("GET", "/exact/one?q"), ("GET", "/files/"), ("GET", "/files/a/b/c.txt"),
    ("GET", "/files/a/b/"), ("GET", "/parts/x-y/end"), ("GET", "/a;b=c"), ("GET", "/a..b"), ("GET", "/~a!$&'()*+,=:@"), ("HEAD", ""), ("PUT", ""),
    ("OPTIONS", ""), ("GET", "/two/parts"), ("GET", "//"), ("GET", "//one"), ("GET", "/one/"), ("GET", "/%2e%2e/x"), ("GET", "/../x"),
    ("GET", "/..;/x"), ("GET", "/.;/x"), ("GET", "/a%2fb"), ("GET", "/a%5cb"), ("GET", "/a\\b"), ("GET", "/%00"), ("GET", "/.hidden"), ("GET", "/..%2f"),
    ("GET", "/%252e"), ("GET", "/files/../one"), ("GET", "/files/%2e/one"), ("GET", "/asked?kind=x"), ("GET", "/asked"), ("GET", "?"), ("GET", "/a%zz"),
    ("GET", "?subscription-key=x"), ("GET", "?Subscription-Key=x"), ("GET", "?subscription%2Dkey=x"), ("GET", "/files//a"),
    ("GET", "/exac%74/one"), ("GET", "/exact%2fone"), ("GET", "/exact//one"), ("GET", "/caf%c3%a9"), ("GET", "/one%3Ax"), ("GET", "/parts/x%2Dy/end"),
    ("GET", "/parts/a-b-c/end"), ("GET", "/parts/-b/end"), ("GET", "/files/a%2Fb"), ("GET", "/files/a/b//"), ("GET", "/files/%61/b"), ("GET", "/%%32f"),
]
LINES: list[Lines] = [
    (), (("X-One", "1"),), (("X-One", "One"),), (("X-Two", "2"), ("X-Three", "3")), (("X-One", "a"), ("x-one", "b")), (("X-Edge", "One"),),
    (("X-Edge", "one"), ("X-One", "1")), (("X-Edge", "two, three"),), (("X-Edge", "two"), ("X-Edge", " three")), (("X-Edge", ""),), (("X-Edge", "é"),),
    (("Origin", "https://a.example"), ("X-Edge", "One")), (("Origin", "HTTPS://A.example"), ("X-Edge", "One")), (("Origin", "http://b.example:8080"),),
    (("Origin", "https://evil.example"), ("X-Edge", "One")), (("Origin", "null"),), (("Origin", "https://a.example"), ("X-One", "1"), ("X-Edge", "One")),
    (("Cookie", "a=b; entrada-session=secret"),), (("Cookie", "a=b"), ("X-Edge", "One")), (("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=192.0.2.9")),
    (("X-Envoy-Retry-On", "5xx"), ("x-envoy-upstream-rq-timeout-ms", "1"), ("X-Entrada-Client-Address", "192.0.2.9"), ("X-Real-IP", "192.0.2.9")),
    (("Connection", "keep-alive, X-One"), ("X-One", "1"), ("TE", "trailers"), ("Proxy-Authorization", "Basic eA==")), (("User-Agent", "tester"), ("Accept", "*/*"), ("X-Request-Id", "mine")),
    (("Ocp-Apim-Subscription-Key", "wrong"),),
]
PREFLIGHTS: list[Lines] = [
    (("Origin", origin), ("Access-Control-Request-Method", method), *headers)
    for origin, method, headers in product(
        ("https://a.example", "https://evil.example"), ("GET", "DELETE", "PATCH"), ((), (("Access-Control-Request-Headers", "x-one"),)),
    )
]
# fmt: on


def _plain(name: str, base: str) -> Iterator[Row]:
    edge: Lines = (("X-Edge", "One"),) if name.startswith(("check", "cors-late")) else ()
    many = name in ("plain", "root", "versioned", "headers")
    for method, rest in TARGETS if many else TARGETS[:17]:
        body = "a body" if method in ("POST", "PUT") else ""
        yield Row(name, method, f"{base}{rest}", (*HOST, *edge), body)
    for lines in LINES:
        for method, rest in (("GET", ""), ("POST", "?a=1")):
            yield Row(name, method, f"{base}{rest}", (*HOST, *lines), "body" if method == "POST" else "")
    for lines in PREFLIGHTS[:: 1 if name.startswith("cors") else 6]:
        yield Row(name, "OPTIONS", f"{base}/one", (*HOST, *lines))


def _elsewhere() -> Iterator[Row]:
    for target in (
        "/",
        "/nothing",
        "/plainer",
        "/PLAIN",
        "/deep",
        "/deep/v2/one",
        "/plain/../hs",
        "//plain",
        "/plain%2fone",
        "/%70lain",
    ):
        yield Row("plain", "GET", target, HOST)
    for host in ("evil.example", "LOCALHOST:8444", "[::1]:8444", "localhost:99999", "local_host", "a,b"):
        yield Row("plain", "GET", "/plain", (("Host", host),))


def _keys() -> Iterator[Row]:
    keys = [key for one in SUBSCRIPTIONS for key in (one.primary_key, one.secondary_key)]
    for name, key, rest in product(
        ("keyed", "product", "plain"), (*keys, "wrong", "", f"{keys[0]}x"), ("", "/one?a=1")
    ):
        yield Row(name, "GET", f"/{name}{rest}", (*HOST, ("Ocp-Apim-Subscription-Key", key)))
        yield Row(name, "GET", f"/{name}{rest}{'&' if '?' in rest else '?'}subscription-key={key}", HOST)
    for name in ("keyed", "product"):
        twice = (("ocp-apim-subscription-key", keys[0]), ("ocp-apim-subscription-key", keys[0]))
        yield Row(name, "GET", f"/{name}", (*HOST, *twice))
        yield Row(name, "GET", f"/{name}?subscription-key=other", (*HOST, ("Ocp-Apim-Subscription-Key", keys[0])))


# ---- tokens --------------------------------------------------------------------------------------------------------


@cache
def _signed(said: str, header: str, key: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # EdDSA under its old name, which issuers write
        return jwt.encode(json.loads(header), json.loads(said), KEYS[key], algorithms=ALL_ALGORITHMS)


def made(now: int, claims: dict[str, object] | None = None, key: str = "oct", **header: object) -> str:
    said = {"iss": ISSUER, "aud": "colors", "sub": "ben", "name": "Ben", "exp": now + 3600, **(claims or {})}
    algorithm = {"oct": "HS256", "p256": "ES256", "ed": "EdDSA"}.get(key, "RS256")
    kept = {name: value for name, value in said.items() if value is not None}
    return _signed(json.dumps(kept), json.dumps({"alg": algorithm, **header}), key)


def raw(payload: str, header: str = '{"alg":"HS256"}', key: bytes = SECRET) -> str:
    """Signed as it stands, well-formed or not."""
    signed = f"{base64url.encode(header.encode())}.{base64url.encode(payload.encode())}"
    return f"{signed}.{base64url.encode(hmac.digest(key, signed.encode(), sha256().name))}"


def good_claims(now: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Good somewhere; elsewhere the claim is what is wrong."""
    found: list[tuple[str, dict[str, object]]] = [
        ("minimal", {}),
        ("scp a", {"scp": "a"}),
        ("scp b", {"scp": "b"}),
        ("scp two", {"scp": "b a"}),
        ("scp commas", {"scp": "x,a"}),
        ("scp part", {"scp": "ab ba"}),
        ("scp list", {"scp": ["a", "c,d"]}),
        ("scp empty", {"scp": ""}),
        ("scp blank", {"scp": " "}),
        ("scp null list", {"scp": [None]}),
        ("scp upper", {"scp": "A"}),
        ("roles", {"roles": ["a", "b"], "scp": "a"}),
        ("roles one", {"roles": ["a"]}),
        ("roles text", {"roles": "a"}),
        ("roles empty", {"roles": []}),
        ("admin", {"admin": True}),
        ("admin text", {"admin": "true"}),
        ("admin no", {"admin": False}),
        ("level", {"level": 5}),
        ("level fraction", {"level": 5.0}),
        ("level text", {"level": "5"}),
        ("painters", {"group": ["painters", "x"]}),
        ("group text", {"group": "others"}),
        ("object", {"scp": {"a": 1}, "roles": {"a": "b"}}),
        ("name odd", {"name": "Bén\\u0000"}),
        ("name spaced", {"name": " x "}),
        ("name list", {"name": ["a", "b"]}),
        ("name number", {"name": 7}),
        ("nameless", {"name": None}),
        ("aud list", {"aud": ["x", "colors"]}),
        ("aud api", {"aud": "api://colors"}),
        ("aud slash", {"aud": "colors/"}),
        ("aud https", {"aud": "https://colors"}),
        ("aud none", {"aud": None}),
        ("aud number", {"aud": 5}),
        ("aud other", {"aud": "other"}),
        ("iss other", {"iss": OTHER_ISSUER}),
        ("iss none", {"iss": None}),
        ("iss number", {"iss": 5}),
        ("iss slash", {"iss": f"{ISSUER}/"}),
        ("iss upper", {"iss": ISSUER.upper()}),
        ("tenant", {"tid": "11111111-1111-1111-1111-111111111111"}),
        ("tenant other", {"tid": "2"}),
        ("expired", {"exp": now - 60}),
        ("expired long ago", {"exp": now - 6000}),
        ("exp text", {"exp": str(now + 600)}),
        ("exp true", {"exp": True}),
        ("exp none", {"exp": None}),
        ("exp zero", {"exp": 0}),
        ("exp small", {"exp": 0.5}),
        ("exp negative", {"exp": -1}),
        ("exp fraction", {"exp": now + 600.5}),
        ("exp huge", {"exp": 10**18}),
        ("nbf past", {"nbf": now - 60}),
        ("nbf soon", {"nbf": now + 60}),
        ("nbf later", {"nbf": now + 6000}),
        ("nbf text", {"nbf": "now"}),
        ("iat text", {"iat": "now"}),
        ("many", {f"claim{number}": number for number in range(60)}),
    ]
    yield from found


def spoiled(now: int) -> Iterator[tuple[str, str]]:
    good = made(now, {"scp": "a"})
    header, payload, signature = good.split(".")
    none, titled = base64url.encode(b'{"alg":"none"}'), base64url.encode(b'{"alg":"None"}')
    public = KEYS["rsa"].as_pem(private=False)
    said = json.dumps({"iss": ISSUER, "aud": "colors", "exp": now + 3600, "scp": "a"})
    last = signature[-1]
    yield from [
        ("another key", _signed(said, '{"alg":"HS256"}', "oct")[:-6] + "AAAAAA"),
        ("none", f"{none}.{payload}."),
        ("none, signed", f"{none}.{payload}.{signature}"),
        ("None", f"{titled}.{payload}."),
        ("public key as secret", raw(said, '{"alg":"HS256"}', public)),
        ("HS384", _signed(said, '{"alg":"HS384"}', "oct")),
        ("crit", raw(said, '{"alg":"HS256","crit":["exp"]}')),
        ("crit null", raw(said, '{"alg":"HS256","crit":null}')),
        ("crit empty", raw(said, '{"alg":"HS256","crit":[]}')),
        ("kid unknown", raw(said, '{"alg":"HS256","kid":"nobody"}')),
        ("kid path", raw(said, '{"alg":"HS256","kid":"../../etc/passwd"}')),
        ("kid number", raw(said, '{"alg":"HS256","kid":1}')),
        ("kid empty", raw(said, '{"alg":"HS256","kid":""}')),
        ("kid one", raw(said, '{"alg":"HS256","kid":"one"}')),
        ("jwk within", raw(said, '{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"jku":"https://evil.example"}')),
        ("alg list", raw(said, '{"alg":["HS256"]}')),
        ("alg lower", raw(said, '{"alg":"hs256"}')),
        ("alg missing", raw(said, "{}")),
        ("claims twice", raw('{"scp":"a",' + said[1:])),
        ("header twice", raw(said, '{"alg":"none","alg":"HS256"}')),
        ("not an object", raw("[1]")),
        ("not JSON", raw("{")),
        ("not finite", raw('{"x":1e999,' + said[1:])),
        ("nan", raw('{"x":NaN,' + said[1:])),
        ("half a pair", raw('{"x":"\\ud800",' + said[1:])),
        ("payload changed", f"{header}.{base64url.encode(said.replace('colors', 'color').encode())}.{signature}"),
        ("signature empty", f"{header}.{payload}."),
        ("two parts", f"{header}.{payload}"),
        ("four parts", f"{good}.x"),
        ("five parts", f"{good}.x.y"),
        ("padded", f"{good}="),
        ("another spelling", good[:-1] + chr(ord(last) + 1) if last in "AEIMQUYcgkosw048" else good[:-1] + "B"),
        ("other alphabet", good.replace("_", "/").replace("-", "+") + "/"),
        ("words behind", f"{good} more"),
        ("comma behind", f"{good},more"),
        ("garbage", "garbage"),
        ("dots", ".."),
        ("empty", ""),
        ("unicode", "tökén"),
        ("long", raw(json.dumps({**json.loads(said), "x": "y" * 13_000}))),
        ("rather long", raw(json.dumps({**json.loads(said), "x": "y" * 9_000}))),
        ("longest", raw(json.dumps({**json.loads(said), "x": "y" * 40_000}))),
    ]


def by_keys(now: int) -> Iterator[tuple[str, str]]:
    for key, issuer in product(("rsa", "rsa2", "p256", "ed", "oct"), (ISSUER, OTHER_ISSUER, "https://sts.example/")):
        for kid in (key, None, "unknown"):
            header = {} if kid is None else {"kid": kid}
            yield f"{key} of {issuer} as {kid}", made(now, {"iss": issuer}, key, **header)
    for more in (
        {"azp": CLIENT},
        {"appid": CLIENT},
        {"azp": "other", "appid": CLIENT},
        {},
        {"aud": "other", "azp": CLIENT},
    ):
        for issuer in (f"{OWN}/v2.0", f"https://sts.example/{TENANT}/", ISSUER):
            yield f"azure {issuer} {more}", made(now, {"iss": issuer, **more}, "rsa", kid="rsa")


def tokens(name: str, now: int) -> Iterator[tuple[str, str]]:
    asymmetric = name.startswith(("config", "azure", "numbers", "pem"))
    key = {"pem": "rsa2"}.get(name, "rsa") if asymmetric else "oct"
    header = {"kid": key} if name.startswith(("config", "azure")) else {}
    issuer = {"iss": f"{OWN}/v2.0"} if name.startswith("azure") else {}
    for what, claims in good_claims(now):
        yield what, made(now, {**issuer, **claims}, key, **header)
    yield from spoiled(now)
    if name in ("config-two", "config-issuers", "azure", "azure-client"):
        yield from by_keys(now)


def _with_tokens(name: str, base: str, now: int, header: str) -> Iterator[Row]:
    scheme = "" if header != "Authorization" else "DPoP " if name == "hs-dpop" else "Bearer "
    for what, token in tokens(name, now):
        line = (header, f"{scheme}{token}")
        yield Row(name, "GET", base, (*HOST, line), what=what)
        if what in _SEVERAL:
            for method, rest in (
                ("POST", "?a=1"),
                ("GET", "/one?b=2"),
                ("GET", "/files/a/b"),
                ("GET", "/exact/one"),
                ("GET", "//"),
                ("GET", "/../x"),
            ):
                yield Row(name, method, f"{base}{rest}", (*HOST, line), "body" if method == "POST" else "", what=what)
            for more in (
                (("Origin", "https://a.example"),),
                (("Origin", "https://evil.example"),),
                (("Cookie", "entrada-x=1"),),
                (line,),
            ):
                yield Row(name, "GET", base, (*HOST, line, *more), what=what)
    good = made(now, {"scp": "a"})
    for value in (
        f"bearer {good}",
        f"BEARER {good}",
        f"bEaReR {good}",
        good,
        f"Bearer  {good}",
        f" Bearer {good} ",
        f"Bearer\t{good}",
        f"Basic {good}",
        "Bearer",
        f"Bearer Bearer {good}",
        f"dpop {good}",
    ):
        yield Row(name, "GET", base, (*HOST, (header, value)), what=f"as {value[:8]!r}")
    without: list[Lines] = [
        (),
        (("Origin", "https://a.example"),),
        (("Origin", "https://evil.example"),),
        (("X-Other", "1"),),
    ]
    for lines in without:
        for method, rest in (("GET", ""), ("POST", ""), ("GET", "/one?a=1"), ("GET", "?access_token=" + good)):
            yield Row(name, method, f"{base}{rest}", (*HOST, *lines), what="no token")
    for lines in PREFLIGHTS[:2]:
        yield Row(name, "OPTIONS", base, (*HOST, *lines), what="preflight")


_SEVERAL = ("minimal", "scp a", "roles", "tenant", "expired")


def _in_query(name: str, base: str, now: int) -> Iterator[Row]:
    for what, token in tokens(name, now):
        if token.isascii() and " " not in token:
            yield Row(name, "GET", f"{base}?access={token}", HOST, what=what)
    good = made(now)
    for query in (
        f"a=1&access={good}",
        f"access={good}&a=1",
        f"access={good}&access={good}",
        f"Access={good}",
        f"acc%65ss={good}",
        f"access={good}&",
        f"access=%65{good[1:]}",
        f"access={good}&acc%65ss=x",
        "a=1",
        "",
    ):
        yield Row(name, "GET", f"{base}/one?{query}", HOST, what="query")
    yield Row(name, "GET", f"{base}/one", HOST, what="none")
    yield Row(name, "POST", f"{base}?access={good}", HOST, "body", what="posted")

"""What is sent to a gateway that a gateway must not be fooled by, byte by byte: issue 6, point 6.

For both executions: `PUBLIC` API at /open (no policy), `PROTECTED` at /colors (validate-jwt for `AUDIENCE`, one required
claim, skew 5 s).  Each row says which statuses are right; a connection that is closed without an answer is right too,
where the row allows it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen
from joserfc import jwt
from joserfc.jwk import RSAKey

AUDIENCE = "colors"
SKEW = 5
CLOSED = 0  # instead of a status


@frozen
class Issuer:
    """Who signs: *issuer* is what the discovery document says, *key* one of the published keys."""

    issuer: str
    key: RSAKey
    now: int
    stranger: RSAKey = field(factory=lambda: RSAKey.generate_key(2048, {"kid": "stranger"}))

    def claims(self, **changed: object) -> dict[str, object]:
        claims = {"iss": self.issuer, "aud": AUDIENCE, "sub": "ben", "scp": "Colors.Read", "exp": self.now + 600}
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def token(self, header: Mapping[str, object] | None = None, key: Any = None, **changed: object) -> str:
        said = {"alg": "RS256", "kid": self.key.kid, **(header or {})}
        return jwt.encode(said, self.claims(**changed), key or self.key, algorithms=["RS256", "HS256", "ES256"])


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(issuer: Issuer, header: Mapping[str, object], signature: bytes = b"x" * 256) -> str:
    """In form a token; the signature is nobody's."""
    return f"{_part(header)}.{_part(issuer.claims())}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def confused(issuer: Issuer) -> str:
    """Signed by HMAC with the public key as its secret: whoever takes the algorithm from the token lets it in."""
    said = f"{_part({'alg': 'HS256', 'kid': issuer.key.kid})}.{_part(issuer.claims())}"
    secret = issuer.key.as_pem(private=False)
    signature = hmac.digest(secret, said.encode(), hashlib.sha256)
    return f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


Made = Callable[[Issuer], bytes]


@frozen
class Row:
    name: str
    made: Made
    right: frozenset[int]  # statuses


def get(path: str = "/open/x", *lines: str, method: str = "GET", body: bytes = b"") -> bytes:
    head = "\r\n".join((f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""))
    return head.encode("latin-1") + body


def bearer(token: str, *lines: str) -> bytes:
    return get("/colors/x", f"Authorization: Bearer {token}", *lines)


def _row(name: str, made: Made | bytes, *right: int) -> Row:
    return Row(name, made if callable(made) else (lambda _: made), frozenset(right))


REFUSED = (400, CLOSED)
UNAUTHORIZED = (401,)

GOOD = (
    _row("a plain request", get(), 200),
    _row("a body of known length", get("/open/x", "Content-Length: 5", method="POST", body=b"hello"), 200),
    _row("a body in chunks", get("/open/x", "Transfer-Encoding: chunked", method="POST", body=b"5\r\nhello\r\n0\r\n\r\n"), 200),
    _row("a good token", lambda one: bearer(one.token()), 200),
    _row("expired within the skew", lambda one: bearer(one.token(exp=one.now - SKEW + 1)), 200),
    _row("valid in a moment, within the skew", lambda one: bearer(one.token(nbf=one.now + SKEW - 1)), 200),
    _row("garbage in cookies", get("/open/x", 'Cookie: ;;;="\\; a=b; =; \x80\xff'), 200, 400),
    _row("a query with anything in it", get("/open/x?a=%00&b=%ff&&&=&c"), 200),
    _row("an offer of HTTP/2", get("/open/x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"), 200, 400, 403),
)  # fmt: skip

FRAMING = (
    _row("two lengths", get("/open/x", "Content-Length: 5", "Content-Length: 6", method="POST", body=b"hello!"), *REFUSED),
    _row("the same length twice", get("/open/x", "Content-Length: 5", "Content-Length: 5", method="POST", body=b"hello"), 200, *REFUSED),
    _row("a length and chunks", get("/open/x", "Content-Length: 4", "Transfer-Encoding: chunked", method="POST", body=b"0\r\n\r\nGET /colors HTTP/1.1\r\n\r\n"), *REFUSED),
    _row("chunks under another name", get("/open/x", "Transfer-Encoding: xchunked", method="POST", body=b"0\r\n\r\n"), 501, *REFUSED),
    _row("chunks, then something else", get("/open/x", "Transfer-Encoding: chunked, identity", method="POST", body=b"0\r\n\r\n"), 501, *REFUSED),
    _row("compressed chunks", get("/open/x", "Transfer-Encoding: gzip, chunked", method="POST", body=b"0\r\n\r\n"), 501, *REFUSED),
    _row("a space before the colon", get("/open/x", "Transfer-Encoding : chunked", method="POST", body=b"0\r\n\r\n"), *REFUSED),
    _row("a folded line", get("/open/x", "X-A: b", " Transfer-Encoding: chunked"), 200, *REFUSED),
    _row("a negative length", get("/open/x", "Content-Length: -1", method="POST"), *REFUSED),
    _row("a length with a sign", get("/open/x", "Content-Length: +5", method="POST", body=b"hello"), *REFUSED),
    _row("a length in words", get("/open/x", "Content-Length: five", method="POST"), *REFUSED),
    _row("a chunk of no size", get("/open/x", "Transfer-Encoding: chunked", method="POST", body=b"zz\r\nhello\r\n0\r\n\r\n"), *REFUSED),
    _row("lines that end with LF", b"GET /open/x HTTP/1.1\nHost: localhost\n\n", 200, *REFUSED),
    _row("a CR within a line", get("/open/x", "X-A: b\rX-C: d"), 200, *REFUSED),  # Envoy takes the CR out
    _row("a NUL within a line", get("/open/x", "X-A: b\0c"), *REFUSED),
    _row("no Host", b"GET /open/x HTTP/1.1\r\n\r\n", *REFUSED),
    _row("two Hosts", get("/open/x", "Host: elsewhere"), 421, *REFUSED),
    _row("a Host that is none", b"GET /open/x HTTP/1.1\r\nHost: a b/c\r\n\r\n", 421, *REFUSED),
    _row("HTTP/1.0", b"GET /open/x HTTP/1.0\r\nHost: localhost\r\n\r\n", 426, *REFUSED),
    _row("HTTP/0.9", b"GET /open/x\r\n\r\n", 426, *REFUSED),
    _row("HTTP/3.7", b"GET /open/x HTTP/3.7\r\nHost: localhost\r\n\r\n", 426, 505, *REFUSED),
    _row("a name with an underscore", get("/open/x", "X_Forwarded_For: 203.0.113.9"), *REFUSED),
    _row("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n", *REFUSED),
    _row("an expectation of ours", get("/open/x", "Expect: 200-maybe", "Content-Length: 0", method="POST"), 200, 417, *REFUSED),
    _row("a WebSocket", get("/open/x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"), 403, 426, *REFUSED),
    _row("64 kB of headers", get("/open/x", "X-Large: " + "a" * 65_536), 431, *REFUSED),
    _row("61 kB of headers in lines", get("/open/x", *(f"X-{n}: {'a' * 1000}" for n in range(61))), 431, *REFUSED),
    _row("300 headers", get("/open/x", *(f"X-{n}: a" for n in range(300))), 431, *REFUSED),
    _row("a URL of 70 kB", get("/open/" + "a" * 70_000), 414, 431, *REFUSED),
    _row("a method that is none", get("/open/x", method="GE\x01T"), *REFUSED),
    _row("a method that nobody knows", get("/open/x", method="BREW"), 404, 405, *REFUSED),
    _row("a tunnel", b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n", 403, 404, 405, 421, *REFUSED),
)  # fmt: skip

PATHS = (
    _row("no token, behind a doubled slash", get("//colors/x"), 400),
    _row("no token, behind a doubled slash within", get("/colors//x"), 400),
    _row("no token, behind an escaped slash", get("/colors%2fx"), 400),
    _row("no token, behind an escaped letter", get("/%63olors/x"), 401),
    _row("an escaped slash, where everything is open", get("/open/1%2fsecret"), 400),
    _row("a doubled slash, where everything is open", get("/open//x"), 400),
    _row("a percent sign that escapes nothing", get("/open/%zz"), 400),
    _row("an escape that another one completes", get("/open/1%%32fsecret"), 400),
    _row("an escaped letter, where everything is open", get("/open/%61dmin"), 200),
    _row("up from the open API", get("/open/../colors/x"), 401, 404, *REFUSED),
    _row("up, escaped", get("/open/%2e%2e/colors/x"), 401, 404, *REFUSED),
    _row("up, twice escaped", get("/open/%252e%252e/colors/x"), 200, 401, 404, *REFUSED),
    _row("up, with a parameter", get("/open/..;/colors/x"), 401, 404, *REFUSED),
    _row("up, by backslashes", get("/open/..\\colors/x"), 401, 404, *REFUSED),
    _row("up, by an escaped slash", get("/open/..%2fcolors/x"), 401, 404, *REFUSED),
    _row("up, by an escaped backslash", get("/open/..%5ccolors/x"), 401, 404, *REFUSED),
    _row("a NUL", get("/open/x%00/../colors"), *REFUSED),
    _row("a dot", get("/open/./x"), 200, 404, *REFUSED),
    _row("a raw byte", get("/open/\xff"), 200, 404, *REFUSED),
    _row("a space", get("/open/a b"), *REFUSED),
    _row("an absolute URL of the protected API", get("http://localhost/colors/x"), 401, 404, 421, *REFUSED),
    _row("an absolute URL of elsewhere", get("http://elsewhere.example/open/x"), 200, 421, 400),  # Envoy takes it for the Host
    _row("an absolute URL of here", get("http://LOCALHOST/open/x"), 200),
    _row("a fragment", get("/colors/x#/open"), 401, 404, *REFUSED),
    _row("an asterisk", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, 405, *REFUSED),
    _row("the protected API in capitals", get("/COLORS/x"), 401, 404, *REFUSED),
    _row("another method named in a header", get("/colors/x", "X-HTTP-Method-Override: OPTIONS"), 401),
    _row("another path named in a header", get("/colors/x", "X-Original-URL: /open/x", "X-Rewrite-URL: /open/x"), 401),
)  # fmt: skip

TOKENS = (
    _row("no token", get("/colors/x"), *UNAUTHORIZED),
    _row("a spoiled signature", lambda one: bearer(one.token()[:-8] + "AAAAAAAA"), *UNAUTHORIZED),
    _row("a spoiled payload", lambda one: bearer(".".join((one.token().split(".")[0], _part(one.claims(sub="eve")), one.token().split(".")[2]))), *UNAUTHORIZED),
    _row("two good tokens", lambda one: bearer(one.token(), f"Authorization: Bearer {one.token(sub='eve')}"), 400, 401, CLOSED),
    _row("a good token, then garbage", lambda one: bearer(one.token(), "Authorization: Basic YTpi"), 400, 401, CLOSED),
    _row("two tokens in one line", lambda one: bearer(f"{one.token()}, Bearer {one.token()}"), *UNAUTHORIZED),
    _row("a token that the connection takes away", lambda one: bearer(one.token(), "Connection: close, authorization"), 200, 400, 401),
    _row("alg none", lambda one: bearer(f"{_part({'alg': 'none'})}.{_part(one.claims())}."), *UNAUTHORIZED),
    _row("alg nOnE", lambda one: bearer(forged(one, {"alg": "nOnE", "kid": one.key.kid})), *UNAUTHORIZED),
    _row("no alg", lambda one: bearer(forged(one, {"kid": one.key.kid})), *UNAUTHORIZED),
    _row("alg is a list", lambda one: bearer(forged(one, {"alg": ["RS256"], "kid": one.key.kid})), *UNAUTHORIZED),
    _row("the public key as a secret", lambda one: bearer(confused(one)), *UNAUTHORIZED),
    _row("a key in the token", lambda one: bearer(one.token({"kid": "x", "jwk": one.stranger.as_dict(private=False)}, one.stranger)), *UNAUTHORIZED),
    _row("keys from elsewhere", lambda one: bearer(forged(one, {"alg": "RS256", "jku": "http://127.0.0.1:1/keys", "kid": "x"})), *UNAUTHORIZED),
    _row("a certificate from elsewhere", lambda one: bearer(forged(one, {"alg": "RS256", "x5u": "http://127.0.0.1:1/c", "kid": "x"})), *UNAUTHORIZED),
    _row("a stranger's key under a known id", lambda one: bearer(one.token({"kid": one.key.kid}, one.stranger)), *UNAUTHORIZED),
    _row("a stranger's key under its own id", lambda one: bearer(one.token({"kid": "stranger"}, one.stranger)), *UNAUTHORIZED),
    _row("a key id that is a path", lambda one: bearer(forged(one, {"alg": "RS256", "kid": "../../../../dev/null"})), *UNAUTHORIZED),
    _row("a key id that is SQL", lambda one: bearer(forged(one, {"alg": "RS256", "kid": "' OR 1=1 --"})), *UNAUTHORIZED),
    _row("a key id of 10 kB", lambda one: bearer(forged(one, {"alg": "RS256", "kid": "k" * 10_000})), *UNAUTHORIZED),
    _row("a key id that is a number", lambda one: bearer(forged(one, {"alg": "RS256", "kid": 7})), *UNAUTHORIZED),
    _row("an extension that nobody knows", lambda one: bearer(forged(one, {"alg": "RS256", "kid": one.key.kid, "crit": ["exp"], "exp": 1})), *UNAUTHORIZED),
    _row("an empty list of extensions", lambda one: bearer(forged(one, {"alg": "RS256", "kid": one.key.kid, "crit": []})), *UNAUTHORIZED),
    _row("a foreign issuer with our audience", lambda one: bearer(one.token(iss="https://foreign.example/v2.0")), *UNAUTHORIZED),
    _row("a foreign issuer with its own key", lambda one: bearer(one.token({"kid": "stranger"}, one.stranger, iss="https://foreign.example/v2.0")), *UNAUTHORIZED),
    _row("no issuer", lambda one: bearer(one.token(iss=None)), *UNAUTHORIZED),
    _row("another audience", lambda one: bearer(one.token(aud="petals")), *UNAUTHORIZED),
    _row("no audience", lambda one: bearer(one.token(aud=None)), *UNAUTHORIZED),
    _row("a claim less", lambda one: bearer(one.token(scp="Colors.Write")), *UNAUTHORIZED),
    _row("a part of the claim", lambda one: bearer(one.token(scp="Colors.ReadAll")), *UNAUTHORIZED),
    _row("expired beyond the skew", lambda one: bearer(one.token(exp=one.now - SKEW - 2)), *UNAUTHORIZED),
    _row("not valid until beyond the skew", lambda one: bearer(one.token(nbf=one.now + SKEW + 30)), *UNAUTHORIZED),
    _row("no expiry", lambda one: bearer(one.token(exp=None)), *UNAUTHORIZED),
    _row("an expiry in words", lambda one: bearer(one.token(exp="tomorrow")), *UNAUTHORIZED),
    _row("an expiry beyond numbers", lambda one: bearer(forged(one, {"alg": "RS256", "kid": one.key.kid}).replace(_part(one.claims()), base64.urlsafe_b64encode(b'{"exp": 1e999}').decode().rstrip("="))), *UNAUTHORIZED),
    _row("a token of 20 kB", lambda one: bearer(one.token(x="a" * 15_000)), 401, 431),
    _row("a token of 100 kB", bearer("a" * 100_000), 431, *REFUSED),
    _row("Bearer and nothing", get("/colors/x", "Authorization: Bearer "), *UNAUTHORIZED),
    _row("a token of dots", get("/colors/x", "Authorization: Bearer ..."), *UNAUTHORIZED),
    _row("a token of two parts", get("/colors/x", "Authorization: Bearer e30.e30"), *UNAUTHORIZED),
    _row("a token that is no ASCII", get("/colors/x", "Authorization: Bearer \xe9\xff.\x80.a"), 400, 401, CLOSED),
    _row("five parts", get("/colors/x", "Authorization: Bearer a.b.c.d.e"), *UNAUTHORIZED),
    _row("another scheme", lambda one: get("/colors/x", f"Authorization: Basic {one.token()}"), *UNAUTHORIZED),
    _row("the token in a cookie", lambda one: get("/colors/x", f"Cookie: Authorization=Bearer {one.token()}"), *UNAUTHORIZED),
    _row("the token in the query", lambda one: get(f"/colors/x?access_token={one.token()}"), *UNAUTHORIZED),
    _row("the token in another header", lambda one: get("/colors/x", f"X-Authorization: Bearer {one.token()}"), *UNAUTHORIZED),
    _row("the words of who stands in front of us", get("/colors/x", "X-Entrada-Client-Address: 127.0.0.1", "X-Entrada-Claims: {}"), *UNAUTHORIZED),
)  # fmt: skip

ALL = (*GOOD, *FRAMING, *PATHS, *TOKENS)

POLICY = """<policies><inbound><base/>
<validate-jwt header-name="Authorization" clock-skew="SKEW">
    <openid-config url="DOCUMENT"/>
    <audiences><audience>AUDIENCE</audience></audiences>
    <required-claims><claim name="scp" match="any" separator=" "><value>Colors.Read</value></claim></required-claims>
</validate-jwt></inbound><backend><base/></backend><outbound><base/></outbound><on-error><base/></on-error></policies>"""


def policy(document: str) -> str:
    """For the API at /colors."""
    return POLICY.replace("SKEW", str(SKEW)).replace("DOCUMENT", document).replace("AUDIENCE", AUDIENCE)

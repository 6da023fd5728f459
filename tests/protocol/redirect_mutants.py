"""Every way we know to make a redirect URI look like a registered one: at least 400 of each, none to be accepted."""

import re
from collections.abc import Iterator
from urllib.parse import quote

REGISTERED = (
    "https://app.example/auth/callback",
    "https://app.example",
    "https://app.example/",
    "https://app.example:8443/developer/signin-oauth/code/callback/colors",
    "https://app.example/cb?tenant=colors&mode=1",
    "http://localhost:5000/auth/callback",
    "http://localhost:5000/",
    "http://localhost",
    "https://localhost/cb",
    "http://127.0.0.1:5000/cb",
    "http://[::1]:5000/cb",
    "msalc0105000-0000-4000-8000-000000000c11://auth",
    "com.example.app:/oauth/callback",
    "urn:ietf:wg:oauth:2.0:oob",
)
_LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])")
# fmt: off
_INSERTED = ("\t", "\r", "\n", "\0", " ", "\\", "/", ".", "@", "#", "?", ";", "&", "%", "%00", "%09", "%0d%0a", "%20",
             "%2e", "%2f", "%5c", "%23", "%40", "%252e", "\u200b", "\u00ad", "é", "*")
_PORTS = ("", "0", "00", "05000", "+5000", "-1", " 5000", "5000 ", "65536", "99999", "100000", "5000x", "0x1388", "\uff15\uff10\uff10\uff10",
          "5000:5000", "5000@evil.example", "80@evil.example", "@evil.example", "5000.evil.example", "5000%40evil.example",
          "5000\\@evil.example", "5000#@evil.example", "5000;evil.example")
_HOST_SUFFIXES = (".", "..", ".evil.example", "-evil.example", "evil.example", "%2eevil.example", "%00.evil.example",
                  "\0.evil.example", "\\.evil.example", "#.evil.example", "?.evil.example", "@evil.example", "%40evil.example",
                  "。evil.example", "\uff0fevil.example", ";evil.example", "&evil.example", "%2fevil.example", "\t.evil.example")
_HOST_PREFIXES = ("evil.example/", "evil.example#", "evil.example?", "evil.example@", "evil.example\\", "user@", "user:pw@", ":@", "@",
                  "a.", "xn--", "evil-", ".", "%2e", "\t", " ", "//", "[", "evil.example%2f", "evil.example:80@", "evil.example#@")
_PATH_SUFFIXES = ("/", "//", "/.", "/..", "/../", "/..;/", "..;/", "/..;/evil", "/%2e%2e/", "/%2e%2e%2f", "/%252e%252e/", "\\..\\",
                  ";", ";a=b", ";jsessionid=1", "?", "?a=b", "?code=1", "&a=b", "#", "#a", "#code=1", "%23", "%3f", "%00", "\0",
                  "\t", "\r\n", "\r\nLocation: https://evil.example", " ", ".", "/x", "%20", "%2f", "%5c", "\\", ",https://evil.example",
                  " https://evil.example", "\u3000", "@evil.example", "/@evil.example", "*", "/*", "?redirect_uri=https://evil.example")
_SCHEMES = ("http", "https", "HTTP", "HTTPS", "Http", "hTTps", "httpss", "ftp", "javascript", "data", "file", "ws", "view-source",
            "view-source:http", "\thttps", " https", "https ", "ht\ttps", "jar:https", "blob:https")
_OTHER_LOOPBACKS = ("LOCALHOST", "Localhost", "localhost.", "localhost.localdomain", "127.1", "127.0.0.2", "127.0.1", "0.0.0.0", "0",
                    "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::1%25lo]",
                    "[::0001]", "::1", "[::1", "::1]", "①②⑦.0.0.1", "\uff4cocalhost", "localhost%00", "[localhost]")
# fmt: on


def mutants(uri: str) -> frozenset[str]:
    """Not *uri*, and never a loopback URI that differs in nothing but a valid port."""
    return frozenset((*_of_characters(uri), *_of_parts(uri))) - {uri}


def _of_characters(uri: str) -> Iterator[str]:
    port = _port_span(uri)
    for at, letter in enumerate(uri):
        before, after = uri[:at], uri[at + 1 :]
        if at not in port:
            yield before + after
            yield before + letter + letter + after
        yield before + letter.swapcase() + after
        yield f"{before}%{ord(letter):02x}{after}"
        yield f"{before}%{ord(letter):02X}{after}"
        yield f"{before}%25{ord(letter):02x}{after}"
        yield from (before + extra + letter + after for extra in _INSERTED)


def _port_span(uri: str) -> range:
    """Where a loopback port stands: leaving out one of its digits makes another port, which is no mutant."""
    found = re.search(r":(\d+)(?=/|$)", uri) if _LOOPBACK.match(uri) else None
    return range(*found.span(1)) if found else range(0)


def _of_parts(uri: str) -> Iterator[str]:
    yield from (
        uri.upper(),
        uri.title(),
        quote(uri, safe=""),
        quote(quote(uri)),
        uri[::-1],
        "",
        " ",
        "null",
        "*",
        "//evil.example",
    )
    yield from (uri + suffix for suffix in _PATH_SUFFIXES)
    yield from (
        prefix + uri for prefix in (" ", "\t", "\0", "\ufeff", "https://evil.example/", "https://evil.example/?", "//")
    )
    scheme, colon, rest = uri.partition(":")
    yield from (other + colon + rest for other in _SCHEMES)
    yield from (scheme.upper() + colon + rest, scheme + rest, colon + rest, rest, scheme + colon + "/" + rest)
    if rest.startswith("//"):
        yield from _of_the_authority(scheme, rest[2:])


def _of_the_authority(scheme: str, rest: str) -> Iterator[str]:
    authority, slash, path = rest.partition("/")
    host, _, port = authority.rpartition(":") if re.search(r":\d+$", authority) else (authority, "", "")
    tail, kept = slash + path, f":{port}" if port else ""
    start = f"{scheme}://"
    yield from (start + host + suffix + kept + tail for suffix in _HOST_SUFFIXES)
    yield from (start + authority + suffix + tail for suffix in _HOST_SUFFIXES if not suffix.isdigit())
    yield from (start + prefix + authority + tail for prefix in _HOST_PREFIXES)
    yield from (f"{start}{host}:{odd}{tail}" for odd in _PORTS)
    yield from (start + other + kept + tail for other in _OTHER_LOOPBACKS if other != host)
    yield from (
        start + other + tail for other in ("evil.example", "app.example.evil.example", "evil.example/app.example")
    )
    yield from (scheme + odd + rest for odd in (":/", ":", ":///", "://\\", ":\\\\", ":/\\", "://./", "%3a//"))
    yield from (start + host.upper() + kept + tail, start + host.title() + kept + tail)
    yield from (
        f"{start}{authority}/{dots}{tail}" for dots in ("./", "../", "%2e/", "..;/", ".%2e/", "x/..", ";/", "\\")
    )
    yield from (start + authority + "//" + path, start + authority + "\\" + path, start + authority + "/;/" + path)
    if not _LOOPBACK.match(start + host):
        yield from (f"{start}{host}:{other}{tail}" for other in ("80", "443", "8080", "1", "65535"))

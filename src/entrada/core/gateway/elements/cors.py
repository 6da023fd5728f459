"""`cors`: which origins' pages may call, and read the answers.  Gateway reference section 8; WHATWG Fetch.

The headers go on refusals as well: without them a page sees no 401, only "network error".
"""

from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from entrada.core.gateway import headers
from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Finish, Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, flag, item
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.passage import Passage

NAME: Final = "cors"
ANY: Final = "*"
LONGEST_AGE: Final = 24 * 60 * 60
_VARY: Final = ("Vary", "Origin")
_ALWAYS: Final = ("GET", "POST")  # and HEAD, which Fetch takes as simple


@frozen(kw_only=True)
class Cors:
    origins: tuple[str, ...]  # as browsers send them
    methods: tuple[str, ...]
    headers: tuple[str, ...]  # lower case
    exposed: tuple[str, ...]
    allows_credentials: Value[bool]
    terminates: Value[bool]
    max_age: Value[int]

    def perform(self, passage: Passage) -> Outcome:
        if passage.cors is not None:
            return None  # the first one in the effective policy has spoken
        origin = headers.joined(passage.original.headers, "Origin")
        passage.cors = self.headers_for(origin, passage)
        if origin is None or self._allows(origin):
            passage.note(f"the origin {origin}" if origin else "no origin", "goes on")
            return None
        return self._foreign(origin, passage)

    def _foreign(self, origin: str, passage: Passage) -> Outcome:
        if not self.terminates.of(passage) or passage.original.method not in ("GET", "HEAD"):
            passage.note(f"the origin {origin}, not allowed", "goes on without CORS headers: no page can read it")
            return None
        decided, would_pass = "answered with an empty 200, as Azure does", f"Add <origin>{origin}</origin>."
        passage.note(f"the origin {origin}, not allowed", decided, would_pass, refused=True)
        return Finish(Response(status=200, reason="OK", body=b""))

    def headers_for(self, origin: str | None, passage: Passage) -> Headers:
        """Of an answer that is no preflight's."""
        if origin is None or not self._allows(origin):
            return () if ANY in self.origins else (_VARY,)
        exposed = (("Access-Control-Expose-Headers", ", ".join(self.exposed)),) if self.exposed else ()
        return (*self._allowing(origin, passage), *exposed)

    def preflight(self, request: Request, passage: Passage) -> Response | None:
        """The answer; None where it does not match and another `cors` may be asked."""
        origin = headers.joined(request.headers, "Origin") or ""
        method = headers.joined(request.headers, "Access-Control-Request-Method") or ""
        wanted = _names(headers.joined(request.headers, "Access-Control-Request-Headers"))
        if not (self._allows(origin) and self._allows_method(method) and self._allows_headers(wanted)):
            return None
        listed = (
            ("Access-Control-Allow-Methods", method),
            *((("Access-Control-Allow-Headers", ", ".join(wanted)),) if wanted else ()),
            ("Access-Control-Max-Age", str(self.max_age.of(passage))),
        )
        return Response(status=200, reason="OK", headers=(*self._allowing(origin, passage), *listed), body=b"")

    def would_pass(self, request: Request) -> str:
        origin = headers.joined(request.headers, "Origin") or ""
        method = headers.joined(request.headers, "Access-Control-Request-Method") or ""
        if not self._allows(origin):
            return f"Add <origin>{origin}</origin>."
        return f"Add <method>{method}</method>." if not self._allows_method(method) else "Add the headers it names."

    def _allowing(self, origin: str, passage: Passage) -> Headers:
        if self.allows_credentials.of(passage):  # then `*` would not be taken (Fetch §3.2.5)
            return (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"), _VARY)
        if ANY in self.origins:
            return (("Access-Control-Allow-Origin", ANY),)
        return (("Access-Control-Allow-Origin", origin), _VARY)

    def _allows(self, origin: str) -> bool:
        return ANY in self.origins or origin.lower() in self.origins

    def _allows_method(self, method: str) -> bool:
        return ANY in self.methods or method in (*_ALWAYS, "HEAD", *self.methods)

    def _allows_headers(self, wanted: tuple[str, ...]) -> bool:
        return ANY in self.headers or all(one.lower() in self.headers for one in wanted)


def is_preflight(request: Request) -> bool:
    names = {name.lower() for name, _ in request.headers}
    return request.method == "OPTIONS" and {"origin", "access-control-request-method"} <= names


def _names(line: str | None) -> tuple[str, ...]:
    found = (one.strip() for one in (line or "").split(","))
    return tuple(one for one in found if headers.is_name(one))


def read(reading: Reading) -> Cors:
    reading.in_order("allowed-origins", "allowed-methods", "allowed-headers", "expose-headers")
    methods = reading.child("allowed-methods")
    policy = Cors(
        origins=tuple(_origin(one) for one in _listed(reading, "allowed-origins", "origin", required=True)),
        methods=tuple(one.upper() for one in _items(methods, "method")),
        max_age=_max_age(methods),
        headers=tuple(one.lower() for one in _listed(reading, "allowed-headers", "header", required=True)),
        exposed=_listed(reading, "expose-headers", "header"),
        allows_credentials=reading.flag("allow-credentials", default=False),
        terminates=reading.flag("terminate-unmatched-request", default=True),
    )
    if ANY in policy.origins and policy.allows_credentials != Constant(value=False):
        what = "Every origin would be let in with the credentials of whoever visits it."
        reading.fault(reading.place_of("allow-credentials"), what, "list the origins, or leave allow-credentials out.")
    return policy


def _max_age(methods: Reading | None) -> Value[int]:
    found = methods.number("preflight-result-max-age", 0, LONGEST_AGE) if methods else None
    if methods is not None:
        methods.done()
    return found or Constant(0)


def _listed(reading: Reading, name: str, item: str, *, required: bool = False) -> tuple[str, ...]:
    listed = reading.child(name)
    found = _items(listed, item)
    if listed is not None:
        listed.done()
    elif required:
        what = f"<cors> has no <{name}>."
        reading.fault(reading.element.place, what, f"add <{name}> with an <{item}> in it, or with <{item}>*</{item}>.")
    return found


def _items(listed: Reading | None, item: str) -> tuple[str, ...]:
    """Literal ones: what a browser may do is not decided by what it sends."""
    if listed is None:
        return ()
    found = list[str]()
    for one in listed.children(item):
        value = one.content(_check(item))
        one.done()
        if isinstance(value, Constant):
            found.append(value.value)
        elif value is not None or not one.element.text.value:
            one.fault(one.element.place, f"<{item}> needs a text, and takes no expression.", "write it out, or *.")
    if not listed.element.children:
        listed.fault(listed.element.place, f"<{listed.element.name}> is empty.", f"add <{item}>.")
    return tuple(found)


def _check(item: str) -> conversion.Converter:
    return _origin_text if item == "origin" else _token


def _token(value: object) -> str:
    said = conversion.text(value).strip()
    if said != ANY and not headers.is_name(said):
        raise ValueError("write one name, or *.")
    return said


def _origin_text(value: object) -> str:
    said = conversion.text(value).strip()
    if said in (ANY, "null"):
        return said
    try:
        parts = urlsplit(said)
        is_origin = bool(parts.scheme and parts.hostname) and parts.path in ("", "/") and not parts.query
        _ = parts.port
    except ValueError:
        is_origin = False
    if not is_origin:
        raise ValueError("write scheme and host, and the port if it is not the usual one: https://example.com.")
    return said


def _origin(said: str) -> str:
    """As a browser sends it: lower case, no usual port, no slash at the end."""
    if said in (ANY, "null"):
        return said
    parts = urlsplit(said.lower())
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{'' if parts.port in (None, usual) else f':{parts.port}'}"


_DIFFERS: Final = (
    "`*` together with `allow-credentials` is refused on save: it would let every page in with its visitor's cookies.",
    "Refusals carry the headers too, so that a page sees the 401 and not a network error.",
)
SHAPE: Final = Shape(
    name=NAME,
    what="which origins' pages may call, and read the answers",
    attributes=(
        flag("allow-credentials", "whether pages may send cookies and certificates", default=False),
        flag(
            "terminate-unmatched-request",
            "whether a foreign page's GET ends with an empty 200, or goes on without CORS headers",
            default=True,
        ),
    ),
    children=(
        Shape(
            name="allowed-origins",
            what="whose pages may call",
            required=True,
            children=(item("origin", "one of them", "scheme, host and port, or *", "*"),),
        ),
        Shape(
            name="allowed-methods",
            what="beside GET, HEAD and POST",
            attributes=(
                Attribute(
                    name="preflight-result-max-age",
                    what="for how many seconds browsers remember this",
                    default="0",
                    suggested=("300", "3600"),
                ),
            ),
            children=(item("method", "one of them", "a method, or *", "GET", "POST", "PUT", "PATCH", "DELETE", "*"),),
        ),
        Shape(
            name="allowed-headers",
            what="that pages may send",
            required=True,
            children=(item("header", "one of them", "a name, or *", "Authorization", "Content-Type", "*"),),
        ),
        Shape(
            name="expose-headers",
            what="that pages may read",
            children=(item("header", "one of them", "a name, or *", "*"),),
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,), once=True, differs=_DIFFERS)

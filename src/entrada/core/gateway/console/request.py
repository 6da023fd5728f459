"""The request that a filled-in form stands for: below its API, and nowhere else.  RFC 3986 §3.3; RFC 9110 §5.

A value of the template stays in its segment, a header in its line, and nothing names another host than the gateway.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from attrs import evolve, field, frozen

from entrada.core.gateway import headers, query
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import PARAMETER, Operation
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.paths import normalised

WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
LONGEST_VALUE: Final = 8 * 1024
MOST_HEADERS: Final = 50
_WRITTEN_BY_US: Final = frozenset(  # from the URL, the body and the connection
    {
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "keep-alive",
        "proxy-connection", "accept-encoding",
    }
)  # fmt: skip

Pairs = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Filled:
    """What was typed.  Blank query parameters and headers are left out, blank template parameters are missing."""

    template: Mapping[str, str] = field(factory=dict[str, str])
    query: Pairs = field(default=(), repr=False)
    headers: Pairs = field(default=(), repr=False)
    content_type: str = ""
    body: str = field(default="", repr=False)


@frozen(kw_only=True)
class Written:
    method: str
    path: str  # of the URL, starting with a slash
    query: str = field(default="", repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def with_header(self, name: str, value: str) -> "Written":
        return evolve(self, headers=headers.replaced(self.headers, name, (value,)))

    def with_query(self, name: str, value: str) -> "Written":
        return evolve(self, query=query.appended(self.query, name, (value,)))


@frozen
class Wrong:
    """*where*: the name of the field, `t.name`, `q.name`, `header` or `body`."""

    where: str
    message: str


def write(api: Api, operation: Operation, filled: Filled) -> Written | tuple[Wrong, ...]:
    wrong = (*_missing(operation, filled), *_about_template(operation, filled), *_about_headers(filled.headers))
    if wrong:
        return wrong
    path, _, asked = operation.url_template.partition("?")
    if path == "/" and api.public_path:
        path = ""
    whole = api.public_path + _filled(path, filled.template)
    if normalised(whole) is None:
        return (Wrong("", "Together the values lead to another path than the operation's."),)
    written = Written(
        method=operation.method,
        path=whole or "/",
        query=_query(asked, filled),
        headers=tuple((name.strip(), value.strip()) for name, value in filled.headers if name.strip()),
    )
    return written if operation.method in WITHOUT_BODY or not filled.body else _with_body(written, filled)


def parameters_of(operation: Operation) -> tuple[str, ...]:
    """The names in its template, those of its query included."""
    return tuple(name for _, name in PARAMETER.findall(operation.url_template))


def _with_body(written: Written, filled: Filled) -> Written:
    typed = headers.values(written.headers, "Content-Type")
    if filled.content_type and not typed:
        written = written.with_header("Content-Type", filled.content_type)
    return evolve(written, body=filled.body.encode())


def _missing(operation: Operation, filled: Filled) -> Iterator[Wrong]:
    for name in parameters_of(operation):
        if not filled.template.get(name, ""):
            yield Wrong(f"t.{name}", f"Give {name}: it is part of the path.")
    given = {name for name, value in filled.query if value}
    for one in operation.request.query_parameters:
        if one.required and one.name not in given and one.name not in parameters_of(operation):
            yield Wrong(f"q.{one.name}", f"Give {one.name}: the operation requires it.")
    sent = {name.strip().lower() for name, value in filled.headers if value.strip()}
    for one in operation.request.headers:
        if one.required and one.name.lower() not in sent | {"content-type", "authorization"}:
            yield Wrong(f"h.{one.name}", f"Give the header {one.name}: the operation requires it.")


def _about_template(operation: Operation, filled: Filled) -> Iterator[Wrong]:
    of_path = {name for _, name in PARAMETER.findall(operation.url_template.partition("?")[0])}
    rest = {name for star, name in PARAMETER.findall(operation.url_template) if star}
    for name in parameters_of(operation):
        value = filled.template.get(name, "")
        segments = value.split("/") if name in rest else [value]
        if any(one in (".", "..") for one in segments):
            yield Wrong(f"t.{name}", f"{name} cannot be dots alone: they would lead to another path.")
        if "/" in value and name in of_path - rest:
            yield Wrong(f"t.{name}", f"{name} cannot have a slash: it is one segment of the path.")
        if len(value) > LONGEST_VALUE:
            yield Wrong(f"t.{name}", f"{name} is longer than {LONGEST_VALUE} characters.")


def _about_headers(typed: Pairs) -> Iterator[Wrong]:
    if len(typed) > MOST_HEADERS:
        yield Wrong("header", f"More than {MOST_HEADERS} headers are not sent.")
    for name, value in typed:
        if not name.strip():
            if value.strip():
                yield Wrong("header", "A header has a value and no name.")
        elif not headers.is_name(name.strip()):
            yield Wrong("header", f"{name.strip()[:80]!r} is no name of a header.")
        elif name.strip().lower() in _WRITTEN_BY_US:
            yield Wrong("header", f"{name.strip()} is written from the URL, the body and the connection: leave it out.")
        elif not value.isascii() or not value.isprintable() or len(value) > LONGEST_VALUE:
            yield Wrong("header", f"The value of {name.strip()} is not printable ASCII, or too long for a header.")


def _filled(path: str, values: Mapping[str, str]) -> str:
    def value(star: str, name: str) -> str:
        return quote(values[name], safe="/" if star else "")

    return PARAMETER.sub(lambda found: value(found[1], found[2]), path)


def _query(asked: str, filled: Filled) -> str:
    of_template = PARAMETER.sub(lambda found: quote(filled.template[found[2]], safe=""), asked)
    for name, value in filled.query:
        if name.strip() and value:
            of_template = query.appended(of_template, name.strip(), (value,))
    return of_template

"""`rewrite-uri`: another path and query at the backend than the caller asked for.  Gateway reference section 9."""

from typing import Final
from urllib.parse import quote

from attrs import evolve, frozen

from entrada.core.gateway import query
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, flag
from entrada.core.gateway.elements.value import Computed, Constant, EvaluationFailed, Value
from entrada.core.gateway.entities.operation import PARAMETER
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.paths import is_climbing

NAME: Final = "rewrite-uri"
_PATH: Final = "/-._~!$&'()*+,;=:@%"  # what may stand in a path as it is (RFC 3986 §3.3)
_QUERY: Final = f"{_PATH}?"


@frozen(kw_only=True)
class RewriteUri:
    template: Value[str]
    copies: Value[bool]

    def perform(self, passage: Passage) -> Outcome:
        template = self.template.of(passage)
        filled = template if isinstance(self.template, Computed) else _filled(template, passage)
        path, _, asked = filled.partition("?")
        path = quote(path if path.startswith("/") else f"/{path}", safe=_PATH)
        if is_climbing(path):
            return _climbing()
        url = passage.request.url
        copied = _unmatched(passage, asked) if self.copies.of(passage) else ""
        rewritten = "&".join(one for one in (quote(asked, safe=_QUERY), copied) if one)
        passage.note(f"the path {url.path}", f"becomes {path}")
        passage.request = evolve(passage.request, url=evolve(url, path=path, query=rewritten))
        return None


def _filled(template: str, passage: Passage) -> str:
    """Raise EvaluationFailed for a parameter that the operation's template does not have."""
    missing = [name for _, name in PARAMETER.findall(template) if name not in passage.parameters]
    if missing:
        raise EvaluationFailed(f"the operation's URL template has no parameter {missing[0]}")
    return PARAMETER.sub(lambda found: _escaped(found[1], passage.parameters[found[2]]), template)


def _escaped(star: str, value: str) -> str:
    return quote(value, safe="/" if star else "")


def _unmatched(passage: Passage, asked: str) -> str:
    """The caller's parameters that neither the operation's template has nor the new one says."""
    _, _, matched = passage.operation.url_template.partition("?")
    known = [name for one in (matched, asked) for name, _ in query.pairs(one)]
    return query.without(passage.request.url.query, known)


def _climbing() -> Failure:
    return Failure(
        source=NAME,
        reason="BadPath",
        message="The path leads out of what the operation covers.",
        status=400,
        saw="a path with a segment of dots, a backslash or a NUL",
        would_pass="A parameter that is the name of one thing.",
    )


def read(reading: Reading) -> RewriteUri:
    template = reading.required("template", 'write template="/path/{parameter}?query=…".')
    if isinstance(template, Constant) and template.value and not template.value.startswith("/"):
        reading.fault(reading.place_of("template"), "The template does not start with a slash.", "put one in front.")
    return RewriteUri(template=template, copies=reading.flag("copy-unmatched-params", default=True))


SHAPE: Final = Shape(
    name=NAME,
    what="ask the backend for another path and query",
    attributes=(
        Attribute(name="template", what="the path, with {parameters} of the operation's template", required=True),
        flag("copy-unmatched-params", "whether the caller's other query parameters go along", default=True),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,))

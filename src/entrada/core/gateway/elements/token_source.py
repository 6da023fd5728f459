"""Where a request carries its token: a header, a query parameter, or what an expression says.  Reference 2.1."""

from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway import headers
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.refused import TokenRefused, Why

AUTHORIZATION: Final = "authorization"
BEARER: Final = "bearer"
_NAMES: Final = ("header-name", "query-parameter-name", "token-value")


@frozen(kw_only=True)
class TokenSource:
    header: Value[str] | None = None
    query_parameter: Value[str] | None = None
    value: Value[str] | None = None
    scheme: Value[str] | None = None  # of the Authorization header; None: Bearer, or none at all

    def with_scheme(self, scheme: Value[str] | None) -> "TokenSource":
        return evolve(self, scheme=scheme)

    def find(self, passage: Passage) -> str | TokenRefused:
        if self.value is not None:
            return self.value.of(passage) or _absent(
                "an empty token-value", "What token-value names must hold a token."
            )
        if self.query_parameter is not None:
            return self._of_query(passage, self.query_parameter.of(passage))
        return self._of_header(passage, "" if self.header is None else self.header.of(passage))

    def _of_query(self, passage: Passage, name: str) -> str | TokenRefused:
        found = passage.query_values(name)
        if len(found) > 1:
            return _twice(f"the query parameter {name}")
        # The token must not travel on, into the backend's logs: Azure leaves it in the URL.
        passage.stripped |= {name}
        return (found[0] if found else "") or _absent(f"no query parameter {name}", f"Send the token as {name}.")

    def _of_header(self, passage: Passage, name: str) -> str | TokenRefused:
        lines = headers.values(passage.request.headers, name)
        if len(lines) > 1:
            return _twice(f"the header {name}")
        if not lines or not lines[0].strip():
            return _absent(f"no header {name}", f"Send the token in the header {name}.")
        return self._bare(passage, lines[0].strip()) if name.lower() == AUTHORIZATION else lines[0].strip()

    def _bare(self, passage: Passage, line: str) -> str | TokenRefused:
        scheme, _, token = line.partition(" ")
        wanted = None if self.scheme is None else self.scheme.of(passage)
        if wanted is None:
            return token.strip() if token and scheme.lower() == BEARER else line
        if scheme.lower() != wanted.lower() or not token.strip():
            return _absent(f"an Authorization header without {wanted}", f"Send Authorization: {wanted} and the token.")
        return token.strip()


ATTRIBUTES: Final = (
    Attribute(name="header-name", what="the header that carries the token", suggested=("Authorization",), usual=True),
    Attribute(
        name="query-parameter-name",
        what="the query parameter that carries it; the backend never sees it",
        suggested=("access_token",),
    ),
    Attribute(name="token-value", what="an expression that gives the token"),
)  # one of them
VARIABLE: Final = Attribute(
    name="output-token-variable-name",
    what="a variable that holds the token, as a Jwt, once it is let in",
    is_literal=True,
)


def read_source(reading: Reading, *, by_default: str | None = None) -> TokenSource:
    """Exactly one of the three attributes, or at most one where there is a header *by_default*."""
    given = [name for name in _NAMES if reading.has(name)]
    source = TokenSource(
        header=reading.text("header-name"),
        query_parameter=reading.text("query-parameter-name"),
        value=reading.text("token-value"),
    )
    if len(given) > 1:
        what = f"<{reading.element.name}> says in {len(given)} ways where the token is."
        reading.fault(reading.place_of(given[1]), what, f"keep one of {', '.join(given)}.")
    if given or by_default is not None:
        return source if given else evolve(source, header=Constant(by_default or ""))
    reading.missing("header-name", 'write header-name="Authorization", or query-parameter-name, or token-value.')
    return source


def _absent(saw: str, would_pass: str) -> TokenRefused:
    return TokenRefused(why=Why.NOT_PRESENT, message="JWT not present.", saw=saw, would_pass=would_pass)


def _twice(where: str) -> TokenRefused:
    return TokenRefused(
        why=Why.INVALID,
        message="The request carries more than one token.",
        saw=f"{where} more than once",
        would_pass="One token, once: which of several a backend would read, nobody knows.",
    )

"""One exchange on its way through the policies: what has been changed, noted and counted so far.

The only thing here that changes; `decide` makes one for each request, and `conclude` works on a copy.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from attrs import define, evolve, field, fields, frozen

from entrada.core.gateway import headers, query
from entrada.core.gateway.counters import Window
from entrada.core.gateway.elements.kind import BACKEND, INBOUND
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.value import Value
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.expressions import context as seen
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.marks import HIDDEN, URL, Marks
from entrada.core.gateway.masking import SHORTEST_SECRET, masked
from entrada.core.gateway.reflection import context_of
from entrada.core.gateway.trace import Entry

if TYPE_CHECKING:
    from entrada.core.gateway.plan import Plan

_OF_URL: Final = frozenset({"set-backend-service", "rewrite-uri", "set-query-parameter", "forward-request"})
_SETTING: Final = _OF_URL | {"set-header", "set-variable", "set-status", "return-response"}


@frozen(kw_only=True)
class Count:
    """Calls to be counted when the exchange is over, unless *condition* says no."""

    key: str
    times: Value[int]
    condition: Value[bool] | None = None


@define(kw_only=True, eq=False)
class Passage:
    original: Request
    request: Request  # what goes to the backend; its path is what stands behind that of the service
    facts: Facts
    api: Api
    operation: Operation
    parameters: Mapping[str, str]  # of the operation's template
    product: Product | None = None
    subscription: Subscription | None = None
    key: str = field(default="", repr=False)  # that came with the request
    service: Address | None = None  # None while nobody has named one
    plan: "Plan"
    section: str = INBOUND
    statement: Statement | None = None
    agenda: tuple[Statement, ...] = ()  # of the section, what is still to be done
    response: Response | None = None
    last_error: seen.LastError | None = None
    failure: Failure | None = None
    variables: dict[str, object] = field(factory=dict[str, object], repr=False)
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)  # of the token that was let in
    trace: tuple[Entry, ...] = ()
    hidden: tuple[str, ...] = field(default=(), repr=False)  # never in the trace
    uses_secret: bool = False  # the statement, of a secret named value
    computes_secret: bool = False  # and by an expression, so that its text is not that of the named value
    yielded: tuple[str, ...] = field(default=(), repr=False)  # by such expressions
    marks: Marks = frozenset()  # what came of secret named values
    stripped: frozenset[str] = frozenset()  # query parameters that carried a token
    counted: dict[str, int] = field(factory=dict[str, int])
    to_count: tuple[Count, ...] = ()
    added: Headers = ()  # to whatever is answered
    cors: Headers | None = None  # None: no cors policy has spoken
    forwarded: bool = False

    def copied(self) -> "Passage":
        other = Passage.__new__(Passage)  # as `copy` makes it, at a fifth of the price
        for name in _FIELDS:
            setattr(other, name, getattr(self, name))
        other.variables, other.counted = dict(self.variables), dict(self.counted)
        return other

    # ---- what policies see -----------------------------------------------------------------------------------------

    def context(self) -> seen.Context:
        return context_of(self)

    @property
    def changes_response(self) -> bool:
        return self.section not in (INBOUND, BACKEND)

    @property
    def headers(self) -> Headers:
        """Of what the section is about."""
        if self.changes_response and self.response is not None:
            return self.response.headers
        return self.request.headers

    @headers.setter
    def headers(self, lines: Headers) -> None:
        if self.changes_response and self.response is not None:
            self.response = evolve(self.response, headers=lines)
        else:
            self.request = evolve(self.request, headers=lines)

    def header(self, name: str) -> str | None:
        return headers.joined(self.request.headers, name)

    def query_values(self, name: str) -> tuple[str, ...]:
        return query.values(self.request.url.query, name)

    # ---- what they leave behind ------------------------------------------------------------------------------------

    def note(self, saw: str, decided: str, would_pass: str | None = None, *, refused: bool = False) -> None:
        if not (self.facts.is_traced or refused):
            return
        at = self.statement
        if at is not None and self._hides(at.element):
            saw = HIDDEN if self.computes_secret or at.element in _OF_URL else saw
            decided = decided if refused else HIDDEN
            would_pass = None if would_pass is None else HIDDEN
        self._noted(
            at.element if at else self.section,
            saw,
            decided,
            would_pass,
            scope=at.scope if at else "global",
            refused=refused,
        )

    def note_failure(self, failure: Failure) -> None:
        saw, decided = failure.saw or failure.message, f"refused: {failure.reason}"
        if self.statement is None:
            self.note_step(failure.source, saw, decided, failure.would_pass)
        else:
            self.note(saw, decided, failure.would_pass, refused=True)

    def note_step(self, step: str, saw: str, decided: str, would_pass: str | None = None) -> None:
        """Of a step that no document writes; a refusal when it says what *would_pass*."""
        if self.facts.is_traced or would_pass is not None:
            self._noted(step, saw, decided, would_pass, scope="global", refused=would_pass is not None)

    def hide(self, *secrets: str) -> None:
        """Keep them, and what they consist of, out of the trace."""
        self.hidden = (*self.hidden, *secrets)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that nobody is shown."""
        return (*self.plan.secrets, *(one for one in self.yielded if len(one) >= SHORTEST_SECRET))

    def _hides(self, element: str) -> bool:
        """Of what a statement sets with a secret its text is not always that of the named value."""
        if self.computes_secret or (self.uses_secret and element in _SETTING):
            return True
        return element in _OF_URL and URL in self.marks

    def window(self, key: str) -> Window:
        return self.facts.window(key)

    def _noted(
        self, element: str, saw: str, decided: str, would_pass: str | None, *, scope: str, refused: bool
    ) -> None:
        entry = Entry(
            section=self.section,
            element=element,
            scope=scope,
            place=None if self.statement is None else self.statement.place,
            saw=self._shown(saw),
            decided=self._shown(decided),
            would_pass=None if would_pass is None else self._shown(would_pass),
            refused=refused,
        )
        self.trace = (*self.trace, entry)

    def _shown(self, text: str) -> str:
        return masked(text, self.secrets, self.hidden)


_FIELDS: Final = tuple(one.name for one in fields(Passage))

"""What a decision says: ask the backend this, or answer that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from entrada.core.gateway.counters import Window
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.marks import Marks
from entrada.core.gateway.trace import Entry

if TYPE_CHECKING:
    from entrada.core.gateway.passage import Passage


@frozen(kw_only=True)
class Forward:
    """The request for the backend; `conclude` goes on from here when it has answered, or failed to."""

    request: Request
    timeout: float  # seconds
    fails_on_error_status: bool = False
    counted: Mapping[str, Window]  # what to remember of the counters, before the backend is asked
    passage: "Passage" = field(repr=False, eq=False)

    @property
    def marks(self) -> Marks:
        return self.passage.marks

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.passage.secrets

    @property
    def trace(self) -> tuple[Entry, ...]:
        return self.passage.trace


@frozen(kw_only=True)
class Answer:
    response: Response
    counted: Mapping[str, Window]
    trace: tuple[Entry, ...] = ()
    failure: Failure | None = None  # why, where a policy or a built-in step refused
    api_id: str = ""
    operation_id: str = ""
    product_id: str = ""
    subscription_id: str = ""
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)  # of the token that was let in
    marks: Marks = frozenset()  # what of it came of secret named values
    secrets: tuple[str, ...] = field(default=(), repr=False)  # that a page about it does not show


Verdict: TypeAlias = Forward | Answer

"""One policy of a document, with where it stands: scope, place, path."""

from typing import TYPE_CHECKING, Protocol

from attrs import field, frozen

from entrada.core.gateway.document.place import Place

if TYPE_CHECKING:
    from entrada.core.gateway.elements.outcome import Outcome
    from entrada.core.gateway.passage import Passage


class Policy(Protocol):
    def perform(self, passage: "Passage") -> "Outcome":
        """Do its part for the exchange under way, and note what was seen and decided.

        Raises EvaluationFailed where an expression has no value.
        """
        ...


@frozen(kw_only=True)
class Statement:
    element: str
    scope: str  # global, product, api, operation
    place: Place
    path: str  # choose[1]/when[2]/set-header[1], as context.LastError.Path says it
    policy: Policy = field(repr=False)
    id: str | None = None

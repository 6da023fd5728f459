"""A value of an attribute or a text: written out, or an expression.  Gateway reference section 12."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import field, frozen

from entrada.core.gateway.elements.conversion import UnfitValue
from entrada.core.gateway.expressions.evaluate import evaluate
from entrada.core.gateway.expressions.expression import Expression, ExpressionFailed

if TYPE_CHECKING:
    from entrada.core.gateway.passage import Passage

T = TypeVar("T")


class EvaluationFailed(Exception):
    """Caught where steps are run, and nowhere else."""

    def __init__(self, what: str, status: int = 500) -> None:
        super().__init__(what)
        self.what, self.status = what, status


@frozen
class Constant(Generic[T]):
    value: T = field(repr=False)

    def of(self, _: "Passage") -> T:
        return self.value


@frozen
class Computed(Generic[T]):
    """*convert* raises ValueError, with what was wanted, for a value that is not one of its kind."""

    expression: Expression
    convert: Callable[[object], T] = field(repr=False)

    def of(self, passage: "Passage") -> T:
        """Raise EvaluationFailed."""
        found = evaluate(self.expression, passage.context())
        if isinstance(found, ExpressionFailed):
            raise EvaluationFailed(f"{found.what} ({found.place})")
        try:
            return self.convert(found)
        except UnfitValue as problem:
            raise EvaluationFailed(f"{problem} ({self.expression.place})", status=400) from None
        except ValueError as problem:
            raise EvaluationFailed(f"{problem} ({self.expression.place})") from None


Value = Constant[T] | Computed[T]

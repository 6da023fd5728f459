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
    is_secret: bool = field(default=False, eq=False)  # a secret named value is in it

    def of(self, passage: "Passage") -> T:
        if self.is_secret:
            passage.uses_secret = True
        return self.value


@frozen
class Computed(Generic[T]):
    """*convert* raises ValueError, with what was wanted, for a value that is not one of its kind."""

    expression: Expression
    convert: Callable[[object], T] = field(repr=False)

    @property
    def is_secret(self) -> bool:
        return self.expression.holds_secret

    def _reads_marked(self, passage: "Passage") -> bool:
        """Whether it names what a secret was put into before: no expression gets there without the name."""
        return any(mark in self.expression.text.value for mark in passage.marks)

    def of(self, passage: "Passage") -> T:
        """Raise EvaluationFailed."""
        is_secret = self.is_secret or (passage.marks and self._reads_marked(passage))
        if is_secret:
            passage.uses_secret = passage.computes_secret = True
        found = evaluate(self.expression, passage.context())
        if is_secret and isinstance(found, str):
            passage.yielded = (*passage.yielded, found)
        if isinstance(found, ExpressionFailed):
            raise EvaluationFailed(f"{found.what} ({found.place})")
        try:
            return self.convert(found)
        except UnfitValue as problem:
            raise EvaluationFailed(f"{problem} ({self.expression.place})", status=400) from None
        except ValueError as problem:
            raise EvaluationFailed(f"{problem} ({self.expression.place})") from None


Value = Constant[T] | Computed[T]

"""An expression that was checked, and how its evaluation ends when it has no value."""

from collections.abc import Callable

from attrs import field, frozen

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Text
from entrada.core.gateway.expressions.frame import Frame
from entrada.core.gateway.expressions.syntax import Node, Statement
from entrada.core.gateway.expressions.type import AnyType


@frozen
class Expression:
    """Made by parse_expression alone: every member in it exists, every type fits."""

    text: Text
    type: AnyType
    body: Node | Statement = field(repr=False)
    run: Callable[[Frame], object] = field(repr=False, eq=False)  # what evaluate() runs
    holds_secret: bool = field(default=False, eq=False)  # so what it gives is one, too

    @property
    def place(self) -> Place:
        return self.text.place


@frozen
class ExpressionFailed:
    """What Azure calls ExpressionValueEvaluationFailure, and answers with 500."""

    place: Place  # of the part that failed
    what: str  # with no value in it: values may be secret

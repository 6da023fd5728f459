"""What an expression gives in a context.  Gateway reference section 12."""

from entrada.core.gateway.expressions.context import Context
from entrada.core.gateway.expressions.expression import Expression, ExpressionFailed
from entrada.core.gateway.expressions.frame import Failing, FailingAt, Frame


def evaluate(expression: Expression, context: Context) -> object | ExpressionFailed:
    """A str, bool, int, float, None, Char, UUID, datetime, timedelta, tuple of str, Jwt or another value of `context`.

    As text, in a header for instance, it reads as `spelled` says.
    """
    try:
        return expression.run(Frame(context, expression.place))
    except FailingAt as failing:
        return ExpressionFailed(failing.place, failing.what)
    except Failing as failing:
        return ExpressionFailed(expression.place, str(failing))

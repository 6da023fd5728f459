"""`@(…)` or `@{…}` as an expression that can be evaluated, or everything that is wrong with it."""

from collections.abc import Iterator
from typing import Final, cast

from entrada.core.gateway.document.extent import MAX_EXPRESSION
from entrada.core.gateway.document.fault import Faults
from entrada.core.gateway.document.text import Text
from entrada.core.gateway.expressions import syntax as tree
from entrada.core.gateway.expressions.checking.blocks import check_block
from entrada.core.gateway.expressions.checking.check import check
from entrada.core.gateway.expressions.checking.conversions import converts
from entrada.core.gateway.expressions.checking.part import Part, Scope
from entrada.core.gateway.expressions.expression import Expression
from entrada.core.gateway.expressions.faults import Gathered, NotReadable
from entrada.core.gateway.expressions.grammar import Grammar
from entrada.core.gateway.expressions.statements import Statements
from entrada.core.gateway.expressions.tokens import NotWords, tokens
from entrada.core.gateway.expressions.type import BOOL, OBJECT, AnyType, a

MAX_DEPTH: Final = 100  # of the tree: `a + b + c + …` is as deep as it is long


def parse_expression(text: Text, wanted: AnyType = OBJECT) -> Expression | Faults:
    """*text*: a whole attribute or element text, which is_expression.  *wanted*: the type that it must convert to."""
    text = text.stripped()
    gathered = Gathered(text)
    try:
        part, body = _read(text, gathered)
    except NotReadable:
        return gathered.told()
    if not gathered.faults and not converts(part.type, wanted):
        gathered.add(text.place, f"The expression gives {a(part.type)}, not {a(wanted)}.", _instead(part.type, wanted))
    return gathered.told() or Expression(text, part.type, body, part.run, text.holds_secret)


def _instead(given: AnyType, wanted: AnyType) -> str:
    if given == OBJECT:
        return f"cast it: ({wanted})value."
    if given.bare == wanted:
        return "say what null means: `value ?? false`." if wanted == BOOL else "say what null means: `value ?? other`."
    return f"write one that gives {a(wanted)}."


def _read(text: Text, gathered: Gathered) -> tuple[Part, tree.Node | tree.Block]:
    body = _tree(text, gathered)
    if gathered.faults:
        raise NotReadable
    _measure(body, gathered)
    scope = Scope(gathered)
    return (check_block(scope, body) if isinstance(body, tree.Block) else check(scope, body)), body


def _tree(text: Text, gathered: Gathered) -> tree.Node | tree.Block:
    if not text.is_expression:
        raise _told(gathered, "This is no expression.", "write @(…), or @{ … } with a return.")
    if len(text.value) > MAX_EXPRESSION:
        raise _told(
            gathered, f"The expression is longer than {MAX_EXPRESSION} characters.", "use set-variable in steps."
        )
    try:
        grammar = Grammar(tokens(text.value, 1, len(text.value)), gathered)
    except NotWords as wrong:
        gathered.add(text.at(wrong.at), wrong.what, wrong.instead)
        raise NotReadable from wrong
    body = Statements(grammar).block() if grammar.is_at("{") else _single(grammar)
    grammar.expect_end("Something stands behind the expression.")
    return body


def _single(grammar: Grammar) -> tree.Node:
    grammar.expect("(", "an expression is @(…)")
    body = grammar.expression()
    grammar.expect(")", "the bracket of @( is closed by it")
    return body


def _told(gathered: Gathered, what: str, instead: str) -> NotReadable:
    gathered.add(gathered.text.place, what, instead)
    return NotReadable()


def _measure(body: tree.Node | tree.Block, gathered: Gathered) -> None:
    """Not by recursion, which too deep a tree would end."""
    waiting: list[tuple[object, int]] = [(body, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _told(gathered, "The expression joins too much.", "build it in steps by set-variable.")
        waiting += [(child, depth + 1) for child in _children(node)]


def _children(node: object) -> Iterator[object]:
    for name in node.__annotations__:
        value: object = getattr(node, name)
        several = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
        yield from (one for one in several if type(one).__module__ == tree.__name__)

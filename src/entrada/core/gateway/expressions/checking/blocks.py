"""A block's statements: what each does, which variables have values after it, whether every path returns.  C# 7 §12."""

from collections.abc import Callable
from typing import Any, Final

from attrs import define, field, frozen

from entrada.core.gateway.expressions import syntax as tree
from entrada.core.gateway.expressions.checking.check import check, declare
from entrada.core.gateway.expressions.checking.conversions import common, converted, converts, known_type
from entrada.core.gateway.expressions.checking.part import FAULTY, Part, Run, Scope
from entrada.core.gateway.expressions.frame import Frame
from entrada.core.gateway.expressions.type import BOOL, NULL, OBJECT, UNKNOWN, AnyType, a


class _Ongoing:
    """Nothing was returned yet."""


_ONGOING: Final = _Ongoing()


@frozen
class _Step:
    run: Run  # what is returned, or _ONGOING
    ends: bool  # every path through it returns


@define
class _Checking:
    scope: Scope
    returned: list[AnyType] = field(factory=list[AnyType])

    def statement(self, node: tree.Statement) -> _Step:
        return _CHECKS[type(node)](self, node)

    def block(self, node: tree.Block) -> _Step:
        outside = dict(self.scope.variables)
        steps = [self.statement(one) for one in node.statements]
        self.scope.variables = outside
        return _Step(_in_turn(steps), any(step.ends for step in steps))

    def declaration(self, node: tree.Declaration) -> _Step:
        value = check(self.scope, node.value) if node.value is not None else None
        of = self._declared(node, value)
        declare(self.scope, node, of)
        if value is None:
            return _Step(lambda _: _ONGOING, ends=False)
        return self._assigned(node, value, of)

    def _declared(self, node: tree.Declaration, value: Part | None) -> AnyType:
        if node.type != "var":
            return known_type(self.scope, node.type, node.place)
        if value is None or value.type == NULL:
            what = f"The type of `{node.name}` cannot be told."
            self.scope.fault(
                node.place, what, f"write its type instead of var, or give it a value: string {node.name} = null;"
            )
            return UNKNOWN
        return value.type

    def assignment(self, node: tree.Assignment) -> _Step:
        value = check(self.scope, node.value)
        if node.name not in self.scope.variables:
            self.scope.fault(node.place, f"`{node.name}` is not declared.", f"write `var {node.name} = …;`.")
        return self._assigned(node, value, self.scope.variables.get(node.name, UNKNOWN))

    def _assigned(self, node: tree.Assignment | tree.Declaration, value: Part, of: AnyType) -> _Step:
        if not converts(value.type, of):
            self.scope.fault(node.place, f"`{node.name}` is {a(of)}, not {a(value.type)}.", f"cast it: ({of})value.")
        self.scope.assigned.add(node.name)
        fitted = converted(value, of)

        def run(frame: Frame) -> object:
            frame.variables[node.name] = fitted.run(frame)
            return _ONGOING

        return _Step(run, ends=False)

    def do(self, node: tree.Do) -> _Step:
        call = check(self.scope, node.call)

        def run(frame: Frame) -> object:
            call.run(frame)
            return _ONGOING

        return _Step(run, ends=False)

    def if_(self, node: tree.If) -> _Step:
        condition = self._condition(node.condition)
        before = set(self.scope.assigned)
        then, after_then = self._branch(node.then, before)
        otherwise, after_else = self._branch(node.otherwise, before)
        self.scope.assigned = _after(then, after_then, otherwise, after_else)
        return _Step(_either(condition, then, otherwise), then.ends and otherwise.ends)

    def _condition(self, node: tree.Node) -> Part:
        condition = check(self.scope, node)
        if not converts(condition.type, BOOL):
            instead = "compare it: `value == true`, `value != null`."
            self.scope.fault(node.place, f"The condition is {a(condition.type)}, not a bool.", instead)
        return condition

    def _branch(self, node: tree.Statement | None, before: set[str]) -> tuple[_Step, set[str]]:
        self.scope.assigned = set(before)
        outside = dict(self.scope.variables)
        step = self.statement(node) if node is not None else _Step(lambda _: _ONGOING, ends=False)
        self.scope.variables = outside
        return step, self.scope.assigned

    def return_(self, node: tree.Return) -> _Step:
        value = check(self.scope, node.value)
        self.returned.append(value.type)
        return _Step(value.run, ends=True)


def _in_turn(steps: list[_Step]) -> Run:
    def run(frame: Frame) -> object:
        for step in steps:
            result = step.run(frame)
            if result is not _ONGOING:
                return result
        return _ONGOING

    return run


def _either(condition: Part, then: _Step, otherwise: _Step) -> Run:
    return lambda frame: then.run(frame) if condition.run(frame) else otherwise.run(frame)


def _after(then: _Step, after_then: set[str], otherwise: _Step, after_else: set[str]) -> set[str]:
    """What has a value behind an if: a branch that returned has nothing to say about it."""
    if then.ends:
        return after_else
    return after_then if otherwise.ends else after_then & after_else


_CHECKS: Final[dict[type, Callable[[_Checking, Any], _Step]]] = {
    tree.Block: _Checking.block,
    tree.Declaration: _Checking.declaration,
    tree.Assignment: _Checking.assignment,
    tree.Do: _Checking.do,
    tree.If: _Checking.if_,
    tree.Return: _Checking.return_,
}


def check_block(scope: Scope, block: tree.Block) -> Part:
    checking = _Checking(scope)
    step = checking.block(block)
    if not step.ends:
        return scope.fault(block.place, "Not every path of the block returns a value.", "end it by return …;")
    return FAULTY if UNKNOWN in checking.returned else Part(_one_type(checking.returned), step.run)


def _one_type(returned: list[AnyType]) -> AnyType:
    """A block gives an object; where all its returns agree, we know better."""
    found = returned[0]
    for one in returned[1:]:
        found = common(found, one) or OBJECT
    return found

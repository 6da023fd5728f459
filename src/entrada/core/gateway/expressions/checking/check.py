"""The tree of an expression as parts that can be run.  A fault in one part says nothing more about those around it."""

from collections.abc import Callable
from typing import Any, Final

from entrada.core.gateway.expressions import syntax as tree
from entrada.core.gateway.expressions.checking.calls import Out, call, index, member, of_type, variable
from entrada.core.gateway.expressions.checking.conversions import as_type, cast, common, converted, converts, known_type
from entrada.core.gateway.expressions.checking.operators import binary, concatenation, unary
from entrada.core.gateway.expressions.checking.part import FAULTY, Absent, Part, Run, Scope, at
from entrada.core.gateway.expressions.frame import Frame, fits
from entrada.core.gateway.expressions.members.of_types import OF_TYPES
from entrada.core.gateway.expressions.spelled import aligned, spelled
from entrada.core.gateway.expressions.syntax import Node
from entrada.core.gateway.expressions.type import (
    BOOL,
    CONTEXT,
    NULL,
    STRING,
    UNKNOWN,
    VARIABLES,
    AnyType,
    a,
    array,
    nullable,
)
from entrada.core.gateway.expressions.types_by_name import type_named

_CONTEXT: Final = Part(CONTEXT, lambda frame: frame.context)


def check(scope: Scope, node: Node) -> Part:
    return _CHECKS[type(node)](scope, node)


def _literal(scope: Scope, node: tree.Literal) -> Part:
    value = node.value
    return Part(node.type, lambda _: value)


def _interpolated(scope: Scope, node: tree.Interpolated) -> Part:
    return Part(STRING, at(node.place, concatenation(tuple(check(scope, part) for part in node.parts))))


def _hole(scope: Scope, node: tree.Hole) -> Part:
    part = check(scope, node.value)

    def run(frame: Frame) -> object:
        fits(abs(node.alignment))
        return aligned(spelled(part.run(frame), node.format), node.alignment)

    return Part(STRING, at(node.place, run))


def _name(scope: Scope, node: tree.Name) -> Part:
    name = node.name
    if name == "context":
        return _CONTEXT
    if name not in scope.variables:
        if type_named(name) is not None:
            return scope.fault(node.place, f"`{name}` is a type.", f"ask it for a member: {name}.Name.")
        return scope.fault(node.place, f"`{name}` is not known.", _known(scope))
    if name not in scope.assigned:
        return scope.fault(node.place, f"`{name}` has no value yet.", f"assign one to {name} on every path to here.")
    return Part(scope.variables[name], lambda frame: frame.variables.get(name))


def _known(scope: Scope) -> str:
    return "begin with context" + "".join(f", {name}" for name in sorted(scope.variables)) + ", or quote a string."


def _member(scope: Scope, node: tree.Member) -> Part:
    static = _static(scope, node.target)
    if static is not None:
        return of_type(scope, static, node.name, None, node.place)
    return member(scope, check(scope, node.target), node.name, node.place, conditional=node.conditional)


def _static(scope: Scope, node: Node) -> str | None:
    """The type that is asked by its name."""
    if isinstance(node, tree.Member) and isinstance(node.target, tree.Name) and node.target.name == "System":
        node = tree.Name(node.place, node.name)
    if not isinstance(node, tree.Name) or node.name in scope.variables or node.name == "context":
        return None
    found = type_named(node.name)
    return found.name if found is not None and found.name in OF_TYPES else None


def _call(scope: Scope, node: tree.Call) -> Part:
    static = _static(scope, node.target)
    target = FAULTY if static is not None else check(scope, node.target)
    out = _out(scope, node)
    arguments = tuple(check(scope, one) for one in node.arguments if not isinstance(one, tree.Out))
    if static is not None:
        return of_type(scope, static, node.name, arguments, node.place, out)
    if target.type == VARIABLES and node.name == "GetValueOrDefault" and out is None:
        return variable(scope, target, node.type_arguments, arguments, node.place)
    if node.type_arguments and not target.is_unknown:
        what = f"`{node.name}` takes no type in <…> here."
        return scope.fault(node.place, what, "only context.Variables.GetValueOrDefault<T> does.")
    return call(scope, target, node.name, arguments, node.place, conditional=node.conditional, out=out)


def _out(scope: Scope, node: tree.Call) -> Out | None:
    found = [one for one in node.arguments if isinstance(one, tree.Out)]
    if not found:
        return None
    last = found[-1]
    if len(found) > 1 or node.arguments[-1] is not last:
        scope.fault(last.place, "`out` stands before the last argument only.", "give the result last.")
    return Out(last.name, _out_type(scope, last), lambda of: _assign(scope, last, of))


def _out_type(scope: Scope, out: tree.Out) -> AnyType | None:
    """None: whatever the method gives."""
    if out.declared is None and out.name not in scope.variables:
        scope.fault(out.place, f"`{out.name}` is not declared.", f"write `out var {out.name}`.")
        return None
    if out.declared == "var":
        return None
    return scope.variables[out.name] if out.declared is None else known_type(scope, out.declared, out.place)


def _assign(scope: Scope, out: tree.Out, of: AnyType) -> None:
    if out.declared is not None:
        declare(scope, out, of)
    scope.assigned.add(out.name)


def declare(scope: Scope, node: tree.Out | tree.Declaration, of: AnyType) -> None:
    if node.name in scope.ever or node.name == "context":
        scope.fault(node.place, f"`{node.name}` is declared a second time.", "give one of them another name.")
    scope.ever.add(node.name)
    scope.variables[node.name] = of


def _stray_out(scope: Scope, node: tree.Out) -> Part:
    return scope.fault(node.place, "`out` stands outside a call.", "use TryParseJwt(out …) and the like.")


def _index(scope: Scope, node: tree.Index) -> Part:
    target, key = check(scope, node.target), check(scope, node.index)
    return index(scope, target, key, node.place, conditional=node.conditional)


def _chain(scope: Scope, node: tree.Chain) -> Part:
    inner = check(scope, node.inner)

    def run(frame: Frame) -> object:
        try:
            return inner.run(frame)
        except Absent:
            return None

    return inner if inner.is_unknown else Part(nullable(inner.type), run)


def _cast(scope: Scope, node: tree.Cast) -> Part:
    return cast(scope, check(scope, node.operand), node.type, node.place)


def _as(scope: Scope, node: tree.As) -> Part:
    return as_type(scope, check(scope, node.operand), node.type, node.place)


def _unary(scope: Scope, node: tree.Unary) -> Part:
    return unary(scope, node.operator, check(scope, node.operand), node.place)


def _binary(scope: Scope, node: tree.Binary) -> Part:
    left = check(scope, node.left)
    return binary(scope, node.operator, left, check(scope, node.right), node.place)


def _conditional(scope: Scope, node: tree.Conditional) -> Part:
    condition = check(scope, node.condition)
    then, otherwise = check(scope, node.then), check(scope, node.otherwise)
    wanted = common(then.type, otherwise.type)
    if not converts(condition.type, BOOL):
        return scope.fault(
            node.place, f"The condition is {a(condition.type)}, not a bool.", "compare it: value == true."
        )
    if wanted is None:
        what = f"The two values are {a(then.type)} and {a(otherwise.type)}."
        return scope.fault(node.place, what, "let both have one type: .ToString() makes a string.")
    if condition.is_unknown or UNKNOWN in {then.type, otherwise.type}:
        return FAULTY
    first, second = converted(then, wanted), converted(otherwise, wanted)
    return Part(wanted, _chosen(condition, first, second))


def _chosen(condition: Part, first: Part, second: Part) -> Run:
    return lambda frame: first.run(frame) if condition.run(frame) else second.run(frame)


def _new_array(scope: Scope, node: tree.NewArray) -> Part:
    items = tuple(check(scope, one) for one in node.items)
    wanted = _element_type(scope, node, items)
    if wanted is None or wanted == UNKNOWN or any(one.is_unknown for one in items):
        return FAULTY
    if not all(converts(one.type, wanted) for one in items):
        return scope.fault(
            node.place, f"Not every element is {a(wanted)}.", f"write new {wanted}[] {{ … }} of {wanted}s."
        )
    fitted = tuple(converted(one, wanted) for one in items)
    return Part(array(wanted), at(node.place, lambda frame: tuple(one.run(frame) for one in fitted)))


def _element_type(scope: Scope, node: tree.NewArray, items: tuple[Part, ...]) -> AnyType | None:
    if node.type is not None:
        return known_type(scope, node.type, node.place)
    found: AnyType | None = items[0].type if items else None
    for one in items[1:]:
        found = common(found, one.type) if found else None
    if found is None or found == NULL:
        scope.fault(node.place, "The type of the array's elements cannot be told.", "write new string[] { … }.")
        return None
    return found


_CHECKS: Final[dict[type, Callable[[Scope, Any], Part]]] = {
    tree.Literal: _literal,
    tree.Interpolated: _interpolated,
    tree.Hole: _hole,
    tree.Name: _name,
    tree.Member: _member,
    tree.Call: _call,
    tree.Out: _stray_out,
    tree.Index: _index,
    tree.Chain: _chain,
    tree.Cast: _cast,
    tree.As: _as,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Conditional: _conditional,
    tree.NewArray: _new_array,
}

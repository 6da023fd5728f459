"""The tree of an expression."""

from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.type import AnyType


@frozen
class Literal:
    place: Place
    value: object  # str, int, float, bool, Char, None
    type: AnyType


@frozen
class Interpolated:  # $"a{b}c"
    place: Place
    parts: tuple["Node", ...]


@frozen
class Hole:  # {value,alignment:format} in an interpolated string
    place: Place
    value: "Node"
    alignment: int
    format: str


@frozen
class Name:
    place: Place
    name: str


@frozen
class Member:  # target.name, target?.name
    place: Place
    target: "Node"
    name: str
    conditional: bool


@frozen
class Index:  # target[index], target?[index]
    place: Place
    target: "Node"
    index: "Node"
    conditional: bool


@frozen
class Out:  # out name, out var name, out Jwt name
    place: Place
    name: str
    declared: str | None


@frozen
class Call:  # target.name<T>(arguments), target?.name(arguments)
    place: Place
    target: "Node"
    name: str
    type_arguments: tuple[str, ...]
    arguments: tuple["Node", ...]
    conditional: bool


@frozen
class Chain:
    """The whole of `a?.b.c`: null as soon as what stands before a question mark is."""

    place: Place
    inner: "Node"


@frozen
class Cast:
    place: Place
    type: str
    operand: "Node"


@frozen
class As:  # operand as type
    place: Place
    operand: "Node"
    type: str


@frozen
class Unary:
    place: Place
    operator: str
    operand: "Node"


@frozen
class Binary:
    place: Place  # of the operator
    operator: str
    left: "Node"
    right: "Node"


@frozen
class Conditional:
    place: Place
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@frozen
class NewArray:
    place: Place
    type: str | None
    items: tuple["Node", ...]


Node: TypeAlias = (
    Literal
    | Interpolated
    | Hole
    | Name
    | Member
    | Index
    | Out
    | Call
    | Chain
    | Cast
    | As
    | Unary
    | Binary
    | Conditional
    | NewArray
)


@frozen
class Declaration:  # type name = value;
    place: Place
    type: str  # or var
    name: str
    value: Node | None


@frozen
class Assignment:
    place: Place
    name: str
    value: Node


@frozen
class Do:  # an expression for what it does
    place: Place
    call: Node


@frozen
class If:
    place: Place
    condition: Node
    then: "Statement"
    otherwise: "Statement | None"


@frozen
class Return:
    place: Place
    value: Node


@frozen
class Block:
    place: Place
    statements: tuple["Statement", ...]


Statement: TypeAlias = Declaration | Assignment | Do | If | Return | Block

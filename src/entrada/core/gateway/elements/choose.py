"""`choose`: the first branch whose condition holds.  Gateway reference section 11."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.outcome import Outcome, Run
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.statements import read_statements
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.expressions.type import BOOL
from entrada.core.gateway.passage import Passage

NAME: Final = "choose"


@frozen(kw_only=True)
class When:
    condition: Value[bool]
    shown: str  # as the document writes it
    statements: tuple[Statement, ...]


@frozen(kw_only=True)
class Choose:
    branches: tuple[When, ...]
    otherwise: tuple[Statement, ...] | None

    def perform(self, passage: Passage) -> Outcome:
        for number, branch in enumerate(self.branches, 1):
            if branch.condition.of(passage):
                passage.note(f"{branch.shown} holds", f"when[{number}]")
                return Run(branch.statements)
        passage.note("no condition holds", "goes on" if self.otherwise is None else "otherwise")
        return None if self.otherwise is None else Run(self.otherwise)

    @property
    def inner(self) -> tuple[Statement, ...]:
        return (*(one for branch in self.branches for one in branch.statements), *(self.otherwise or ()))


def read(reading: Reading) -> Choose:
    reading.in_order("when", "otherwise")
    otherwise = reading.child("otherwise")
    policy = Choose(
        branches=tuple(_when(one, f"when[{number}]") for number, one in enumerate(reading.children("when"), 1)),
        otherwise=None if otherwise is None else _otherwise(otherwise),
    )
    if not policy.branches:
        reading.fault(reading.element.place, "<choose> has no <when>.", 'add <when condition="@(…)">.')
    return policy


def _when(reading: Reading, path: str) -> When:
    condition = reading.named("condition", conversion.flag, BOOL)
    if not reading.has("condition"):
        reading.missing("condition", 'write condition="@(…)".')
    attribute = reading.element.attribute("condition")
    found = When(
        condition=condition or Constant(value=False),
        shown="" if attribute is None else attribute.text.shown,
        statements=_statements(reading, path),
    )
    reading.done()
    return found


def _otherwise(reading: Reading) -> tuple[Statement, ...]:
    found = _statements(reading, "otherwise")
    reading.done()
    return found


def _statements(reading: Reading, path: str) -> tuple[Statement, ...]:
    return read_statements(
        reading.policies(),
        reading.kinds,
        section=reading.section,
        scope=reading.scope,
        path=f"{reading.path}/{path}",
        faults=reading.faults,
    )


SHAPE: Final = Shape(
    name=NAME,
    what="go on with the first branch whose condition holds",
    children=(
        Shape(
            name="when",
            what="a branch",
            repeats=True,
            required=True,
            holds_policies=True,
            attributes=(Attribute(name="condition", what="an expression that is true or false", required=True),),
        ),
        Shape(name="otherwise", what="the branch where no condition holds", holds_policies=True),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE)

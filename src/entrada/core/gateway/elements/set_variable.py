"""`set-variable`: a value for later policies, with the type its expression has.  Gateway reference section 11."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.passage import Passage

NAME: Final = "set-variable"


@frozen(kw_only=True)
class SetVariable:
    name: str
    value: Value[object]

    def perform(self, passage: Passage) -> Outcome:
        value = self.value.of(passage)
        passage.variables[self.name] = value
        passage.note(f"the variable {self.name}", f"is {'null' if value is None else conversion.text(value)}")
        return None


def read(reading: Reading) -> SetVariable:
    name = reading.literal("name")
    if not reading.has("name"):
        reading.missing("name", 'write name="…".')
    if not reading.has("value"):
        reading.missing("value", 'write value="…".')
    return SetVariable(name=name or "", value=reading.named("value", conversion.anything) or Constant(""))


SHAPE: Final = Shape(
    name=NAME,
    what="keep a value for later policies",
    attributes=(
        Attribute(name="name", what='of the variable: context.Variables["name"]', required=True, is_literal=True),
        Attribute(name="value", what="the value, with the type that its expression has", required=True),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE)

"""`set-status`: the status of the answer, here or within return-response.  Gateway reference section 9."""

from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import ON_ERROR, OUTBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.passage import Passage

NAME: Final = "set-status"


@frozen(kw_only=True)
class SetStatus:
    code: Value[int]
    reason: Value[str] | None

    def perform(self, passage: Passage) -> Outcome:
        if passage.response is not None:
            passage.response = self.changed(passage.response, passage)
            passage.note("the answer", f"has the status {passage.response.status}")
        return None

    def changed(self, response: Response, passage: Passage) -> Response:
        reason = "" if self.reason is None else self.reason.of(passage)
        return evolve(response, status=self.code.of(passage), reason=reason)


def read(reading: Reading) -> SetStatus:
    if not reading.has("code"):
        reading.missing("code", 'write code="…".')
    return SetStatus(
        code=reading.number("code", 200, 599) or Constant(500), reason=reading.named("reason", conversion.header_value)
    )


SHAPE: Final = Shape(
    name=NAME,
    what="set the status of the answer",
    attributes=(
        Attribute(name="code", what="the number", required=True, suggested=("200", "401", "403", "404")),
        Attribute(name="reason", what="the words behind it"),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(OUTBOUND, ON_ERROR))

"""`mock-response`: in the backend's place the example that the operation describes, or one made of its schema.

Gateway reference section 9.
"""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.kind import INBOUND, ON_ERROR, OUTBOUND, Kind
from entrada.core.gateway.elements.outcome import Finish, Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.entities.operation import Operation, Representation
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.schemas.body import body_of
from entrada.core.gateway.schemas.kept import Schemas

NAME: Final = "mock-response"


@frozen(kw_only=True)
class MockResponse:
    status: Value[int]
    content_type: Value[str] | None
    index: Value[int]

    def perform(self, passage: Passage) -> Outcome:
        status = self.status.of(passage)
        wanted = None if self.content_type is None else self.content_type.of(passage)
        described = _described(passage.operation, status, wanted)
        body = "" if described is None else _example(described, self.index.of(passage), passage.api.schemas)
        content_type = wanted if described is None else described.content_type
        headers = (("Content-Type", content_type),) if content_type else ()
        saw = "an example of it" if body else "no example of it: the answer is empty"
        passage.note(f"{status} as {content_type or 'nothing'}, {saw}", "answered with that, without the backend")
        return Finish(Response(status=status, headers=headers, body=body.encode("utf-8", "replace")))


def _described(operation: Operation, status: int, content_type: str | None) -> Representation | None:
    listed = (form for one in operation.responses if one.status_code == status for form in one.representations)
    return next((one for one in listed if content_type in (None, one.content_type)), None)


def _example(representation: Representation, index: int, schemas: Schemas) -> str:
    examples = tuple(representation.examples.values())
    return examples[index] if index < len(examples) else body_of(representation, schemas, "response")


def read(reading: Reading) -> MockResponse:
    return MockResponse(
        status=reading.number("status-code", 200, 599) or Constant(200),
        content_type=reading.text("content-type"),
        index=reading.number("index", 0, 999) or Constant(0),
    )


SHAPE: Final = Shape(
    name=NAME,
    what="answer with the example that the operation describes",
    attributes=(
        Attribute(name="status-code", what="of the answer", default="200", suggested=("200", "201", "404")),
        Attribute(name="content-type", what="which of its forms", suggested=("application/json",)),
        Attribute(name="index", what="which of its examples, from 0", default="0"),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND, OUTBOUND, ON_ERROR))

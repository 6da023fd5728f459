"""`return-response`: this answer, and no further policy.  Gateway reference section 9."""

from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.elements import conversion, set_header, set_status
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.outcome import Finish, Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.set_header import SetHeader
from entrada.core.gateway.elements.set_status import SetStatus
from entrada.core.gateway.elements.shape import Lacking, Shape
from entrada.core.gateway.elements.value import Value
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.passage import Passage

NAME: Final = "return-response"


@frozen(kw_only=True)
class ReturnResponse:
    status: SetStatus | None
    headers: tuple[SetHeader, ...]
    body: Value[str] | None

    def perform(self, passage: Passage) -> Outcome:
        response = Response(status=200, body=b"")
        if self.status is not None:
            response = self.status.changed(response, passage)
        for one in self.headers:
            response = evolve(response, headers=one.changed(response.headers, passage))
        if self.body is not None:
            response = evolve(response, body=self.body.of(passage).encode("utf-8", "replace"))
        passage.note("the request", f"is answered here: {response.status}")
        return Finish(response)


def read(reading: Reading) -> ReturnResponse:
    reading.refuse(SHAPE.lacking)
    reading.in_order("set-status", "set-header", "set-body")
    return ReturnResponse(
        status=_status(reading.child("set-status")),
        headers=tuple(_header(one) for one in reading.children("set-header")),
        body=_body(reading.child("set-body")),
    )


def _status(reading: Reading | None) -> SetStatus | None:
    if reading is None:
        return None
    found = set_status.read(reading)
    reading.done()
    return found


def _header(reading: Reading) -> SetHeader:
    found = set_header.read(reading)
    reading.done()
    return found


def _body(reading: Reading | None) -> Value[str] | None:
    if reading is None:
        return None
    reading.refuse(_BODY.lacking)
    found = reading.content(conversion.text)
    reading.done()
    return found


_BODY: Final = Shape(
    name="set-body",
    what="its body",
    text="the text, or an expression that gives it",
    lacking=(
        Lacking(
            name="template",
            what="Liquid templates are not supported, and Azure has none in return-response either.",
            instead="write the text, or an expression.",
        ),
        Lacking(name="xsi-nil", what="xsi-nil is for liquid templates.", instead="leave it out."),
    ),
)
SHAPE: Final = Shape(
    name=NAME,
    what="answer with this, and run no further policy",
    children=(set_status.SHAPE, evolve(set_header.SHAPE, repeats=True), _BODY),
    lacking=(
        Lacking(
            name="response-variable-name",
            what="Nothing stores responses in variables here, so response-variable-name names none.",
            instead="write <set-status>, <set-header> and <set-body> in it.",
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE)

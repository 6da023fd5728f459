"""`return-response`: this answer, and no further policy.  Gateway reference section 9."""

from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.elements import conversion, set_header, set_status
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.outcome import Finish, Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.set_header import SetHeader
from entrada.core.gateway.elements.set_status import SetStatus
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
    what = "Nothing stores responses in variables here, so response-variable-name names none."
    reading.refuse_attribute("response-variable-name", what, "write <set-status>, <set-header> and <set-body> in it.")
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
    what = "Liquid templates are not supported, and Azure has none in return-response either."
    reading.refuse_attribute("template", what, "write the text, or an expression.")
    reading.refuse_attribute("xsi-nil", "xsi-nil is for liquid templates.", "leave it out.")
    found = reading.content(conversion.text)
    reading.done()
    return found


KIND: Final = Kind(name=NAME, read=read)

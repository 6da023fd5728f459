"""`forward-request`: ask the backend now.  Gateway reference section 9."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.kind import BACKEND, Kind
from entrada.core.gateway.elements.outcome import Outcome, Send
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Lacking, Shape, flag
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.passage import Passage

NAME: Final = "forward-request"
USUAL_WAIT: Final = 300  # Azure's default, which its network may cut at 240


@frozen(kw_only=True)
class ForwardRequest:
    seconds: Value[int]
    milliseconds: Value[int] | None
    fails_on_error_status: Value[bool]

    def perform(self, passage: Passage) -> Outcome:
        milliseconds = None if self.milliseconds is None else self.milliseconds.of(passage)
        timeout = float(self.seconds.of(passage)) if milliseconds is None else milliseconds / 1000
        return Send(timeout=timeout, fails_on_error_status=self.fails_on_error_status.of(passage))


def read(reading: Reading) -> ForwardRequest:
    _refuse_what_we_lack(reading)
    # Bodies stream in both directions, so neither of these changes what anybody can observe.
    reading.flag("buffer-request-body", default=False)
    reading.flag("buffer-response", default=True)
    if reading.has("timeout") and reading.has("timeout-ms"):
        what = "<forward-request> says twice how long it waits."
        reading.fault(reading.place_of("timeout-ms"), what, "keep timeout or timeout-ms.")
    return ForwardRequest(
        seconds=reading.number("timeout", 1, USUAL_WAIT) or Constant(USUAL_WAIT),
        milliseconds=reading.number("timeout-ms", 1, USUAL_WAIT * 1000),
        fails_on_error_status=reading.flag("fail-on-error-status-code", default=False),
    )


def _refuse_what_we_lack(reading: Reading) -> None:
    reading.refuse(SHAPE.lacking)
    if reading.flag("follow-redirects", default=False) != Constant(value=False):
        what = "The gateway does not follow redirects: where they lead, no policy has allowed."
        reading.fault(reading.place_of("follow-redirects"), what, "let the client follow them, or name the backend.")
    if reading.one_of("http-version", ("1", "2or1", "2"), "1") == Constant("2"):
        what = "HTTP/2 alone cannot be asked of a backend."
        reading.fault(reading.place_of("http-version"), what, 'write http-version="2or1", or leave it out.')


_DIFFERS: Final = (
    '`follow-redirects="true"` is refused: where a redirect leads, no policy has allowed.',
    '`http-version="2"` is refused; `2or1` is taken.',
)
SHAPE: Final = Shape(
    name=NAME,
    what="ask the backend now",
    attributes=(
        Attribute(name="timeout", what="how many seconds to wait", default=str(USUAL_WAIT)),
        Attribute(name="timeout-ms", what="the same in milliseconds"),
        Attribute(
            name="follow-redirects", what="false: redirects go to the client", values=("false",), default="false"
        ),
        Attribute(name="http-version", what="of the question to the backend", values=("1", "2or1"), default="1"),
        flag("fail-on-error-status-code", "whether an answer from 400 on leads to on-error", default=False),
        flag("buffer-request-body", "taken and without effect: bodies stream", default=False),
        flag("buffer-response", "taken and without effect: bodies stream", default=True),
    ),
    lacking=(
        Lacking(
            name="continue-timeout",
            what="The gateway never asks the client whether to go on.",
            instead="leave it out.",
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(BACKEND,), differs=_DIFFERS)

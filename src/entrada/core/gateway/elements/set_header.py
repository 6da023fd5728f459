"""`set-header`: a header of the request, or from outbound on of the response.  Gateway reference section 9."""

from typing import Final

from attrs import frozen

from entrada.core.gateway import headers
from entrada.core.gateway.elements import conversion, exists_action
from entrada.core.gateway.elements.exists_action import ACTION, DELETE, Setting
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, item
from entrada.core.gateway.elements.value import Constant, EvaluationFailed
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.marks import HIDDEN, of_answer, of_request
from entrada.core.gateway.passage import Passage

NAME: Final = "set-header"
UNTOUCHABLE: Final = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
OWN_LINES: Final = frozenset(
    {
        "user-agent",
        "www-authenticate",
        "proxy-authenticate",
        "cookie",
        "set-cookie",
        "date",
        "expires",
        "last-modified",
        "if-modified-since",
        "if-unmodified-since",
    }
)


@frozen
class SetHeader:
    setting: Setting

    def perform(self, passage: Passage) -> Outcome:
        passage.headers = self.changed(passage.headers, passage)
        return None

    def changed(self, lines: Headers, passage: Passage) -> Headers:
        """Raise EvaluationFailed."""
        name, action = self.setting.name.of(passage), self.setting.action.of(passage)
        if name.lower() in UNTOUCHABLE:
            raise EvaluationFailed(f"{name} belongs to the connection")
        existing = headers.values(lines, name)
        given = () if action == DELETE else tuple(one.of(passage) for one in self.setting.values)
        left = exists_action.after(action, existing, given)
        if passage.facts.is_traced:
            said = HIDDEN if name.lower() in headers.SENSITIVE or _is_marked(passage, name) else ", ".join(left)
            passage.note(
                exists_action.seen(name, existing), f"{action}: {said}" if left else f"{action}: it is not there"
            )
        return lines if left == existing else headers.replaced(lines, name, _lines(name, left))


def _is_marked(passage: Passage, name: str) -> bool:
    return bool({of_request(name), of_answer(name)} & passage.marks)


def _lines(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return values if name.lower() in OWN_LINES or len(values) < 2 else (",".join(values),)


def read(reading: Reading) -> SetHeader:
    if not reading.has("name"):
        reading.missing("name", 'write name="…".')
    name = reading.named("name", conversion.header_name) or Constant("")
    if isinstance(name, Constant) and name.value.lower() in UNTOUCHABLE:
        what = f"The header {name.value} belongs to the connection, not to the message."
        reading.fault(reading.place_of("name"), what, "leave it to the gateway.")
    return SetHeader(exists_action.read_setting(reading, name, conversion.header_value))


SHAPE: Final = Shape(
    name=NAME,
    what="set a header of the request; in outbound and on-error, of the answer",
    attributes=(Attribute(name="name", what="the header", required=True), ACTION),
    children=(item("value", "a value of it; several become one line with commas, or several lines", "the value"),),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE)

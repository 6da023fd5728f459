"""`check-header`: only requests with this header, or one of these values of it, go on.  Gateway reference 6.1."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import FLAG, Attribute, Shape, item
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.passage import Passage

NAME: Final = "check-header"
_REQUIRED: Final = ("name", "failed-check-httpcode", "failed-check-error-message", "ignore-case")


@frozen(kw_only=True)
class CheckHeader:
    name: Value[str]
    status: Value[int]
    message: Value[str]
    ignores_case: Value[bool]
    values: tuple[Value[str], ...]  # none: it must be there

    def perform(self, passage: Passage) -> Outcome:
        name = self.name.of(passage)
        found = passage.header(name)
        if found is None:
            return self._missing(name, passage)
        wanted = tuple(one.of(passage) for one in self.values)
        if wanted and not self._is_one_of(found, wanted, passage):
            return self._wrong(name, found, passage)
        passage.note(f"{name}: {_told(found)}", "let in")
        return None

    def _is_one_of(self, found: str, wanted: tuple[str, ...], passage: Passage) -> bool:
        if self.ignores_case.of(passage):
            return found.casefold() in {one.casefold() for one in wanted}
        return found in wanted

    def _missing(self, name: str, passage: Passage) -> Failure:
        return Failure(
            source=NAME,
            reason="HeaderNotFound",
            message=f"Header {name} was not found in the request. Access denied.",
            status=self.status.of(passage),
            said=self.message.of(passage),
            saw=f"no header {name}",
            would_pass=f"A request with the header {name}.",
        )

    def _wrong(self, name: str, found: str, passage: Passage) -> Failure:
        return Failure(
            source=NAME,
            reason="HeaderValueNotAllowed",
            message=f"The value of header {name} is not allowed. Access denied.",
            status=self.status.of(passage),
            said=self.message.of(passage),
            saw=f"{name}: {_told(found)}",
            would_pass=f"A request whose header {name} has a value that the policy lists.",
        )


def _told(value: str) -> str:
    """Never the value: a header that is compared is often a key, and a wrong one is one typing error from the right."""
    return f"a value of {len(value)} characters"


def read(reading: Reading) -> CheckHeader:
    for name in _REQUIRED:
        if not reading.has(name):
            reading.missing(name, f"all of {', '.join(_REQUIRED)} are needed.")
    return CheckHeader(
        name=reading.named("name", conversion.header_name) or Constant(""),
        status=reading.number("failed-check-httpcode", 400, 599) or Constant(403),
        message=reading.text("failed-check-error-message") or Constant(""),
        ignores_case=reading.flag("ignore-case", default=False),
        values=reading.texts("value"),
    )


SHAPE: Final = Shape(
    name=NAME,
    what="let in only requests with a header, or with one of its values",
    attributes=(
        Attribute(name="name", what="the header", required=True),
        Attribute(
            name="failed-check-httpcode", what="the status that a refusal has", required=True, suggested=("401", "403")
        ),
        Attribute(name="failed-check-error-message", what="what a refusal says", required=True),
        Attribute(name="ignore-case", what="whether upper and lower case are the same", values=FLAG, required=True),
    ),
    children=(
        item("value", "a value that is let in; without any the header must be there", "the value", required=False),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,))

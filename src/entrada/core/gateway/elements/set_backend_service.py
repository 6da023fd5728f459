"""`set-backend-service`: another backend than the API's own.  Gateway reference section 9."""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import BACKEND, INBOUND, Kind
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Lacking, Shape
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.exchange import Address
from entrada.core.gateway.passage import Passage

NAME: Final = "set-backend-service"


@frozen
class SetBackendService:
    base_url: Value[str]

    def perform(self, passage: Passage) -> Outcome:
        passage.service = service_address(self.base_url.of(passage))
        passage.note("the backend", f"is {passage.service}")
        return None


@lru_cache(maxsize=256)
def service_address(url: str) -> Address:
    """Of a URL that is one, and has no query."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Address(scheme=parts.scheme, host=parts.hostname or "", port=port, path=parts.path.rstrip("/"))


def read(reading: Reading) -> SetBackendService:
    reading.refuse(SHAPE.lacking)
    found = reading.named("base-url", conversion.url)
    if not reading.has("base-url") and not reading.has("backend-id"):
        reading.missing("base-url", 'write base-url="https://…".')
    return SetBackendService(found or Constant(""))


SHAPE: Final = Shape(
    name=NAME,
    what="ask another backend than the API's own",
    attributes=(Attribute(name="base-url", what="its URL", required=True),),
    lacking=(
        Lacking(
            name="backend-id",
            what="Backends are not entities of their own here, so backend-id names none.",
            instead='write base-url="https://…".',
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND, BACKEND))

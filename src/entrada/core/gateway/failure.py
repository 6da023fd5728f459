"""What went wrong in a policy: what on-error sees, and what is answered unless it answers.  Gateway reference 3.3."""

import json
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.exchange import Response
from entrada.core.gateway.headers import Headers

UNHANDLED: Final = 500


@frozen(kw_only=True)
class Failure:
    """*message* goes to the caller: nothing secret is in it.  *saw* and *would_pass* are for the trace alone."""

    source: str  # the element, or the built-in step
    reason: str
    message: str
    status: int = UNHANDLED
    headers: Headers = ()
    saw: str = ""
    would_pass: str = ""
    said: str | None = field(default=None)  # what the author wants said instead of the message

    @property
    def response(self) -> Response:
        told = self.message if self.said is None else self.said
        return Response(status=self.status, headers=(*_JSON, *self.headers), body=body(self.status, told))


def body(status: int, message: str) -> bytes:
    """Azure's own form, to the space."""
    return f'{{ "statusCode": {status}, "message": {json.dumps(message)} }}'.encode("ascii")


_JSON: Final[Headers] = (("Content-Type", "application/json"),)

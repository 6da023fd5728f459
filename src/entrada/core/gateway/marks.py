"""What a statement made out of a secret named value, so that no page shows it: by its text it is not always known."""

from typing import TYPE_CHECKING, Final, TypeAlias

from entrada.core.gateway.elements.outcome import Finish, Outcome
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.headers import Headers, values

if TYPE_CHECKING:
    from entrada.core.gateway.passage import Passage

Marks: TypeAlias = frozenset[str]
"""Of parts of the exchange; those in the words of expressions also say which of these read a secret."""
HIDDEN: Final = "***"
URL: Final = "Url"
BODY: Final = "answer: body"
_REQUEST: Final = "request: "
_ANSWER: Final = "answer: "


def of_request(name: str) -> str:
    return f"{_REQUEST}{name.lower()}"


def of_answer(name: str) -> str:
    return f"{_ANSWER}{name.lower()}"


def left_by(
    passage: "Passage", request: Request, response: Response | None, service: Address | None, outcome: Outcome
) -> Marks:
    """Of a statement that used a secret; *request*, *response* and *service* are from before it."""
    marks = {"Variables"}
    if (passage.request.url, passage.service) != (request.url, service):
        marks.add(URL)
    changed = _changed(request.headers, passage.request.headers)
    if changed:
        marks |= {"Headers", *map(of_request, changed)}
    after = outcome.response if isinstance(outcome, Finish) else passage.response
    if after is not None and after is not response:
        known = () if response is None or isinstance(outcome, Finish) else response.headers
        marks |= {"Response", *map(of_answer, _changed(known, after.headers))}
        marks |= {BODY} if isinstance(outcome, Finish) else set()
    if isinstance(outcome, Failure):
        marks |= {"LastError"} | ({BODY} if passage.computes_secret else set())
    return frozenset(marks)


def _changed(before: Headers, after: Headers) -> set[str]:
    if before is after:
        return set()
    return {name for name, _ in after if values(before, name) != values(after, name)}

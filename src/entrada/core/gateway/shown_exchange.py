"""A request and an answer as pages show them: without what came of a secret named value, and without tokens."""

from collections.abc import Iterable

from attrs import field, frozen

from entrada.core.gateway import headers, marks
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.verdict import Answer, Forward


@frozen(kw_only=True)
class Shown:
    """*url* is of a request, *reason* and *body* of an answer; the backend's own body is nobody's here."""

    url: str = ""
    reason: str = ""
    headers: Headers = ()
    body: str | None = field(default=None, repr=False)


def shown_request(forward: Forward, hidden: Iterable[str] = ()) -> Shown:
    request: Request = forward.request
    secrets = (*forward.secrets, *hidden)
    whole = f"{request.url}?{request.url.query}" if request.url.query else f"{request.url}"
    return Shown(
        url=marks.HIDDEN if marks.URL in forward.marks else without(whole, secrets),
        headers=tuple(
            (name, _value(name, value, marks.of_request(name) in forward.marks, secrets))
            for name, value in request.headers
        ),
    )


def shown_answer(answer: Answer, hidden: Iterable[str] = ()) -> Shown:
    response: Response = answer.response
    secrets = (*answer.secrets, *hidden)
    is_marked = marks.BODY in answer.marks
    body = None if response.body is None else response.body.decode("utf-8", "replace")
    return Shown(
        reason=marks.HIDDEN if is_marked and response.reason else without(response.reason, secrets),
        headers=tuple(
            (name, _value(name, value, marks.of_answer(name) in answer.marks, secrets))
            for name, value in response.headers
        ),
        body=marks.HIDDEN if is_marked and body else None if body is None else without(body, secrets),
    )


def without(text: str, secrets: Iterable[str]) -> str:
    for one in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(one, marks.HIDDEN)
    return text


def _value(name: str, value: str, is_marked: bool, secrets: tuple[str, ...]) -> str:  # noqa: FBT001
    return marks.HIDDEN if is_marked or name.lower() in headers.SENSITIVE else without(value, secrets)

"""The JSON object a request carries: strict, small, not deep.  RFC 8259."""

from typing import Final, cast

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.jose.json_object import parse_object
from entrada.server.web.by_token.asked import Asked, Json

LARGEST: Final = 1024 * 1024
DEEPEST: Final = 16
_JSON: Final = "application/json"


def read_body(asked: Asked) -> Json | Problem:
    if len(asked.body) > LARGEST:
        return too_large()
    if not asked.body.strip():
        return {}
    media_type, _, parameters = asked.headers.get("content-type", "").partition(";")
    charset = parameters.lower().partition("charset=")[2].split(";")[0].strip(' "')
    if media_type.strip().lower() != _JSON or charset not in {"", "utf-8"}:
        message = f"The body is {_JSON} in UTF-8: say so in the Content-Type header."
        return Problem(status=415, code="UnsupportedMediaType", message=message)
    try:
        members = parse_object(asked.body)
    except ValueError as error:  # UnicodeDecodeError is one, too
        return bad(f"The body is no JSON object as it has to be: {_said(error)}.")
    return members if _is_shallow(members) else bad(f"The body is nested deeper than {DEEPEST}.")


def too_large() -> Problem:
    return Problem(status=413, code="RequestEntityTooLarge", message=f"A body is at most {LARGEST} bytes.")


def _said(error: ValueError) -> str:
    return "it is not UTF-8" if isinstance(error, UnicodeError) else str(error)[:200]


def _is_shallow(members: Json) -> bool:
    level: list[object] = [members]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _within(one)]
        if not level:
            return True
    return False


def _within(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(cast("dict[str, object]", value).values())
    return cast("list[object]", value) if isinstance(value, list) else []

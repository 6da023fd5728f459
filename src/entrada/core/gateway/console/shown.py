"""A request and its response as a page shows them: laid out to be read, and without tokens and keys."""

import json
from collections.abc import Callable, Iterable
from typing import Final, TypeVar, cast
from xml.etree import ElementTree as ET

from attrs import field, frozen

from entrada.core.gateway.headers import Headers
from entrada.core.gateway.schemas.media import is_json

T = TypeVar("T")
LONGEST_TEXT: Final = 256 * 1024
_LAID_OUT: Final = 64 * 1024  # characters: more is shown as it came
_DEEPEST: Final = 32  # each line begins with blanks for everything that it is within
_TEXTS: Final = ("text/", "application/xml", "application/javascript", "application/x-www-form-urlencoded")
_SHOWN_OF_SECRET: Final = 6
_SECRET_LINES: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})


@frozen(kw_only=True)
class Body:
    """*text* is None for what no page can show."""

    text: str | None = field(default=None, repr=False)
    size: int
    media_type: str
    is_cut: bool = False


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Each secret by its beginning: a backend may answer with what it was sent."""
    for one in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(one, short(one))
    return text


def short(secret: str) -> str:
    """Of a JWT, whose header anybody may see, the beginning; of a key nothing."""
    begins = secret[:_SHOWN_OF_SECRET] if secret.count(".") == 2 else ""
    return f"{begins}… ({len(secret):,} characters)"


def shown_headers(headers: Headers, secrets: Iterable[str]) -> tuple[tuple[str, str], ...]:
    known = tuple(secrets)
    return tuple((name, _shown_value(name, value, known)) for name, value in headers)


def _shown_value(name: str, value: str, secrets: tuple[str, ...]) -> str:
    safe = hidden(value, secrets)
    if name.lower() not in _SECRET_LINES or safe != value:
        return safe
    scheme, space, rest = value.partition(" ")
    return f"{scheme} {short(rest)}" if space and name.lower().endswith("authorization") else short(value)


def media_type_of(headers: Headers) -> str:
    found = next((value for name, value in headers if name.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower()


def read_body(headers: Headers, body: bytes, secrets: Iterable[str], *, is_cut: bool = False) -> Body:
    kind = media_type_of(headers)
    size = len(body)
    encoded = any(name.lower() == "content-encoding" and value.lower() != "identity" for name, value in headers)
    text = None if encoded else _text(kind, body)
    if text is None:
        return Body(size=size, media_type=kind, is_cut=is_cut)
    laid_out = text if is_cut else _laid_out(kind, text)
    safe = hidden(laid_out, secrets)
    return Body(text=safe[:LONGEST_TEXT], size=size, media_type=kind, is_cut=is_cut or len(safe) > LONGEST_TEXT)


def _text(kind: str, body: bytes) -> str | None:
    if not (is_json(kind) or kind.endswith("+xml") or kind.startswith(_TEXTS) or not kind):
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _laid_out(kind: str, text: str) -> str:
    if len(text) > _LAID_OUT:
        return text
    try:
        if is_json(kind) or (not kind and text.lstrip()[:1] in ("{", "[")):
            return _json(text)
        if kind.endswith(("/xml", "+xml")) and "<!DOCTYPE" not in text.upper():
            return _xml(text)
    except (ValueError, ET.ParseError, RecursionError):
        return text
    return text


def _json(text: str) -> str:
    value = json.loads(text)
    return text if _is_deep(value, _within) else json.dumps(value, indent=2, ensure_ascii=False)


def _xml(text: str) -> str:
    tree = ET.fromstring(text)  # noqa: S314 - without a DTD there are no entities
    if _is_deep(tree, iter):
        return text
    ET.indent(tree)
    return ET.tostring(tree, encoding="unicode")


def _is_deep(value: T, within: Callable[[T], Iterable[T]]) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inside for one in level for inside in within(one)]
    return bool(level)


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()

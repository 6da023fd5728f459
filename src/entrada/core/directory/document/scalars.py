"""Words of the file as values: text, GUIDs, dates, domains; each reader says what it would have taken."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from attrs import frozen

from entrada.core.directory import plain_text
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.tree import Node, Position, Scalar
from entrada.core.directory.ids import ClientId, parse_guid
from entrada.core.directory.names import DOMAIN, PRINCIPAL_NAME
from entrada.core.directory.permission import VALUE
from entrada.core.directory.policy_limits import TOKEN_LIFETIME
from entrada.core.jose.numeric_date import NumericDate, Seconds

E = TypeVar("E", bound=StrEnum)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SPAN = re.compile(r"(?:([0-9])\.)?([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])")
_NUMBER = re.compile(r"[0-9]{1,9}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@frozen
class Reference:
    """A name that must be known elsewhere, and where it was used."""

    text: str
    at: Position


def _scalar(node: Node) -> Scalar:
    if not isinstance(node, Scalar) or node.is_null:
        raise FaultFound(node.at, "This takes a single value.")
    return node


def paragraphs(node: Node) -> str:
    said = _scalar(node)
    if not plain_text.is_paragraphs(said.text):
        raise FaultFound(said.at, "This text holds a control character.")
    return said.text


def text(node: Node) -> str:
    said = line(node)
    if not said.strip():
        raise FaultFound(node.at, "This takes one line of text.")
    return said


def line(node: Node) -> str:
    """It may be empty, where there is something else to tell the object by."""
    said = paragraphs(node)
    if not plain_text.is_line(said):
        raise FaultFound(node.at, "This takes one line of text.")
    return said


def reference(node: Node) -> Reference:
    return Reference(text(node), node.at)


def boolean(node: Node) -> bool:
    said = _scalar(node)
    if not said.plain or said.text not in {"true", "false"}:
        raise FaultFound(said.at, f"This is true or false, not {said.text!r}.")
    return said.text == "true"


def guid(node: Node) -> str:
    said = _scalar(node)
    if (canonical := parse_guid(said.text)) is None:
        raise FaultFound(said.at, f"{said.text!r} is not a GUID.")
    return canonical


def client_id(node: Node) -> ClientId:
    return ClientId(guid(node))


def moment(node: Node) -> NumericDate:
    """An RFC 3339 date and time; parts of seconds are dropped."""
    said = _scalar(node)
    try:
        parsed = datetime.fromisoformat(said.text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise FaultFound(said.at, f"{said.text!r} is not a date and time such as 2026-01-31T09:30:00Z.")
    return NumericDate(int(parsed.timestamp() // 1))


def span(shortest: Seconds, longest: Seconds) -> Callable[[Node], Seconds]:
    """Reads hours, minutes and seconds as Graph writes them: 01:30:00, or 1.00:00:00 for a day."""

    def read(node: Node) -> Seconds:
        said = _scalar(node)
        if (parts := _SPAN.fullmatch(said.text)) is None:
            raise FaultFound(said.at, f"{said.text!r} is not a span of time such as 01:30:00.")
        days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        found = Seconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
        if not shortest <= found <= longest:
            limits = f"{written_span(shortest)} to {written_span(longest)}"
            raise FaultFound(said.at, f"This takes a span of {limits}, not {said.text}.")
        return found

    return read


def written_span(seconds: Seconds) -> str:
    days, rest = divmod(seconds, 24 * 60 * 60)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}.{clock}" if days else clock


def written_lifetime(seconds: Seconds | None) -> str | None:
    return None if seconds is None else written_span(seconds)


token_lifetime = span(*TOKEN_LIFETIME)


def number(least: int, most: int) -> Callable[[Node], int]:
    def read(node: Node) -> int:
        said = _scalar(node)
        if not _NUMBER.fullmatch(said.text) or not least <= int(said.text) <= most:
            raise FaultFound(said.at, f"This is a number from {least} to {most}, not {said.text!r}.")
        return int(said.text)

    return read


def matching(pattern: re.Pattern[str], wanted: str) -> Callable[[Node], str]:
    def read(node: Node) -> str:
        said = _scalar(node)
        if not pattern.fullmatch(said.text):
            raise FaultFound(said.at, f"{said.text!r} is not {wanted}.")
        return said.text

    return read


domain = matching(DOMAIN, "a domain in lower case, such as colors.example")
principal_name = matching(PRINCIPAL_NAME, "a user principal name such as ada@colors.example")
permission_value = matching(VALUE, "a permission's value: at most 120 letters, digits and punctuation")
country = matching(re.compile(r"[A-Z]{2}"), "a country in two capital letters, such as CH")
language = matching(re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"), "a language such as en or de-CH")
sha256 = matching(_SHA256, "a SHA-256 digest: 64 hexadecimal digits in lower case")
variable = matching(_VARIABLE, "the name of an environment variable")
argon2_hash = matching(re.compile(r"\$argon2id\$[!-~]+"), "an Argon2id hash: it begins with $argon2id$")


def one_of(kind: type[E]) -> Callable[[Node], E]:
    def read(node: Node) -> E:
        said = _scalar(node)
        try:
            return kind(said.text)
        except ValueError:
            raise FaultFound(said.at, f"{said.text!r} is none of {', '.join(kind)}.") from None

    return read


def token_version(node: Node) -> int:
    said = _scalar(node)
    if said.text not in {"1", "2"}:
        raise FaultFound(said.at, f"A token version is 1 or 2, not {said.text!r}.")
    return int(said.text)

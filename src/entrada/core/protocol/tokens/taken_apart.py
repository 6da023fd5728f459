"""Take a token apart to look at it, and believe nothing: also what no API would take.  RFC 7515 §7.1, RFC 7516 §7.1."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from entrada.core.jose import base64url
from entrada.core.jose.json_object import parse_object

LONGEST: Final = 256 * 1024  # characters: more than any header carries
_ENCRYPTED_PARTS: Final = 5


class Form(StrEnum):
    SIGNED = "signed"
    ENCRYPTED = "encrypted"


@frozen
class NotReadable:
    words: str


@frozen(kw_only=True)
class TakenApart:
    form: Form
    header: Mapping[str, object] = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)  # none of an encrypted one
    signature: str = field(repr=False)  # as it stands, base64url


def take_apart(token: str) -> TakenApart | NotReadable:
    if len(token) > LONGEST:
        return NotReadable(f"It is longer than {LONGEST} characters.")
    parts = token.split(".")
    if len(parts) == _ENCRYPTED_PARTS:
        return _encrypted(parts[0])
    if len(parts) != 3:
        return NotReadable(
            "It is not three parts joined by dots: no JWT, but an opaque token, a code or a secret, "
            "which only its issuer can read."
        )
    header, claims = _object(parts[0], "header"), _object(parts[1], "payload")
    if isinstance(header, NotReadable):
        return header
    if isinstance(claims, NotReadable):
        return claims
    return TakenApart(form=Form.SIGNED, header=header, claims=claims, signature=parts[2])


def _encrypted(part: str) -> TakenApart | NotReadable:
    header = _object(part, "header")
    if isinstance(header, NotReadable):
        return header
    return TakenApart(form=Form.ENCRYPTED, header=header, claims={}, signature="")


def _object(part: str, what: str) -> Mapping[str, object] | NotReadable:
    try:
        data = base64url.decode(part.rstrip("="))
    except ValueError:
        return NotReadable(f"Its {what} is not base64url: was it cut, or wrapped?")
    try:
        return parse_object(data)
    except ValueError as error:
        return NotReadable(f"Its {what} is not one JSON object: {error}.")

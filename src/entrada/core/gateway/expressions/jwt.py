"""A token's words as expressions see them: AsJwt() and TryParseJwt().  Nothing is verified.  Gateway reference 12.1."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from entrada.core.gateway.expressions.context import Jwt
from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.jose import base64url
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.json_object import parse_object
from entrada.core.jose.token_parts import split

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEME: Final = "bearer "


def parse_jwt(text: str | None) -> Jwt | None:
    """None for what is no JWT in form.

    An Authorization header may be given as it came: published policies write `GetValueOrDefault("Authorization")
    .AsJwt()` [unverified that Azure takes the scheme].
    """
    if text is None:
        return None
    bare = text[len(_SCHEME) :].strip() if text.lower().startswith(_SCHEME) else text.strip()
    try:
        header, claims, _ = split(bare)
        return jwt_of(parse_object(base64url.decode(header)), parse_object(base64url.decode(claims)))
    except (InvalidToken, ValueError):
        return None


def jwt_of(header: Mapping[str, object], claims: Mapping[str, object]) -> Jwt:
    return Jwt(
        algorithm=_text(header.get("alg")),
        type=_text(header.get("typ")),
        id=_text(claims.get("jti")),
        issuer=_text(claims.get("iss")),
        subject=_text(claims.get("sub")),
        audiences=claim_values(claims.get("aud")),
        claims=Dictionary({name: claim_values(value) for name, value in claims.items()}),
        issued_at=_time(claims.get("iat")),
        not_before=_time(claims.get("nbf")),
        expiration_time=_time(claims.get("exp")),
    )


def claim_values(claim: object) -> tuple[str, ...]:
    """An array is many values; each as the text that policies compare with.  Null is none."""
    if isinstance(claim, (list, tuple)):
        return tuple(text for one in cast("Sequence[object]", claim) for text in _texts(one))
    return _texts(claim)


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False),)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return _EPOCH + timedelta(seconds=value)
    except (OverflowError, ValueError):
        return None

"""Sign and verify JSON Web Tokens in the compact form.  RFC 7515, sections 3.1 and 7.1; RFC 7519; RFC 8725.

Every token entrada issues or accepts passes here, so the form is put together by hand over the bare RSA operation. The
key says the algorithm, never the token: there is no `none` and no HMAC. Keys that the header brings (`jwk`, `jku`,
`x5c`) are not read.
"""

from collections.abc import Mapping
from functools import lru_cache
from json import JSONEncoder
from typing import Final

from cryptography.exceptions import InvalidSignature

from entrada.core.jose import base64url, rs256
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.key import SigningKey, VerificationKey
from entrada.core.jose.token_parts import decoded, parsed_claims, parsed_header, split
from entrada.core.jose.verified_claims import Signed, VerifiedClaims

__all__ = ["Flaw", "InvalidToken", "VerifiedClaims", "sign", "verify"]

_ALGORITHMS: Final = (rs256.ALGORITHM,)
_OURS: Final = frozenset({"alg", "kid", "crit"})  # header members no caller may set

_to_json: Final = JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False).encode


def sign(claims: Mapping[str, object], key: SigningKey, *, header: Mapping[str, str] | None = None) -> str:
    """The token, claims in the order given.

    *header* brings members for between `alg` and `kid` (v1 tokens: `x5t`), or another `typ`. Raises ValueError or
    TypeError for claims that are not JSON.
    """
    start = _encoded_header(key.kid, tuple(header.items()) if header else ())
    signing_input = start + base64url.encode_to_bytes(_to_json(dict(claims)).encode("utf-8"))
    signature = base64url.encode_to_bytes(rs256.sign(signing_input, key.private_key))
    return (signing_input + b"." + signature).decode("ascii")


@lru_cache(maxsize=64)
def _encoded_header(kid: str, extra: tuple[tuple[str, str], ...]) -> bytes:
    """The first part and its dot: the same for every token of a key."""
    if not _OURS.isdisjoint(dict(extra)):
        raise ValueError("alg, kid and crit are the signer's to say")
    members = {"typ": "JWT", "alg": rs256.ALGORITHM, **dict(extra), "kid": kid}
    return base64url.encode_to_bytes(_to_json(members).encode("utf-8")) + b"."


def verify(token: str, keys: Mapping[str, VerificationKey]) -> VerifiedClaims:
    """Check form and signature; raise InvalidToken.  *keys* are those of the issuer we trust, by `kid`."""
    header, payload, signature = split(token)
    key = _chosen_key(decoded(header), keys)
    payload_bytes = decoded(payload)
    try:
        rs256.verify(decoded(signature), f"{header}.{payload}".encode("ascii"), key.public_key)
    except InvalidSignature:
        raise InvalidToken(Flaw.BAD_SIGNATURE) from None
    return VerifiedClaims(Signed(parsed_claims(payload_bytes)))


def _chosen_key(header: bytes, keys: Mapping[str, VerificationKey]) -> VerificationKey:
    kid = parsed_header(header, _ALGORITHMS).get("kid")
    key = keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    return key

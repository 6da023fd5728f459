"""Proof Key for Code Exchange.  RFC 7636 §4.

A challenge is kept as the SHA-256 of the verifier, whichever method it came by: S256 sends that digest, and plain sends
the verifier itself, whose digest we take.
"""

import hashlib
import hmac
import re

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose import base64url

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]{43,128}", re.ASCII)


def parse_challenge(challenge: str | None, method: str | None) -> bytes | Refusal:
    """The verifier's digest; empty when no challenge was sent."""
    if challenge is None:
        return b"" if method is None else Refusal(why.MISSING_CODE_CHALLENGE)
    if not _UNRESERVED.fullmatch(challenge):
        return Refusal(why.MISSING_CODE_CHALLENGE)
    match method or "plain":  # RFC 7636 §4.3: a missing method means plain
        case "plain":
            return _digest(challenge)
        case "S256":
            return _decoded(challenge)
        case _:
            return Refusal(why.BAD_CODE_CHALLENGE_METHOD)


def verifies(verifier: str | None, digest: bytes) -> bool:
    """Whether *verifier* opens the challenge; without a challenge none does (RFC 9700 §4.8.2)."""
    if not digest or verifier is None:
        return not digest and verifier is None
    return bool(_UNRESERVED.fullmatch(verifier)) and hmac.compare_digest(_digest(verifier), digest)


def _digest(verifier: str) -> bytes:
    return hashlib.sha256(verifier.encode()).digest()


def _decoded(challenge: str) -> bytes | Refusal:
    try:
        digest = base64url.decode(challenge)
    except ValueError:
        return Refusal(why.BAD_CODE_CHALLENGE_METHOD)
    return digest if len(digest) == hashlib.sha256().digest_size else Refusal(why.BAD_CODE_CHALLENGE_METHOD)

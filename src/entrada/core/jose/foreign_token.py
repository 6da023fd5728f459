"""Read and verify tokens that others sign: a client's assertion, an external issuer's.  RFC 7515; RFC 7518, section 3.

Two steps, because what a token says of itself decides whose key it is checked with: `read` believes nothing, `verify`
checks the signature.  The algorithm must be on the list and fit the key; there is no `none` and no HMAC.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from entrada.core.jose import rs256
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.token_parts import decoded, parsed_claims, parsed_header, split
from entrada.core.jose.verified_claims import Signed, VerifiedClaims

MAXIMUM_BITS: Final = 8192  # what a stranger's key may cost us
PublicKey = RSAPublicKey | EllipticCurvePublicKey

_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
_PS256: Final = PSS(MGF1(SHA256()), PSS.DIGEST_LENGTH)  # RFC 7518 §3.5: the salt is as long as the hash
_HALF: Final = 32  # bytes of each number of an ES256 signature (RFC 7518 §3.4)


@frozen(kw_only=True)
class ForeignToken:
    """What a token says, nothing of it checked."""

    header: Mapping[str, object] = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def text(self, name: str) -> str | None:
        """A claim that is a string, or None."""
        value = self.claims.get(name)
        return value if isinstance(value, str) else None


def read(token: str) -> ForeignToken:
    """Raise InvalidToken for anything but a signed JWT in the compact form, of a size and kind that we read."""
    header, payload, signature = (decoded(_without_padding(part)) for part in split(token))
    return ForeignToken(
        header=parsed_header(header, _ALGORITHMS),
        claims=parsed_claims(payload),
        signing_input=token.rpartition(".")[0].encode("ascii"),
        signature=signature,
    )


def verify(token: ForeignToken, key: PublicKey) -> VerifiedClaims:
    """Raise InvalidToken unless *key*, which the caller trusts, made the signature."""
    try:
        match token.header["alg"], key:
            case "RS256", RSAPublicKey():
                rs256.verify(token.signature, token.signing_input, key)
            case "PS256", RSAPublicKey():
                key.verify(token.signature, token.signing_input, _PS256, SHA256())
            case "ES256", EllipticCurvePublicKey():
                key.verify(_as_der(token.signature), token.signing_input, ECDSA(SHA256()))
            case _:
                raise InvalidToken(Flaw.WRONG_ALGORITHM)
    except InvalidSignature:
        raise InvalidToken(Flaw.BAD_SIGNATURE) from None
    return VerifiedClaims(Signed(dict(token.claims)))


def is_usable(key: object) -> bool:
    """RSA of 2048 to 8192 bits, or a point on P-256."""
    if isinstance(key, RSAPublicKey):
        return rs256.MINIMUM_BITS <= key.key_size <= MAXIMUM_BITS
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def _as_der(signature: bytes) -> bytes:
    if len(signature) != 2 * _HALF:
        raise InvalidToken(Flaw.BAD_SIGNATURE)
    halves = (signature[:_HALF], signature[_HALF:])
    return encode_dss_signature(*(int.from_bytes(half, "big") for half in halves))


def _without_padding(part: str) -> str:
    # azure-identity's asynchronous certificate credential pads its parts, and signs them so.
    return part.removesuffix("=").removesuffix("=") if len(part) % 4 == 0 else part

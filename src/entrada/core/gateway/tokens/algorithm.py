"""Which key may verify which algorithm, and the verification itself.  RFC 7518, section 3; RFC 8037; RFC 8725, 3.1.

The key's type decides what an `alg` may be: a public key never becomes an HMAC secret, whatever a token says.
"""

import hmac
from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import field, frozen
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm


@frozen
class Secret:
    """A symmetric key: only a policy brings one, never a published key set."""

    value: bytes = field(repr=False)


Material: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey | Secret


def fits(name: str, key: Material) -> bool:
    """Whether this is an algorithm of that kind of key."""
    match key:
        case RSAPublicKey():
            return name[:2] in ("RS", "PS")
        case EllipticCurvePublicKey():
            return _CURVES.get(name) == key.curve.name
        case Ed25519PublicKey():
            return name == "EdDSA"
        case Secret():
            # RFC 7518 §3.2: a key at least as long as the hash.
            return name[:2] == "HS" and len(key.value) >= _HASHES[name[2:]]().digest_size


def verifies(name: str, key: Material, signed: bytes, signature: bytes) -> bool:
    """Whether *key* made *signature*; never with an algorithm that is not one of that key."""
    if name not in ALGORITHMS or not fits(name, key):
        return False
    try:
        return _check(key, _HASHES.get(name[2:], SHA512)(), signed, signature, is_pss=name.startswith("PS"))
    except InvalidSignature:
        return False


def _check(key: Material, digest: HashAlgorithm, signed: bytes, signature: bytes, *, is_pss: bool) -> bool:
    """Raise InvalidSignature, or say no."""
    match key:
        case RSAPublicKey():
            padding = PSS(MGF1(digest), PSS.DIGEST_LENGTH) if is_pss else PKCS1v15()
            key.verify(signature, signed, padding, digest)
        case EllipticCurvePublicKey():
            key.verify(_as_der(signature, key), signed, ECDSA(digest))
        case Ed25519PublicKey():
            key.verify(signature, signed)
        case Secret():
            return hmac.compare_digest(hmac.digest(key.value, signed, digest.name), signature)
    return True


def _as_der(signature: bytes, key: EllipticCurvePublicKey) -> bytes:
    half = (key.curve.key_size + 7) // 8  # RFC 7518 §3.4
    if len(signature) != 2 * half:
        raise InvalidSignature
    r, s = signature[:half], signature[half:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))


_HASHES: Final[Mapping[str, type[HashAlgorithm]]] = {"256": SHA256, "384": SHA384, "512": SHA512}
_CURVES: Final = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
# A tuple: what a token says its algorithm is may be anything, a list for one, which no set can be asked about.
ALGORITHMS: Final = (*(f"{kind}{bits}" for kind in ("RS", "PS", "HS") for bits in _HASHES), *_CURVES, "EdDSA")

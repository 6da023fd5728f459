"""The keys of a policy and its providers as Envoy takes them: JWKs, bound to what they may verify.  RFC 7517, 7518."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.tokens.algorithm import Material, Secret, fits
from entrada.core.gateway.tokens.key import Key
from entrada.core.jose import base64url

_HMACS: Final = ("HS256", "HS384", "HS512")
_CURVES: Final = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}


def key_set(keys: Sequence[Key]) -> str:
    """Raises NotNative where Envoy would try another key than `decide`."""
    if any(key.kid for key in keys) and not all(key.kid for key in keys):
        # `decide` tries a key without an id only where none has the token's; Envoy tries both.
        raise NotNative("some of its keys have an id, and some have none")
    return json.dumps({"keys": [jwk for key in keys for jwk in _jwks(key)]}, sort_keys=True, separators=(",", ":"))


def _jwks(key: Key) -> Iterator[dict[str, Any]]:
    about = {"use": "sig", **({"kid": key.kid} if key.kid else {})}
    if isinstance(key.material, Secret):
        # One for each algorithm: Envoy looks at no length of a secret (RFC 7518 §3.2).
        for name in _HMACS:
            if fits(name, key.material) and key.algorithm in (None, name):
                yield {**about, "kty": "oct", "alg": name, "k": base64url.encode(key.material.value)}
        return
    yield {**about, **({"alg": key.algorithm} if key.algorithm else {}), **_public(key.material)}


def _public(material: Material) -> dict[str, Any]:
    match material:
        case RSAPublicKey():
            numbers = material.public_numbers()
            return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        case EllipticCurvePublicKey():
            point, size = material.public_numbers(), (material.key_size + 7) // 8
            curve = _CURVES[material.curve.name]
            return {"kty": "EC", "crv": curve, "x": _number(point.x, size), "y": _number(point.y, size)}
        case Ed25519PublicKey():
            raw = material.public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)}
        case Secret():
            raise NotNative("a secret is no public key")


def _number(value: int, size: int = 0) -> str:
    return base64url.encode(value.to_bytes(max(size, (value.bit_length() + 7) // 8), "big"))

"""An authority that signs whatever a test wants it to say, publishes what it is told to, and counts its calls."""

import hmac
import json
from typing import Any

from attrs import define, field
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from entrada.client.authority import entra_authority
from entrada.client.flow import Call, Reply, Unreachable
from entrada.client.settings import Settings
from entrada.core.jose import base64url

TENANT = "c0105000-0000-4000-8000-000000000001"
OTHER_TENANT = "9e7a1500-0000-4000-8000-000000000001"
API = "c0105000-0000-4000-8000-00000000ba51"
CLIENT = "c0105000-0000-4000-8000-0000000005fa"
DAEMON = "c0105000-0000-4000-8000-0000000dae01"
ADA = "c0105000-0000-4000-8000-0000000000a1"
ORIGIN = "https://login.example"
NOW = 1_800_000_000
KEY, NEW_KEY, FORGERS = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
SETTINGS = Settings(authority=entra_authority(f"{ORIGIN}/{TENANT}"), client_id=API)


def issuer(tenant: str = TENANT) -> str:
    return f"{ORIGIN}/{tenant}/v2.0"


def person(**changes: Any) -> dict[str, Any]:
    return _with(
        {
            "aud": API, "iss": issuer(), "iat": NOW, "nbf": NOW, "exp": NOW + 3600, "azp": CLIENT, "azpacr": "0",
            "name": "Ada Amber", "oid": ADA, "scp": "Colors.Read", "sub": "pairwise-of-ada", "tid": TENANT, "ver": "2.0",
        },
        changes,
    )  # fmt: skip


def program(**changes: Any) -> dict[str, Any]:
    return _with(
        {
            "aud": API, "iss": issuer(), "iat": NOW, "nbf": NOW, "exp": NOW + 3600, "azp": DAEMON, "azpacr": "1",
            "oid": "of-a-principal", "sub": "of-a-principal", "roles": ["Colors.ReadAll"], "tid": TENANT, "ver": "2.0",
        },
        changes,
    )  # fmt: skip


def _with(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def signed(claims: dict[str, Any], *, key: Any = KEY, **header: Any) -> str:
    head = _with({"typ": "JWT", "alg": "RS256", "kid": "k1"}, header)
    signing_input = ".".join(base64url.encode(json.dumps(part).encode()) for part in (head, claims))
    return f"{signing_input}.{base64url.encode(_signature(head['alg'], signing_input.encode(), key))}"


def _signature(alg: str, data: bytes, key: Any) -> bytes:
    if alg == "none":
        return b""
    if alg == "HS256":  # with the public key as its secret, which everybody knows
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hmac.digest(public, data, "sha256")
    if alg == "PS256":
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def jwk(kid: str, key: Any) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    n, e = (base64url.encode(one.to_bytes((one.bit_length() + 7) // 8, "big")) for one in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e}


@define
class Authority:
    named: str = issuer()
    keys: list[dict[str, str]] = field(factory=lambda: [jwk("k1", KEY)])
    down: bool = False
    calls: list[str] = field(factory=list)

    def __call__(self, call: Call) -> Reply:
        self.calls.append(call.url)
        if self.down:
            raise Unreachable("nobody answers")
        keys = call.url.endswith("/keys")
        return Reply(status=200, body=json.dumps({"keys": self.keys} if keys else self._metadata()).encode())

    def asked_for_keys(self) -> int:
        return sum(url.endswith("/keys") for url in self.calls)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.named,
            "authorization_endpoint": f"{ORIGIN}/authorize",
            "token_endpoint": f"{ORIGIN}/token",
            "jwks_uri": f"{ORIGIN}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }


@define
class Clock:
    now: int = NOW

    def __call__(self) -> int:
        return self.now

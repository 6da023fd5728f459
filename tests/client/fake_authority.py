"""An authority that answers a flow's calls as a test wants it to, one thing spoilt at a time."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from attrs import define, field
from cryptography.hazmat.primitives.asymmetric import rsa

from entrada.client.flow import Call, Reply, Unreachable
from entrada.core.jose import base64url, rs256

AUTHORITY = "https://login.example/organizations"
TENANT = "c0105000-0000-4000-8000-000000000001"
CLIENT = "11111111-0000-4000-8000-000000000001"
NOW = 1_800_000_000
KEY, OTHER_KEY, PERSONAL_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))


def jwk(kid: str, key: Any = KEY) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    n, e = (base64url.encode(one.to_bytes((one.bit_length() + 7) // 8, "big")) for one in (numbers.n, numbers.e))
    return {"kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e}


def signed(claims: dict[str, Any], *, kid: str = "k1", key: Any = KEY, alg: str = "RS256") -> str:
    head, body = (base64url.encode(json.dumps(part).encode()) for part in ({"alg": alg, "kid": kid}, claims))
    signing_input = f"{head}.{body}"
    signature = "" if alg == "none" else base64url.encode(rs256.sign(signing_input.encode(), key))
    return f"{signing_input}.{signature}"


@define
class FakeAuthority:
    issuer: str = "https://login.example/{tenantid}/v2.0"
    metadata: dict[str, Any] = field(factory=dict)  # changes
    keys: list[dict[str, str]] = field(factory=lambda: [jwk("k1")])
    claims: dict[str, Any] = field(factory=dict)  # changes; None leaves one out
    token: dict[str, Any] = field(factory=dict)  # of signing: kid, key, alg
    spoilt: Any = None  # a row of `spoilt_id_tokens`
    answer: dict[str, Any] = field(factory=dict)  # changes of the token endpoint's
    status: int = 200
    first: list[Reply] = field(factory=list)  # of the token endpoint, before its own
    device: dict[str, Any] = field(factory=dict)  # changes of the answer to a device
    down: bool = False
    ails: dict[str, Reply] = field(factory=dict)  # what is answered instead, by the ending of the URL
    calls: list[Call] = field(factory=list)
    nonce: str = ""

    def __call__(self, call: Call) -> Reply:
        self.calls.append(call)
        if self.down:
            raise Unreachable("nobody answers")
        for ending, reply in self.ails.items():
            if call.url.endswith(ending):
                return reply
        if call.url.endswith("openid-configuration"):
            return said(self._metadata())
        if call.url.endswith("/keys"):
            return said({"keys": self.keys})
        if call.url.endswith("/devicecode"):
            return said(self._device())
        if self.first:
            return self.first.pop(0)
        return said(self._tokens(), self.status)

    @property
    def forms(self) -> list[dict[str, str]]:
        """What was posted, in order."""
        return [dict(call.form) for call in self.calls if call.form is not None]

    def asked(self, url: str) -> dict[str, str]:
        """The authorization request; its nonce is what the ID token will say."""
        found = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce = found["nonce"]
        return found

    def count(self, ending: str) -> int:
        return sum(call.url.endswith(ending) for call in self.calls)

    def _metadata(self) -> dict[str, Any]:
        base = "https://login.example/organizations"
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "jwks_uri": f"{base}/keys",
            "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            **self.metadata,
        }

    def _device(self) -> dict[str, Any]:
        answer = {"device_code": "d-1", "user_code": "ABCD1234", "verification_uri": "https://login.example/devicelogin",
                  "expires_in": 900, "interval": 5, "message": "Open it and enter the code.", **self.device}  # fmt: skip
        return {name: value for name, value in answer.items() if value is not None}

    def _tokens(self) -> dict[str, Any]:
        claims = {
            "iss": f"https://login.example/{TENANT}/v2.0", "aud": CLIENT, "exp": NOW + 3600, "iat": NOW, "nbf": NOW,
            "nonce": self.nonce, "tid": TENANT, "oid": "o-1", "sub": "s-1", "sid": "sess-1", "name": "Ada",
            "preferred_username": "ada@colors.example", **self.claims,
        }  # fmt: skip
        told = {name: value for name, value in claims.items() if value is not None}
        answer = {"token_type": "Bearer", "expires_in": 3600, "scope": "openid", "access_token": "at",
                  "id_token": self.spoilt.token(told) if self.spoilt else signed(told, **self.token), **self.answer}  # fmt: skip
        return {name: value for name, value in answer.items() if value is not None}


def said(members: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(members).encode())

"""An authority for tests of an API: it publishes a key of its own, and signs what a test wants to say.

Nothing is skipped for it: its tokens pass the same verification as real ones, or fail it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from attrs import define, field
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from entrada.client.api_protection.principal import Kind, Principal
from entrada.client.api_protection.protected_api import ProtectedApi
from entrada.client.authority import ANY_TENANT, Authority, Shape
from entrada.client.flow import Call, Reply
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import base64url, rs256
from entrada.core.jose.numeric_date import NumericDate

TENANT: Final = "00000000-0000-4000-8000-0000000000aa"  # where the authority is for several
USER: Final = "00000000-0000-4000-8000-0000000000bb"
CLIENT: Final = "00000000-0000-4000-8000-0000000000cc"
_LIFETIME: Final = 3600


def somebody(*, scopes: frozenset[str], roles: frozenset[str], application: bool = False) -> Principal:
    return Principal(
        kind=Kind.APPLICATION if application else Kind.USER,
        issuer="",
        tenant_id=TENANT,
        object_id=USER,
        client_id=CLIENT,
        scopes=scopes,
        roles=roles,
    )


@define
class FakeAuthority:
    """Also what makes the calls: it answers them."""

    api: ProtectedApi
    _clock: Callable[[], NumericDate] = field(repr=False)
    kid: str = "in-tests"

    def __call__(self, call: Call) -> Reply:
        keys = call.url == self._jwks_uri
        return Reply(status=200, body=json.dumps({"keys": [self.jwk()]} if keys else self._metadata()).encode())

    def test_token(
        self, *, scopes: Iterable[str] = (), roles: Iterable[str] = (), application: bool = False, **claims: object
    ) -> str:
        """Of a person, or of an application for itself; *claims* are set as they are, and None leaves one out."""
        now = self._clock()
        told: dict[str, object] = {
            "aud": self.api.client_id,
            "iss": self._issuer(self._tenant),
            "iat": now,
            "nbf": now,
            "exp": now + _LIFETIME,
            "azp": CLIENT,
            "oid": USER,
            "sub": USER if application else "a-subject-of-this-api",
            "scp": None if application else " ".join(scopes),
            "roles": list(roles) or None,
            "tid": self._tenant,
            "ver": "2.0",
            **self._without_tenants(application=application),
        }
        return self.sign({name: value for name, value in {**told, **claims}.items() if value is not None})

    def sign(self, claims: Mapping[str, object], **header: object) -> str:
        """Whatever a test wants to see refused."""
        head = {"typ": "JWT", "alg": rs256.ALGORITHM, "kid": self.kid, **header}
        signing_input = ".".join(base64url.encode(json.dumps(part).encode()) for part in (head, dict(claims)))
        return f"{signing_input}.{base64url.encode(rs256.sign(signing_input.encode('ascii'), _key()))}"

    def jwk(self) -> dict[str, str]:
        numbers = _key().public_key().public_numbers()
        return {"kty": "RSA", "use": "sig", "kid": self.kid, "n": _unsigned(numbers.n), "e": _unsigned(numbers.e)}

    @property
    def _authority(self) -> Authority:
        return self.api.authority

    @property
    def _tenant(self) -> str:
        named = self._authority.tenant
        return named if named is not None and parse_guid(named) else min(self.api.allowed_tenants, default=TENANT)

    @property
    def _jwks_uri(self) -> str:
        return f"{self._authority.url.rstrip('/')}/keys"

    def _issuer(self, tenant: str) -> str:
        base, _, _ = self._authority.url.rpartition("/")
        return f"{base}/{tenant}/v2.0" if self._authority.shape is Shape.ENTRA else self._authority.url

    def _without_tenants(self, *, application: bool) -> dict[str, object]:
        if self._authority.shape is Shape.ENTRA:
            return {}
        told = {"tid": None, "oid": None, "ver": None, "azp": None, "client_id": CLIENT}
        return {**told, "sub": CLIENT} if application else {**told, "sub": USER, **self._of_a_person()}

    def _of_a_person(self) -> dict[str, object]:
        named = self.api.person_claim
        return {"sid": "a-session"} if named in (None, "sub") else {named: "a-person"}

    def _metadata(self) -> dict[str, object]:
        several = self._authority.tenant in ANY_TENANT
        url = self._authority.url.rstrip("/")
        return {
            "issuer": self._issuer("{tenantid}" if several else self._tenant),
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": self._jwks_uri,
        }


@cache
def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _unsigned(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))

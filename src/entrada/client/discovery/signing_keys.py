"""The keys that an authority publishes, and in whose name each may sign.  RFC 7517 §5; reference 2, 8.

Entra's key set for every tenant holds keys for personal accounts too, and says so: by the member `issuer` of a key.
"""

from collections.abc import Mapping
from typing import cast

from attrs import frozen

from entrada.client.discovery.issuer import Issuer
from entrada.core.jose.foreign_token import PublicKey
from entrada.core.jose.jwk_set import MAXIMUM_KEYS, parse_jwk_set


@frozen(kw_only=True)
class SigningKey:
    public: PublicKey
    issuer: str | None  # or the template of many; None: whomever the authority speaks for

    def signs_for(self, issuer: Issuer, tenant: str) -> bool:
        return self.issuer is None or self.issuer in (issuer.template, issuer.of(tenant))


SigningKeys = Mapping[str, SigningKey]
"""By `kid`."""


def parse_signing_keys(document: Mapping[str, object]) -> SigningKeys:
    """Raise ValueError for what is no key set."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise ValueError("The key set has no array of keys.")  # noqa: TRY004 - untrusted input has a wrong value
    found: dict[str, SigningKey] = {}
    for jwk in cast("list[object]", keys)[:MAXIMUM_KEYS]:
        for kid, public in parse_jwk_set({"keys": [jwk]}).items():
            found[kid] = SigningKey(public=public, issuer=_issuer(jwk))
    return found


def _issuer(jwk: object) -> str | None:
    issuer = cast("dict[str, object]", jwk).get("issuer")
    return None if issuer is None else str(issuer)

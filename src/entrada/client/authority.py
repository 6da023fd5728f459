"""Whom a client asks for tokens: Entra in any cloud, External ID, entrada, or any OpenID Connect issuer.

An Entra-shaped authority is `https://host/tenant`; what it publishes lies below `/v2.0`, and who its issuer may be
follows from it (reference 1.1, 1.2).  Any other issuer is its own authority (OpenID Connect Discovery 1.0 §4).
"""

from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.errors import BadSettings

WELL_KNOWN: Final = "/.well-known/openid-configuration"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
CLOUDS: Final = {  # where each of Microsoft's clouds signs people in (reference 1.1)
    "public": "https://login.microsoftonline.com",
    "us-government": "https://login.microsoftonline.us",
    "china": "https://login.partner.microsoftonline.cn",
}


class Shape(StrEnum):
    ENTRA = "entra"  # Entra, External ID, entrada: tenants, `/v2.0`, `tid`, `oid`
    OIDC = "oidc"  # OpenID Connect and no more: people are known by `iss` and `sub`


@frozen
class Authority:
    """Made by `entra_authority` and `oidc_authority`, which judge the URL."""

    url: str  # without a slash at its end; of an OIDC authority, its issuer with whatever it ends in
    shape: Shape = Shape.ENTRA

    @property
    def metadata_url(self) -> str:
        below = "/v2.0" if self.shape is Shape.ENTRA else ""
        return self.url.rstrip("/") + below + WELL_KNOWN

    @property
    def tenant(self) -> str | None:
        """As the URL names it: an id, a domain, common, organizations, consumers; None where there are no tenants."""
        return self.url.rpartition("/")[2] if self.shape is Shape.ENTRA else None

    def __str__(self) -> str:
        return self.url


def entra_authority(url: str) -> Authority:
    """Of `https://host/tenant`, also with `/v2.0` behind it.  Raises BadSettings."""
    require_secure(url, "authority")
    bare = url.rstrip("/").removesuffix("/v2.0").rstrip("/")
    if not urlsplit(bare).path.strip("/"):
        raise BadSettings(
            f"The authority {url} names no tenant", advice="End it in a tenant: an id, a domain, common, organizations."
        )
    return Authority(bare)


def tenant_authority(instance: str, tenant: str) -> Authority:
    """*instance*: a URL, or one of `CLOUDS`.  Raises BadSettings."""
    if not tenant or "/" in tenant:
        raise BadSettings(f"'{tenant}' is no tenant", advice="Give its id or one of its domains.")
    return entra_authority(f"{CLOUDS.get(instance, instance).rstrip('/')}/{tenant}")


def oidc_authority(issuer: str) -> Authority:
    """Raises BadSettings."""
    require_secure(issuer, "authority")
    return Authority(issuer, Shape.OIDC)


def require_secure(url: str, name: str) -> None:
    """Of an authority, or of a place that an authority sends people to: raises BadSettings, which says *name*."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadSettings(f"The {name} {url!r} is no URL ({error})") from None
    if not host or port == 0 or "@" in parts.netloc or parts.query or parts.fragment or not url.isascii():
        raise BadSettings(f"{url!r} is no {name}", advice="Give a URL without user, query and fragment.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadSettings(f"The {name} {url} is not https", advice="Plain http is for localhost alone.")

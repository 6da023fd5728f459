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
    "france": "https://login.sovcloud-identity.fr",
    "germany": "https://login.sovcloud-identity.de",
    "singapore": "https://login.sovcloud-identity.sg",
}
ANY_TENANT: Final = frozenset({"common", "organizations"})  # segments that stand for no tenant of their own
_EXTERNAL: Final = ".ciamlogin.com"


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
    """Of `https://host/tenant`, also with `/v2.0` behind it, or as the address of its configuration.

    Raises BadSettings.
    """
    require_secure(url, "authority")
    bare = url.removesuffix(WELL_KNOWN).rstrip("/").removesuffix("/v2.0").rstrip("/")
    parts = urlsplit(bare)
    base, tenant = parts.path.rpartition("/")[::2]
    tenant = tenant or _external_tenant(parts.hostname or "")
    if not tenant:
        raise BadSettings(
            f"The authority {url} names no tenant", advice="End it in a tenant: an id, a domain, common, organizations."
        )
    # Hosts and tenants are the same in capitals; what is kept of them must not differ by that.
    return Authority(f"{parts.scheme}://{parts.netloc.lower()}{base}/{tenant.lower()}")


def tenant_authority(instance: str, tenant: str) -> Authority:
    """*instance*: a URL, or one of `CLOUDS`.  Raises BadSettings."""
    if not tenant or "/" in tenant:
        raise BadSettings(f"'{tenant}' is no tenant", advice="Give its id or one of its domains.")
    return entra_authority(f"{CLOUDS.get(instance, instance).rstrip('/')}/{tenant}")


def _external_tenant(host: str) -> str:
    """External ID may be named by its host alone, as MSAL allows: then it is the tenant of that name [U]."""
    name = host.removesuffix(_EXTERNAL)
    return f"{name}.onmicrosoft.com" if host.endswith(_EXTERNAL) and "." not in name else ""


def oidc_authority(issuer: str) -> Authority:
    """*issuer* to the letter, as its configuration and its tokens say it.  Raises BadSettings."""
    require_secure(issuer, "authority")
    return Authority(issuer, Shape.OIDC)


def require_secure(url: str, name: str) -> None:
    """Of an authority, or of a place that an authority sends people to: raises BadSettings, which says *name*."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadSettings(f"The {name} is no URL", advice="Give one as https://host/path.") from None
    written = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not written or not host or port == 0 or "@" in parts.netloc or parts.query or parts.fragment:
        raise BadSettings(  # which is not repeated: it may hold somebody's password
            f"The {name} is no URL that leads there", advice="Give one as https://host/path, without user and query."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadSettings(f"The {name} {url} is not https", advice="Plain http is for localhost alone.")

"""The web application that signs people in, as it is registered."""

from typing import Final
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _secure(_: object, attribute: "Attribute[str]", url: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{attribute.name} must be a URL without user, query and fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError(f"{attribute.name} must be https, or http on a loopback host")


def _with_tenant(_: object, attribute: "Attribute[str]", url: str) -> None:
    if not urlsplit(url).path:
        raise ValueError(f"{attribute.name} must end in a tenant: an id, a domain, common or organizations")


def _without_slash(url: str) -> str:
    return url.rstrip("/")


@frozen(kw_only=True)
class WebApp:
    """*authority*: `https://host/tenant`; the tenant may be `common` or `organizations`."""

    authority: str = field(validator=[_secure, _with_tenant], converter=_without_slash)
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    redirect_uri: str = field(validator=_secure)
    scopes: tuple[str, ...] = ("openid", "profile")
    allowed_tenants: frozenset[str] = frozenset()  # by id; empty: whichever the authority lets in

"""May an authority speak in that issuer's name?  OpenID Connect Discovery 1.0 §4.3; reference 1.1, 1.2, 2.

Of Entra's shape an issuer is `{base}/{tenant}/v2.0`, of the base at which the authority is asked and of the tenant it
was asked for: by its GUID, also where the authority says a domain.  Any other is what it was asked as, to the letter.
So no authority can vouch for people of another.
"""

from typing import Final
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.authority import ANY_TENANT, Authority, Shape
from entrada.core.directory.ids import parse_guid

_TENANT: Final = "{tenantid}"
_ENDING: Final = "/v2.0"
_CONSUMERS: Final = ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad")

_PUBLIC, _US, _CHINA = "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"
_CLOUDS: Final = {  # the host that a cloud's issuers name, whichever of its hosts is asked
    "login.windows.net": _PUBLIC,
    "login.microsoft.com": _PUBLIC,
    "sts.windows.net": _PUBLIC,
    "login.usgovcloudapi.net": _US,
    "login-us.microsoftonline.com": _US,
    "login.chinacloudapi.cn": _CHINA,
}
_EXTERNAL: Final = ".ciamlogin.com"  # there the issuer's host is named by the tenant's GUID, the authority's by a word


@frozen(kw_only=True)
class Issuer:
    template: str
    tenant: str | None = None  # None: of every tenant, each in its own name; or there are no tenants
    shape: Shape = Shape.ENTRA

    def of(self, tenant: str) -> str:
        return self.template.replace(_TENANT, tenant) if self.shape is Shape.ENTRA else self.template

    def includes(self, named: str) -> bool:
        if self.shape is Shape.OIDC:
            return named == self.template
        tenant = _tenant_in(named)
        return parse_guid(tenant) == tenant and self.tenant in (None, tenant) and self.of(tenant) == named


def issuer_of(authority: Authority, named: str) -> Issuer:
    """What the metadata of *authority* names; raise ValueError when it must not."""
    found = _tenants(authority.url, named) if authority.shape is Shape.ENTRA else _alone(authority.url, named)
    if found is None:
        raise ValueError(f"issuer is none that {authority} may name")
    return found


def _alone(authority: str, named: str) -> Issuer | None:
    return Issuer(template=named, shape=Shape.OIDC) if named == authority else None


def _tenants(authority: str, named: str) -> Issuer | None:
    base, _, segment = authority.rpartition("/")
    tenant = _tenant_in(named)
    if _may_name(segment.lower(), tenant):
        for template in _templates(base):
            if template.replace(_TENANT, tenant) == named:
                return Issuer(template=template, tenant=None if tenant == _TENANT else tenant)
    return None


def _tenant_in(named: str) -> str:
    return named.removesuffix(_ENDING).rpartition("/")[2]


def _may_name(segment: str, tenant: str) -> bool:
    if segment in ANY_TENANT:
        return tenant == _TENANT
    if segment == _CONSUMERS[0]:
        return tenant == _CONSUMERS[1]
    return parse_guid(tenant) == tenant and parse_guid(segment) in (None, tenant)


def _templates(base: str) -> tuple[str, ...]:
    # Without the issuers of v1.0: the document that we read, of v2.0, never names one (reference 6, 7).
    parts = urlsplit(base)
    host, rest = parts.netloc.lower(), f"/{_TENANT}{_ENDING}"
    own = f"{parts.scheme}://{host}{parts.path}{rest}"
    if parts.scheme == "https" and host in _CLOUDS:
        return own, f"https://{_CLOUDS[host]}{rest}"
    if parts.scheme == "https" and host.endswith(_EXTERNAL):
        return own, f"https://{_TENANT}{_EXTERNAL}{rest}"
    return (own,)

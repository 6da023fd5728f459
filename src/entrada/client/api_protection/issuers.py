"""The two names of one tenant: access tokens of v1.0 and of v2.0 name different issuers.  Reference 2, 31.

Which of them an API gets follows from its own registration, whatever metadata it reads: so both are its tenant's.
"""

from typing import Final
from urllib.parse import urlsplit

from entrada.client.authority import Shape
from entrada.client.discovery.issuer import Issuer

_ENDING: Final = "/{tenantid}/v2.0"
_GLOBAL, _CHINA = "https://sts.windows.net", "https://sts.chinacloudapi.cn"
_STS: Final = {  # of each cloud's hosts; the reference names the first alone [U]
    "login.microsoftonline.com": _GLOBAL,
    "login.windows.net": _GLOBAL,
    "login.microsoft.com": _GLOBAL,
    "sts.windows.net": _GLOBAL,
    "login.microsoftonline.us": _GLOBAL,
    "login.usgovcloudapi.net": _GLOBAL,
    "login-us.microsoftonline.com": _GLOBAL,
    "login.partner.microsoftonline.cn": _CHINA,
    "login.chinacloudapi.cn": _CHINA,
}
_EXTERNAL: Final = ".ciamlogin.com"  # issues tokens of v2.0 alone


def names_of(issuer: Issuer, tenant: str) -> tuple[str, ...]:
    """*issuer*: the one that the metadata of v2.0 names."""
    if issuer.shape is Shape.OIDC:
        return (issuer.template,)
    base = issuer.template.removesuffix(_ENDING)
    host = urlsplit(base).netloc
    if host.endswith(_EXTERNAL):
        return (issuer.of(tenant),)
    return issuer.of(tenant), f"{_STS.get(host, base)}/{tenant}/"

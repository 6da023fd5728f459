"""What an `openid-config` says, once somebody has fetched it.  Gateway reference sections 2.2 and 5."""

from typing import Final

from attrs import field, frozen

from entrada.core.gateway.tokens.key import Key

TENANT: Final = "{tenantid}"  # in the issuer that /common and /organizations publish


@frozen(kw_only=True)
class Provider:
    issuer: str
    keys: tuple[Key, ...] = field(default=(), repr=False)


def is_issuer(accepted: str, issuer: str, tenant: object) -> bool:
    """Whether *accepted* names *issuer*; where it leaves the tenant open, it must be that of the token."""
    if TENANT not in accepted:
        return accepted == issuer
    return isinstance(tenant, str) and tenant != "" and accepted.replace(TENANT, tenant) == issuer

"""Cookies of entrada's own sites, which no backend may see.  Design section 6: cookies do not know of ports."""

from typing import Final

_OWN: Final = ("__host-entrada-", "entrada-")


def without_own(cookie: str) -> str:
    """Browsers send those of the portal to every port of the same host, and so to the gateway."""
    if "entrada-" not in cookie.lower():
        return cookie
    pairs = (one.strip() for one in cookie.split(";"))
    return "; ".join(one for one in pairs if one and not one.lower().startswith(_OWN))

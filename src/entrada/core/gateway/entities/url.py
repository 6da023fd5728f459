"""URLs that entities hold: of backends, endpoints, pages."""

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

HOSTS: Final = "its host of the letters a to z, digits, dots and hyphens (write an international name as xn--…)"
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


def web_url(value: str) -> SplitResult | None:
    """With http or https, a host that a header can hold, no user name, no fragment, all printable; None for others."""
    if not value.isprintable() or " " in value or "\\" in value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return None
    return parts if usable and parts.username is None and not parts.fragment else None


def _is_host(host: str) -> bool:
    """Raise ValueError for an odd address."""
    return _NAME.fullmatch(host) is not None or (":" in host and IPv6Address(host).scope_id is None)

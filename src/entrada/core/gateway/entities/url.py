"""URLs that entities hold: of backends, endpoints, pages."""

from urllib.parse import SplitResult, urlsplit


def web_url(value: str) -> SplitResult | None:
    """With http or https, a host, no user name, no fragment, nothing unprintable; None for others."""
    if not value.isprintable() or " " in value or "\\" in value:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable and parts.username is None and not parts.fragment else None

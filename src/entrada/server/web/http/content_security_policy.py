"""What a page of ours may load, and where its forms may lead.  CSP Level 3; RFC 9700 §4.16.

Chromium applies form-action to the redirects after a submit, so the validated redirect target stands in it on every
page of an interaction.
"""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?", re.ASCII)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII)


def policy(
    form_targets: Iterable[str] = (), frames: Iterable[str] = (), nonce: str | None = None, *, connects: bool = False
) -> str:
    """*form_targets* and *frames* are URLs; 'self' is always allowed for forms.

    *connects*: scripts may ask our own origin for more.
    """
    directives = [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        f"script-src 'nonce-{nonce}'" if nonce else "script-src 'none'",
        *(["connect-src 'self'"] if connects else []),
        " ".join(("form-action", "'self'", *_sources(form_targets))),
        " ".join(("frame-src", *(_sources(frames) or ("'none'",)))),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    return "; ".join(directives)


def _sources(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(named for url in urls if (named := source(url))))


def source(url: str) -> str | None:
    """The origin of a web URL; only the scheme of an app's own, or of an IPv6 address, which CSP cannot name.

    None where a character could end the directive: a policy must not be written by whoever wrote the URL.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not _SCHEME.fullmatch(parts.scheme):
        return None
    if parts.scheme in ("http", "https") and parts.netloc and "[" not in parts.netloc:
        return f"{parts.scheme}://{parts.netloc}" if _HOST.fullmatch(parts.netloc) else None
    return f"{parts.scheme}:"

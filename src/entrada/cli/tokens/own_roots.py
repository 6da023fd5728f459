"""Whose certificates are trusted beyond the system's: the running `entrada up` is, at its own origin and no other."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from entrada.cli.tokens.question import Question
from entrada.cli.tokens.running import left_behind

_PORTS: Final = {"http": 80, "https": 443}


def roots_for(asked: Question) -> Path | None:
    """Those that were named, else the platform's own.  None: the system's."""
    return asked.chosen.profile.ca_file or roots_of(asked.authority.url)


def bundle_for(asked: Question) -> Path | None:
    """The same for programs that talk to others as well: where they are the platform's, the system's stand beside."""
    roots = roots_for(asked)
    if roots is None or roots != roots_of(asked.authority.url):
        return roots
    bundle = roots.with_name("bundle.pem")
    return bundle if bundle.exists() else roots


def roots_of(url: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Its own authority's certificate vouches for no other name, and its key was thrown away when it was made."""
    up = left_behind(environment)
    if up is None or up.ca_file is None or _origin(url) != _origin(up.origin):
        return None
    return up.ca_file if up.ca_file.exists() else None


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None

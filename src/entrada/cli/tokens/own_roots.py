"""Whose certificates are trusted beyond the system's: the running `entrada up` is, at its own origin and no other."""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from entrada.cli.data_folder import default_folder
from entrada.cli.tokens.question import Question
from entrada.cli.tokens.running import left_behind
from entrada.client.errors import BadSettings

_PORTS: Final = {"http": 80, "https": 443}


def roots_for(asked: Question) -> Path | None:
    """Those that were named, else the platform's own.  None: the system's."""
    return asked.chosen.profile.ca_file or roots_of(asked.authority.url)


def bundle_for(asked: Question) -> Path | None:
    """The same for programs that talk to others as well: the system's stand beside.  Raises BadSettings."""
    roots = roots_for(asked)
    if roots is None:
        return None
    bundle = roots.with_name("bundle.pem")
    if roots == roots_of(asked.authority.url) and bundle.exists():
        return bundle
    return _made_bundle(roots)


def roots_of(url: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Its own authority's certificate vouches for no other name, and its key was thrown away when it was made."""
    up = left_behind(environment)
    if up is None or up.ca_file is None or _origin(url) not in (_origin(up.origin), _origin(up.gateway or up.origin)):
        return None
    return up.ca_file if up.ca_file.exists() else None


def _made_bundle(roots: Path) -> Path:
    """Named after what is in it and never changed, so that no program that runs loses what it was begun with."""
    from entrada.cli.tokens.private_file import replace
    from entrada.server.system_roots import with_system_roots

    folder = default_folder() / "roots"
    try:
        content = with_system_roots(folder / "bundle.pem", roots.read_bytes())
        bundle = folder / f"{sha256(content).hexdigest()[:32]}.pem"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not bundle.exists():
            replace(bundle, content.decode("ascii", "replace"))  # what is not ASCII in it is remarks
    except OSError as error:
        raise BadSettings(
            f"{error.filename or folder} cannot be read or written, for the program to trust it: {error.strerror}",
            advice="Name a PEM file with --ca, and let XDG_DATA_HOME name a folder of yours.",
        ) from None
    return bundle


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None

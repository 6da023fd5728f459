"""Whom does this machine trust?  For files that hold its roots and one more."""

import contextlib
import importlib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_FILES: Final = (  # Debian, Alpine; Fedora; openSUSE; macOS, BSD
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def with_system_roots(bundle: Path, ca: bytes) -> bytes:
    """What *bundle* is to hold, so that a client that takes one file of roots reaches others than us, too."""
    return _system_roots(bundle.parent).rstrip() + b"\n\n" + ca


def written(file: Path) -> Path:
    """The system's roots as one file, for who can read nothing else."""
    file.write_bytes(_system_roots(file.parent))
    return file


def _system_roots(ours: Path) -> bytes:
    # SSL_CERT_FILE may name a bundle of our own, which must not swallow itself.
    configured = ssl.get_default_verify_paths()
    candidates = [configured.cafile, configured.openssl_cafile, *_FILES, *_certifi()]
    for candidate in filter(None, candidates):
        with contextlib.suppress(OSError):
            if Path(candidate).resolve().parent != ours.resolve():
                return Path(candidate).read_bytes()
    return b""


def _certifi() -> Iterator[str]:
    with contextlib.suppress(ImportError):
        yield str(importlib.import_module("certifi").where())

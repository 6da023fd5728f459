"""Which `entrada up` runs on this machine, from what it left in its data folder: found without being told."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from entrada.cli.data_folder import development_folder

COLORS: Final = "c0105000-0000-4000-8000-000000000001"  # the seeded tenant
CLI_APP: Final = "c0105000-0000-4000-8000-000000000c11"  # the seeded public client "entrada CLI"
COLORS_API: Final = "api://c0105000-0000-4000-8000-00000000ba51"
GATEWAY_FILE: Final = "gateway-origin"  # of the API gateway, as long as it runs
SAMPLES_FILE: Final = "samples"  # a line for each that runs: its port and its client id
SCOPES: Final = ("User.Read",)  # of Graph, which the seeded app may ask for
_PATIENCE: Final = 0.5  # seconds for a connection on this very machine


class Running(NamedTuple):
    origin: str
    ca_file: Path | None  # None: it speaks plain http
    folder: Path | None = None

    @property
    def authority(self) -> str:
        return f"{self.origin}/{COLORS}"

    def is_its_api(self, port: int | None) -> bool:
        """Whether the Colors API that it started listens there, on this machine."""
        try:
            samples = (self.folder / SAMPLES_FILE).read_text(encoding="utf-8") if self.folder else ""
        except (OSError, UnicodeDecodeError):
            return False
        return f"{port} {COLORS_API.removeprefix('api://')}" in samples.splitlines()

    @property
    def gateway(self) -> str | None:
        """The origin of the API gateway that it started."""
        try:
            return (self.folder / GATEWAY_FILE).read_text(encoding="utf-8").strip() if self.folder else None
        except (OSError, UnicodeDecodeError):
            return None


def running(environment: Mapping[str, str] = os.environ) -> Running | None:
    """Whether the one of ENTRADA_DATA_DIR, or of the folder that is usual, takes connections."""
    up = left_behind(environment)
    return up if up is not None and _answers(up.origin) else None


def left_behind(environment: Mapping[str, str]) -> Running | None:
    """The one that runs there, or was the last to."""
    named = environment.get("ENTRADA_DATA_DIR")
    folder = development_folder(Path(named) if named else None)
    try:
        origin = (folder / "origin").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    ca_file = folder / "tls" / "ca.pem"
    return Running(origin, ca_file if origin.startswith("https:") else None, folder)


def _answers(origin: str) -> bool:
    import socket  # not for those who name a profile

    try:
        parts = urlsplit(origin)
        where = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        with socket.create_connection(where, _PATIENCE):
            return True
    except (OSError, ValueError):
        return False

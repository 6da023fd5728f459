"""Where everything of the child lies: one private folder, its files for the owner alone.

The three kinds of resources have folders of their own: Envoy watches a folder for what is moved into it, and is not to
read routes again because a cluster came.
"""

import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

Kind = Literal["cds", "rds", "lds"]

LONGEST_SOCKET: Final = 100  # bytes of a Unix socket's path: 108 on Linux, 104 on macOS, a zero at the end
_NAMES: Final[Mapping[Kind, str]] = {"cds": "clusters.json", "rds": "routes.json", "lds": "listeners.json"}


@frozen
class Places:
    folder: Path

    @property
    def bootstrap(self) -> Path:
        return self.folder / "bootstrap.json"

    @property
    def admin(self) -> Path:
        return self.folder / "admin.sock"

    @property
    def supervised(self) -> Path:
        """Locked by the process that supervises."""
        return self.folder / "supervisor.lock"

    @property
    def occupied(self) -> Path:
        """Locked by the child as long as it lives; holds its process id."""
        return self.folder / "envoy.lock"

    def resources(self, kind: Kind) -> Path:
        return self.folder / kind / _NAMES[kind]

    def problem(self) -> str | None:
        """Why nothing can run here."""
        if len(os.fsencode(self.admin)) > LONGEST_SOCKET:
            return f"{self.admin} is too long for the path of a socket: choose a folder with a shorter path"
        return None

    def make(self) -> None:
        """Raises OSError: also where somebody else owns the folder."""
        for folder in (self.folder, *(self.resources(kind).parent for kind in _NAMES)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        if stat.S_ISSOCK(self.admin.stat().st_mode) if self.admin.exists() else False:
            self.admin.unlink()


def write_resources(places: Places, kind: Kind, resources: Sequence[Mapping[str, object]], version: str) -> None:
    """Replace what Envoy reads, in one move: it sees the whole of the old or the whole of the new."""
    write_json(places, places.resources(kind), {"version_info": version, "resources": list(resources)})


def write_json(places: Places, path: Path, content: Mapping[str, object]) -> None:
    draft = places.folder / f"{path.name}.new"  # not in the watched folder: a draft is none of Envoy's business
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
    draft.replace(path)

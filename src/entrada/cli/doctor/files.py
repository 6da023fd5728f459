"""Are the data folder and what lies in it for its owner's eyes alone, and is the master key a good one?"""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from entrada.cli.data_folder import MASTER_KEY_FILE
from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.cli.places import is_installed, master_key
from entrada.server.settings import UnsafeSetting

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SECRET: Final = ("entrada.sqlite3", "entrada.sqlite3-wal", MASTER_KEY_FILE, "tls/leaf-key.pem")


def files(patient: Patient) -> Iterator[Finding]:
    folder = patient.place.folder
    if not folder.is_dir():
        made_by = "entrada up" if patient.place.development else "entrada migrate"
        yield Finding(Level.NOTE, "the data folder does not exist yet", f"{made_by} makes it.")
        return
    yield _private(folder, "the data folder", "700")
    for name in _SECRET:
        if (folder / name).exists():
            yield _private(folder / name, str(folder / name), "600")
    if not patient.place.development or is_installed(patient.place):
        yield from _master_key(patient)


def _private(path: Path, said: str, mode: str) -> Finding:
    found = stat.S_IMODE(path.stat().st_mode)
    if found & _OTHERS:
        return Finding(Level.BAD, f"{said} is open to others (mode {found:o})", f"chmod {mode} {path}")
    return Finding(Level.GOOD, f"{said} is for its owner alone")


def _master_key(patient: Patient) -> Iterator[Finding]:
    try:
        master_key(patient.place)
    except UnsafeSetting as error:
        yield Finding(Level.BAD, str(error))
        return
    yield Finding(Level.GOOD, "the master key is a random one")
    file = patient.place.settings.master_key_file
    if file and stat.S_IMODE(Path(file).stat().st_mode) & _OTHERS:
        # In a container a mounted secret may have no other mode.
        yield Finding(Level.WARNING, f"others may read the master key in {file}", f"chmod 600 {file}, where you can.")

"""Do the variables of this shell lead clients to the certificate of `entrada up`?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.server.local_ca import files_in, trust_lines

_EXPORT: Final = "export "


def trust_variables(patient: Patient) -> Iterator[Finding]:
    tls = files_in(patient.place.folder / "tls") if patient.place.development else None
    if tls is None:
        return
    ours = tls.ca.read_bytes().strip()
    names = [line.removeprefix(_EXPORT).partition("=")[0] for _, line in trust_lines(tls) if line.startswith(_EXPORT)]
    unset = [name for name in names if not patient.environment.get(name)]
    for name in names:
        if name not in unset:
            yield _leads(name, Path(patient.environment[name]), ours)
    if unset:
        advice = 'For clients started from this shell: eval "$(entrada trust --shell)"'
        yield Finding(Level.NOTE, f"not set in this shell: {', '.join(unset)}", advice)


def _leads(name: str, file: Path, ours: bytes) -> Finding:
    try:
        found = file.read_bytes()
    except OSError:
        return Finding(Level.BAD, f"{name} names {file}, which cannot be read", "Unset it, or see: entrada trust")
    if ours not in found:
        advice = "Clients that read it refuse this platform; see: entrada trust"
        # No worse than a variable that is not set; the file may serve this shell well for everything else.
        return Finding(Level.WARNING, f"{name} names {file}, which lacks this platform's authority", advice)
    return Finding(Level.GOOD, f"{name} leads to this platform's authority")

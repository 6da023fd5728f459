"""Does a server answer on the port, or something else, or nothing?"""

import http.client
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from entrada.cli.doctor.finding import Finding, Level, Patient

_PATIENCE: Final = 3.0
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - to be reached by loopback


def network(patient: Patient) -> Iterator[Finding]:
    try:
        host, port = _address(patient)
    except ValueError:
        return  # said already, of the settings
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        status = _ask(host, port, patient)
    except ConnectionRefusedError:
        yield Finding(Level.NOTE, f"nothing listens on {where}: no server runs, and one may start")
    except (OSError, http.client.HTTPException):
        advice = "Stop it, or choose another port; a server of ours that was just replaced wants a restart."
        yield Finding(Level.BAD, f"something that is not this installation listens on {where}", advice)
    else:
        yield _of_status(status, where)


def _of_status(status: int, where: str) -> Finding:
    if status == http.client.OK:
        return Finding(Level.GOOD, f"the server on {where} answers and is ready")
    return Finding(Level.BAD, f"the server on {where} answers {status}: it is not ready", "Its log says why.")


def _address(patient: Patient) -> tuple[str, int]:
    settings = patient.place.settings
    if patient.place.development:
        return "127.0.0.1", urlsplit(settings.origin).port or 0
    host, port = settings.address
    return _ANY.get(host, host), port


def _ask(host: str, port: int, patient: Patient) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.connect()
        if (anchor := _anchor(patient)) is not None:
            name = urlsplit(patient.place.settings.origin).hostname
            connection.sock = _only(anchor).wrap_socket(connection.sock, server_hostname=name)
        connection.request("GET", "/readyz", headers={"Host": urlsplit(patient.place.settings.origin).netloc})
        return connection.getresponse().status
    finally:
        connection.close()


def _anchor(patient: Patient) -> Path | None:
    """The certificate that the server must show; None where it speaks plain http."""
    settings = patient.place.settings
    if patient.place.development:
        return patient.place.folder / "tls" / "leaf.pem" if settings.origin.startswith("https://") else None
    return Path(settings.tls_certificate) if settings.tls_certificate else None


def _only(anchor: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=anchor)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # the certificate itself is what is trusted
    return context

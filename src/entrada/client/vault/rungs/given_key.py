"""A key that whoever runs the program gives it: a systemd credential, or ENTRADA_VAULT_KEY."""

import re
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Final

from entrada.client.vault.header import Header
from entrada.client.vault.sealed import KEY_BYTES
from entrada.client.vault.surroundings import NotHad, Rung, Surroundings

CREDENTIAL: Final = "entrada-vault-key"
VARIABLE: Final = "ENTRADA_VAULT_KEY"

_BASE64URL: Final = re.compile("[A-Za-z0-9_-]{43}=?")
_HEX: Final = re.compile("[0-9A-Fa-f]{64}")
_FORM: Final = (
    "It is 32 random bytes as 43 characters of base64url or 64 hexadecimal digits. Make one with: "
    'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
)


def is_given(rung: Rung, at: Surroundings) -> bool:
    if rung is Rung.SYSTEMD:
        return (file := _credential(at)) is not None and file.exists()
    return bool(at.environment.get(VARIABLE))


def make(header: Header, at: Surroundings) -> tuple[Header, bytes]:
    return header, find(header, at)


def find(header: Header, at: Surroundings) -> bytes:
    given = _from_systemd(at) if header.rung is Rung.SYSTEMD else at.environment.get(VARIABLE, "").encode()
    if not given:
        raise NotHad(f"{VARIABLE} is not set", "Set it to the key that it was made with.")
    if header.rung is Rung.SYSTEMD and len(given) == KEY_BYTES:
        return given
    text = given.decode("ascii", "replace").strip()
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    if _BASE64URL.fullmatch(text):
        return urlsafe_b64decode(text[:43] + "=")
    raise NotHad(f"what {VARIABLE if header.rung is Rung.ENVIRONMENT else CREDENTIAL} holds is no key", _FORM)


def _credential(at: Surroundings) -> Path | None:
    folder = at.environment.get("CREDENTIALS_DIRECTORY")
    return Path(folder) / CREDENTIAL if folder else None


def _from_systemd(at: Surroundings) -> bytes:
    advice = f"Run as the unit that has it, with LoadCredentialEncrypted={CREDENTIAL}."
    if (file := _credential(at)) is None:
        raise NotHad("this process was given no credentials ($CREDENTIALS_DIRECTORY is not set)", advice)
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotHad(f"{file} cannot be read: {error.strerror}", advice) from None

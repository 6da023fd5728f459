"""Where a vault is, and what it may use to keep its key."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

CHOICE: Final = "ENTRADA_VAULT"  # names the rung of a new vault, or memory


class Rung(StrEnum):
    """Who keeps the key of a vault, strongest first."""

    KEYRING = "keyring"  # the system's: Secret Service, Keychain
    SYSTEMD = "systemd"  # a credential of the unit
    ENVIRONMENT = "environment"  # ENTRADA_VAULT_KEY
    PASSPHRASE = "passphrase"  # ENTRADA_VAULT_PASSPHRASE, or asked for
    KEY_FILE = "key-file"  # of its own, made at first use
    MEMORY = "memory"  # nothing is kept


Ask: TypeAlias = Callable[[bool], str]
"""The passphrase, from the person; True: a new one, to be typed twice."""


class Surroundings(NamedTuple):
    folder: Path
    environment: Mapping[str, str]
    entropy: Callable[[int], bytes]
    say: Callable[[str], None]
    ask: Ask | None = None

    def __repr__(self) -> str:
        return f"Surroundings({self.folder})"  # never the environment, where a key may be

    def home(self, variable: str, otherwise: str) -> Path:
        """A base folder of the XDG specification, which ignores relative ones."""
        named = self.environment.get(variable, "")
        return (
            Path(named) if Path(named).is_absolute() else Path(self.environment.get("HOME") or Path.home()) / otherwise
        )


class NotHad(Exception):
    """A rung cannot be used here, now: why, and what to do."""

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(why)
        self.why, self.advice = why, advice

"""A random key in the keyring of the system: the Secret Service on Linux, what `keyring` finds elsewhere.

A service that hangs must not hang us: it gets two seconds, and a person whom it asks for a password, a minute.
"""

import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Protocol, TypeVar

from attrs import frozen

from entrada.client.vault.header import Header
from entrada.client.vault.sealed import KEY_BYTES
from entrada.client.vault.surroundings import NotHad, Surroundings

T = TypeVar("T")

SERVICE: Final = "entrada"
_PATIENCE: Final = 2.0
_PATIENCE_WITH_PEOPLE: Final = 60.0
_INSTALL: Final = "pip install 'entrada[keyring]'"
_UNLOCK: Final = "Unlock it: log in to the desktop, or run gnome-keyring-daemon --unlock."


class _Keeper(Protocol):
    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...


def make(header: Header, at: Surroundings) -> tuple[Header, bytes]:
    key = at.entropy(KEY_BYTES)
    keeper = _keeper(at)
    _within(_PATIENCE, lambda: keeper.put(header.id, b64encode(key).decode("ascii")))
    return header, key


def find(header: Header, at: Surroundings) -> bytes:
    keeper = _keeper(at)
    found = _within(_PATIENCE, lambda: keeper.get(header.id))
    if found is None:
        raise NotHad("the key is not in it any more")
    try:
        return b64decode(found, validate=True)
    except ValueError:
        raise NotHad("what it holds under our name is no key") from None


def _keeper(at: Surroundings) -> _Keeper:
    on = sys.platform
    if on != "linux":
        return _of_the_system()
    if not _has_bus(at):
        raise NotHad("there is no session bus here", "Log in to a desktop, or start one: dbus-run-session.")
    return _secret_service(at)


def _has_bus(at: Surroundings) -> bool:
    """Known without asking anybody: most servers and containers have none."""
    runtime = at.environment.get("XDG_RUNTIME_DIR")
    return bool(at.environment.get("DBUS_SESSION_BUS_ADDRESS")) or bool(runtime and (Path(runtime) / "bus").exists())


def _secret_service(at: Surroundings) -> _Keeper:
    try:
        from entrada.client.vault.rungs.secret_service import SecretService  # noqa: PLC0415 - not on the quick path
    except ImportError:
        raise NotHad("the package secretstorage is not installed", _INSTALL) from None
    service = _within(_PATIENCE, SecretService.opened)
    if _within(_PATIENCE, service.is_locked):
        if not (at.environment.get("DISPLAY") or at.environment.get("WAYLAND_DISPLAY")):
            raise NotHad("it is locked, and there is no screen to ask for its password on", _UNLOCK)
        if not _within(_PATIENCE_WITH_PEOPLE, partial(service.unlock, _PATIENCE_WITH_PEOPLE)):
            raise NotHad("it stayed locked", _UNLOCK)
    return service


@frozen
class _Keyring:
    """What the package of that name found: Keychain on macOS."""

    get_password: Callable[[str, str], str | None]
    set_password: Callable[[str, str, str], None]

    def get(self, name: str) -> str | None:
        return _within(_PATIENCE_WITH_PEOPLE, lambda: self.get_password(SERVICE, name))

    def put(self, name: str, value: str) -> None:
        _within(_PATIENCE_WITH_PEOPLE, lambda: self.set_password(SERVICE, name, value))


def _of_the_system() -> _Keeper:
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise NotHad("the package keyring is not installed", _INSTALL) from None
    return _Keyring(keyring.get_password, keyring.set_password)


def _within(seconds: float, work: Callable[[], T]) -> T:
    """The answer of *work*, in a thread that is left to itself where it takes longer."""
    outcome = SimpleQueue[list[T] | NotHad]()

    def run() -> None:
        try:
            answer = work()
        except Exception as error:  # noqa: BLE001 - services on a bus, and what speaks to them, raise every kind
            outcome.put(NotHad(" ".join(f"{type(error).__name__}: {error}".rstrip(": ").split())))
        else:
            outcome.put([answer])

    Thread(target=run, daemon=True).start()
    try:
        found = outcome.get(timeout=seconds)
    except Empty:
        raise NotHad(f"it does not answer within {seconds:.0f} seconds") from None
    if isinstance(found, NotHad):
        raise found
    return found[0]

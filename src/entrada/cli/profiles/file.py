"""The file of the profiles: one JSON document, read strictly, replaced as a whole, never over what cannot be read."""

import json
import os
import stat
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from entrada.cli.profiles.members import WrongMember, read_profile, written
from entrada.cli.profiles.profile import Profile
from entrada.client.errors import StorageError
from entrada.core.jose.json_object import parse_value

VERSION: Final = 1
LARGEST: Final = 4 * 1024 * 1024  # bytes
PATIENCE: Final = 10.0  # seconds, for another process that writes
_PAUSE: Final = 0.02
_ROOT: Final = 0  # who could change anything
_WRITABLE_BY_OTHERS: Final = 0o022
_MEMBERS: Final = ("version", "profiles")


def profiles_path(environment: Mapping[str, str] = os.environ) -> Path:
    """`ENTRADA_PROFILES`; else in the folder where the system keeps settings."""
    named = environment.get("ENTRADA_PROFILES")
    if named:
        return Path(named).expanduser().absolute()
    if sys.platform == "win32":
        folder = environment.get("APPDATA") or str(Path.home())
    else:
        folder = environment.get("XDG_CONFIG_HOME", "")
        folder = folder if folder.startswith("/") else str(Path.home() / ".config")
    return Path(folder) / "entrada" / "profiles.json"


def default_name(environment: Mapping[str, str] = os.environ) -> str | None:
    """Of the profile that is meant where none is named."""
    return environment.get("ENTRADA_PROFILE") or None


class Content(NamedTuple):
    profiles: tuple[Profile, ...] = ()
    version: int = VERSION
    others: Mapping[str, object] = MappingProxyType({})


class Profiles(NamedTuple):
    """Every method raises StorageError for a file that is not as it should be, and leaves it so."""

    path: Path

    def all(self) -> tuple[Profile, ...]:
        return self._read().profiles

    def find(self, name: str) -> Profile | None:
        """Whatever the case of its letters."""
        return next((one for one in self.all() if one.is_called(name)), None)

    def change(self, decide: Callable[[tuple[Profile, ...]], tuple[Profile, ...]]) -> tuple[Profile, ...]:
        """Replace them by what *decide* makes of them, as one step for all processes; what it raises undoes all."""
        with _told(self.path, "written"):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(self.path.with_name(self.path.name + ".lock")):
                before = self._read()
                after = before._replace(profiles=decide(before.profiles))
                if after != before:
                    _replaced(self.path.resolve(), _text(after))
        return after.profiles

    def _read(self) -> Content:
        with _told(self.path, "read"):
            try:
                for folder in {self.path.parent, self.path.resolve().parent}:
                    _require_ours(folder, folder.stat())
                # Without waiting for whoever might write into a pipe of that name.
                with open(self.path, "rb", opener=_at_once) as file:
                    _require_ours(self.path, os.fstat(file.fileno()))
                    data = file.read(LARGEST + 1)
            except FileNotFoundError:
                return Content()
        return _content(self.path, data)


@contextmanager
def _told(path: Path, done: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The profiles in {path} cannot be {done}: {error.strerror}",
            advice="Make it yours, or name another file by ENTRADA_PROFILES.",
        ) from None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _require_ours(path: Path, found: os.stat_result) -> None:
    """Whoever can change an authority here, or put another file in its place, is sent the secret that is for it."""
    is_folder = stat.S_ISDIR(found.st_mode)
    if not (is_folder or stat.S_ISREG(found.st_mode)):
        raise StorageError(f"{path} is no file", advice="Name one by ENTRADA_PROFILES.")
    if sys.platform == "win32":
        return
    if found.st_uid not in (os.geteuid(), _ROOT):
        raise StorageError(
            f"{path} belongs to another user (number {found.st_uid}), who could change the profiles",
            advice="Make it yours, or name another file by ENTRADA_PROFILES.",
        )
    only_their_own = is_folder and found.st_mode & stat.S_ISVTX  # as in /tmp
    if found.st_mode & _WRITABLE_BY_OTHERS and not only_their_own:
        raise StorageError(f"Others may write the profiles in {path}", advice=f"Look at it, then: chmod go-w {path}")


def _content(path: Path, data: bytes) -> Content:
    if len(data) > LARGEST:
        raise _fault(path, None, "is too large for a file of profiles.")
    try:
        text = data.decode("utf-8-sig")
        document = parse_value(text)
    except json.JSONDecodeError as error:
        raise _fault(path, error.lineno, f"is not JSON: {error.msg} (column {error.colno}).") from None
    except ValueError as error:
        raise _fault(path, None, f"is not JSON as it is read here: {error}.") from None
    try:
        return _read_document(document)
    except WrongMember as wrong:
        from entrada.cli.profiles.lines import line_of  # only for a fault

        raise _fault(path, line_of(text, wrong.path), _words(document, wrong)) from None


def _read_document(document: object) -> Content:
    if not isinstance(document, dict):
        raise WrongMember(
            (), 'must be an object: {"version": 1, "profiles": []}. To bring others: entrada config import'
        )
    members = cast("dict[str, object]", document)
    version = members.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise WrongMember(("version",), f"must be {VERSION}.")
    others = {name: value for name, value in members.items() if name not in _MEMBERS}
    if others and version == VERSION:
        raise WrongMember((next(iter(others)),), "is not known here; known are version and profiles.")
    return Content(_read_profiles(members.get("profiles", []), newer=version > VERSION), version, others)


def _read_profiles(value: object, *, newer: bool) -> tuple[Profile, ...]:
    if not isinstance(value, list):
        raise WrongMember(("profiles",), "must be a list.")
    found: list[Profile] = []
    for number, members in enumerate(cast("list[object]", value)):
        found.append(_read_one(number, members, newer=newer))
        if any(found[-1].is_called(earlier.name) for earlier in found[:-1]):
            raise WrongMember(("profiles", number, "name"), f"is that of another profile: {found[-1].name}.")
        if any(found[-1].id == earlier.id for earlier in found[:-1]):
            raise WrongMember(("profiles", number, "id"), "is that of another profile; leave it out in a copy.")
    return tuple(found)


def _read_one(number: int, members: object, *, newer: bool) -> Profile:
    if not isinstance(members, dict):
        raise WrongMember(("profiles", number), "must be an object with members.")
    try:
        return read_profile(cast("dict[str, object]", members), newer=newer)
    except WrongMember as wrong:
        raise WrongMember(("profiles", number, *wrong.path), wrong.words) from None


def _words(document: object, wrong: WrongMember) -> str:
    """`"tenant" of the profile graph must be …`"""
    match wrong.path:
        case ():
            return wrong.words
        case ("profiles", int() as number, *rest) if rest:
            one = cast("dict[str, list[dict[str, object]]]", document)["profiles"][number]
            return (
                f'"{".".join(map(str, rest))}" of the profile {str(one.get("name", number + 1))[:80]!r} {wrong.words}'
            )
        case _:
            return f'"{".".join(map(str, wrong.path))}" {wrong.words}'


def _fault(path: Path, line: int | None, words: str) -> StorageError:
    where = f"{path}, line {line}" if line else str(path)
    return StorageError(f"{where}: {words}", advice="Mend it; until then nothing is written there.")


# ---- writing ----


def _replaced(path: Path, text: str) -> None:
    """A crash leaves the old file or the new one."""
    from entrada.cli.tokens.private_file import replace  # only who writes

    replace(path, text)


def _text(content: Content) -> str:
    document = {"version": content.version, "profiles": [written(one) for one in content.profiles], **content.others}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@contextmanager
def _alone(lock: Path) -> Generator[None]:
    """One process at a time; the claim ends with it, however it ends.  Raises StorageError where another never ends."""
    with os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600), "r+b") as file:
        for _ in range(int(PATIENCE / _PAUSE)):
            if _claimed(file.fileno()):
                break
            time.sleep(_PAUSE)
        else:
            raise StorageError(f"Another process has held {lock} for {PATIENCE:.0f} seconds", advice="Is it stuck?")
        yield


def _claimed(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True

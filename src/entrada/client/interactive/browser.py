"""Open a page in the person's browser, or say that there is none.

`BROWSER` names programs to try, as elsewhere; without a screen (no DISPLAY, no Wayland) nothing is opened, for what
then opens is a text browser over the terminal.  A program's own output never mixes with ours.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from typing import Final, TypeAlias

from attrs import field, frozen

from entrada.client.errors import NoBrowser

Open: TypeAlias = Callable[[str], None]
"""Opens that URL.  Raises NoBrowser."""

_ADVICE: Final = "Sign in by device code instead, or name a browser in BROWSER."
_AT_ONCE: Final = 1.0  # seconds in which a program that cannot open anything has said so
_WITH_A_SCREEN: Final = (
    "xdg-open",
    "wslview",
    "x-www-browser",
    "firefox",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "microsoft-edge",
)


@frozen
class Browser:
    environment: Mapping[str, str] = field(factory=lambda: os.environ, repr=False)
    platform: str = sys.platform

    def __call__(self, url: str) -> None:
        """Raises NoBrowser."""
        for command in self._commands():
            if _started([part.replace("%s", url) for part in command]):
                return
        raise NoBrowser("There is no browser to open here", advice=_ADVICE)

    def is_there(self) -> bool:
        return next(self._commands(), None) is not None

    def _commands(self) -> Iterator[list[str]]:
        for named in self.environment.get("BROWSER", "").split(os.pathsep):
            command = _split(named)
            if command and (program := self._found(command[0])):
                rest = command[1:] if any("%s" in part for part in command) else [*command[1:], "%s"]
                yield [program, *rest]
        for name in self._own():
            if program := self._found(name):
                yield [program, "%s"]

    def _own(self) -> tuple[str, ...]:
        if self.platform == "darwin":
            return ("open",)
        screen = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
        return _WITH_A_SCREEN if any(self.environment.get(name) for name in screen) else ()

    def _found(self, program: str) -> str | None:
        return shutil.which(program, path=self.environment.get("PATH"))


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # a quote without its end
        return []


def _started(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - what the person's environment names
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError:
        return False
    try:
        return process.wait(_AT_ONCE) == 0
    except subprocess.TimeoutExpired:  # it is the browser itself, and runs on
        Thread(target=process.wait, daemon=True).start()
        return True

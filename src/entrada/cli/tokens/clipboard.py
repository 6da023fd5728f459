"""Put a token on the clipboard, where there is one, and take it away again.

By the programs that systems have for it, never by an argument: those are seen in the list of processes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

CLEARED_AFTER: Final = 45  # seconds
_GIVEN_UP_AFTER: Final = 5.0
_CLEAR: Final = """
import subprocess, sys, time
token = sys.stdin.read()
time.sleep(float(sys.argv[1]))
write, _, read = (part.split("\\x1f") for part in sys.argv[2].partition("\\x1e"))
now = subprocess.run(read, capture_output=True, text=True, timeout=5)
if now.stdout.rstrip("\\n") == token:
    subprocess.run(write, input="", text=True, timeout=5)
"""


@frozen
class Clipboard:
    write: tuple[str, ...]
    read: tuple[str, ...]


_WAYLAND: Final = Clipboard(("wl-copy",), ("wl-paste", "--no-newline"))
_XCLIP: Final = Clipboard(("xclip", "-selection", "clipboard"), ("xclip", "-selection", "clipboard", "-o"))
_XSEL: Final = Clipboard(("xsel", "--clipboard", "--input"), ("xsel", "--clipboard", "--output"))
_MAC: Final = Clipboard(("pbcopy",), ("pbpaste",))


def clipboard_here(
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Clipboard | str:
    """The one to use, or why there is none."""
    if platform == "darwin":
        return _MAC
    if not environment.get("WAYLAND_DISPLAY") and not environment.get("DISPLAY"):
        return "There is no screen here (neither WAYLAND_DISPLAY nor DISPLAY is set), so no clipboard"
    wanted = [_WAYLAND] if environment.get("WAYLAND_DISPLAY") else []
    wanted += [_XCLIP, _XSEL] if environment.get("DISPLAY") else []
    found = next((one for one in wanted if which(one.write[0])), None)
    return (
        found or f"None of {', '.join(one.write[0] for one in wanted)} is installed, so the clipboard is out of reach"
    )


def copy(clipboard: Clipboard, token: str, clear_after: int = CLEARED_AFTER) -> bool:
    """Whether it is there now.  A process left behind takes it away, unless something else was copied since."""
    try:
        subprocess.run(  # noqa: S603 - one of the programs above
            clipboard.write,
            input=token,
            text=True,
            check=True,
            timeout=_GIVEN_UP_AFTER,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    if clear_after:
        _clear_later(clipboard, token, clear_after)
    return True


def _clear_later(clipboard: Clipboard, token: str, seconds: int) -> None:
    """The token goes through a pipe: an argument is seen by everybody."""
    commands = "\x1e".join("\x1f".join(command) for command in (clipboard.write, clipboard.read))
    reader, writer = os.pipe()
    with os.fdopen(reader) as given, os.fdopen(writer, "w") as gives:
        cleaner = subprocess.Popen(  # noqa: S603 - this very interpreter
            [sys.executable, "-I", "-S", "-c", _CLEAR, str(seconds), commands],
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        gives.write(token)  # shorter than a pipe holds
    cleaner.returncode = 0  # nobody waits for it: it outlives this process

"""Debian's Chromium, driven by Playwright, trusting our local CA as a person would make it trust: nothing is ignored."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
# Where Chromium on Linux looks for authorities the person added: the old place, and the one newer versions prefer.
NSS_FOLDERS = (".pki/nssdb", ".local/share/pki/nssdb")


@contextmanager
def chromium(ca: Path, *arguments: str) -> Iterator[Browser]:
    """A browser with a home of its own, in which *ca* is trusted for servers, and nothing else is different."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as home:
        trust(ca, Path(home))
        as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=[*QUIET, *as_root, *arguments],
                env={**os.environ, "HOME": home, "XDG_DATA_HOME": f"{home}/.local/share"},
            )
            try:
                yield browser
            finally:
                browser.close()


def trust(ca: Path, home: Path) -> None:
    """Add *ca* to the person's own authorities, in NSS's database under *home*."""
    for folder in NSS_FOLDERS:
        database = home / folder
        database.mkdir(parents=True)
        _certutil(database, "-N", "--empty-password")
        _certutil(database, "-A", "-n", "entrada local CA", "-t", "C,,", "-i", str(ca))


def _certutil(database: Path, *arguments: str) -> None:
    subprocess.run(["certutil", "-d", f"sql:{database}", *arguments], check=True, capture_output=True)

"""`entrada` as a person runs it: a process with a home of its own, beside a live server or alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from attrs import field, frozen

from tests.drivers.live_server import LiveServer
from tests.drivers.person import program

ENTRADA = str(Path(sys.executable).parent / "entrada")
_OURS = ("PATH", "LANG", "COVERAGE_PROCESS_START")


class Running(subprocess.Popen[str]):
    """Ended with the block, however that ends: a command that waits for somebody waits for ever."""

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if failure is not None:
            self.kill()
        super().__exit__(kind, failure, trace)


@frozen
class Terminal:
    home: Path
    environment: Mapping[str, str] = field(factory=dict)

    def variables(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _OURS if name in os.environ}
        home = {"HOME": str(self.home), "ENTRADA_DATA_DIR": str(self.home / "nothing-runs"), "COLUMNS": "100"}
        return {**kept, **home, **self.environment, **(more or {})}

    def run(self, *arguments: str, given: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ENTRADA, *arguments], input=given, capture_output=True, text=True, check=False, timeout=120,
            env=self.variables(more), stdin=None if given is not None else subprocess.DEVNULL,
        )  # fmt: skip

    def said(self, *arguments: str, **more: str) -> str:
        """What it prints, where it does well."""
        done = self.run(*arguments, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str, **more: str) -> Running:
        return Running(
            [ENTRADA, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.variables(more),
        )  # fmt: skip


def beside(live: LiveServer, home: Path, *, browser: bool = True) -> Terminal:
    environment = {"ENTRADA_DATA_DIR": str(live.folder), "PERSON_CA": str(live.ca)}
    return Terminal(home, {**environment, **({"BROWSER": program(home)} if browser else {})})

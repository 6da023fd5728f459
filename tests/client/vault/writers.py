"""Processes that write into one cache at once, left alone or killed."""

import os
import subprocess
import sys
from pathlib import Path

from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.vault import open_vault
from tests.client.vault.places import environment
from tests.client.vault.writer import HERE

WRITER = Path(__file__).parent / "writer.py"


def cache_in(home: Path) -> EncryptedFileCache:
    return EncryptedFileCache(open_vault(home / "vault", environment(home), entropy=os.urandom, say=lambda _: None))


def start(home: Path, who: str, count: int) -> "subprocess.Popen[bytes]":
    there = {"PATH": os.environ["PATH"], **environment(home)}
    command = [sys.executable, str(WRITER), str(home / "vault"), who, str(count)]
    return subprocess.Popen(command, env=there, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def two_write(home: Path, count: int) -> None:
    """Two processes begin a vault together and write *count* times each: all is there, in order for each."""
    writers = [start(home, who, count) for who in ("one", "two")]
    for writer in writers:
        writer.communicate(timeout=600)
        assert writer.returncode == 0
    kept = cache_in(home).read(HERE)
    assert kept is not None
    for who in ("one", "two"):
        theirs = [token.value for token in kept.access if token.value.startswith(who)]
        assert theirs == [f"{who} {number}" for number in range(count)]
    assert len(kept.access) == 2 * count
    assert {path.suffix for path in (home / "vault").iterdir()} == {".json", ".sealed"}


def kill_writing(home: Path, after: float) -> int:
    """Kill a writer that long after its first write, somewhere in a later one; how many it had said were kept."""
    before = kept_in(home)
    writer = start(home, "killed", 1_000_000)
    assert writer.stdout is not None
    writer.stdout.readline()
    try:
        writer.wait(after)
    except subprocess.TimeoutExpired:
        writer.kill()
    said = 1 + len(writer.communicate()[0].split())
    found = kept_in(home) - before
    assert found in (said, said + 1), "the last one it had no time to tell of is there whole, or not at all"
    return found


def kept_in(home: Path) -> int:
    kept = cache_in(home).read(HERE)
    return len(kept.access) if kept else 0

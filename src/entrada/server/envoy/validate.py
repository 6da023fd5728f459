"""Whether Envoy would take a snapshot, asked of the binary before anything is saved.  Twentieths of a second."""

import asyncio
import copy
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from entrada.server.envoy import log_lines
from entrada.server.envoy.binary import Binary
from entrada.server.envoy.bootstrap import RUNTIME
from entrada.server.envoy.json_walk import objects_in
from entrada.server.envoy.places import Places, write_json
from entrada.server.envoy.snapshot import Snapshot
from entrada.server.envoy.unquoted import unquoted

_PATIENCE: Final = 20.0


async def validate(binary: Binary, snapshot: Snapshot) -> str | None:
    """Why not, in Envoy's words; stricter than a running Envoy, which takes a route to no cluster."""
    with TemporaryDirectory(prefix="entrada-envoy-") as folder:
        path = Path(folder) / "whole.json"
        write_json(Places(Path(folder)), path, _in_one_piece(snapshot))
        why = await _asked(binary, path)
    return None if why is None else unquoted(why, snapshot)


async def _asked(binary: Binary, path: Path) -> str | None:
    process = await asyncio.create_subprocess_exec(
        *(str(binary.path), "--mode", "validate", "-c", str(path), "--disable-hot-restart"),
        *("--log-level", "warning", "--log-format", log_lines.FORMAT, "--log-format-escaped"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={},
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return f"Envoy did not check it within {_PATIENCE:g} seconds"
    return None if process.returncode == 0 else _reason(said)


def _reason(said: bytes) -> str:
    lines = [line for raw in said.splitlines() if (line := log_lines.parse_line(raw)) is not None]
    refusals = [why for line in lines if (why := log_lines.refusal(line)) is not None]
    return (refusals or [line.words for line in lines] or ["it gave no reason"])[-1]


def _in_one_piece(snapshot: Snapshot) -> dict[str, object]:
    """With the routes inside of the listener: what comes from other files is not read in this mode."""
    listener = _static(snapshot.listener)
    for manager in [found for found in objects_in(listener) if "rds" in found]:
        del manager["rds"]
        manager["route_config"] = _static(snapshot.routes)
    clusters = [_static(one) for one in snapshot.clusters]
    return {"static_resources": {"listeners": [listener], "clusters": clusters}, "layered_runtime": RUNTIME}


def _static(resource: Mapping[str, object]) -> dict[str, Any]:
    plain: dict[str, Any] = copy.deepcopy(dict(resource))
    plain.pop("@type", None)
    return plain

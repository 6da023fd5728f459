"""Envoy drops fields that it does not know from what is pushed, a mistyped check among them; read strictly, it tells."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.snapshot import Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings
from tests.gateway.differential.variants import AUTHORITY, PROVIDERS, service

pytest.importorskip("envoy", reason="the extra [gateway] is not installed")

SURROUNDINGS = Surroundings(
    addresses=("127.0.0.1", "::1"),
    port=8444,
    fallback_socket="/tmp/nobody.sock",
    backend_bundle="/etc/ssl/certs/ca-certificates.crt",
    routes_file="/tmp/nobody/routes.json",
    access_log="/dev/stdout",
    authority=AUTHORITY,
)


def static(snapshot: Snapshot) -> dict[str, Any]:
    """The same as a file that Envoy starts with."""
    listener, routes, *clusters = json.loads(json.dumps([snapshot.listener, snapshot.routes, *snapshot.clusters]))
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    del manager["rds"]
    manager["route_config"] = routes
    for one in (listener, routes, *clusters):
        del one["@type"]
    runtime = {"re2.max_program_size.error_level": 1_000_000}
    return {
        "static_resources": {"listeners": [listener], "clusters": clusters},
        "layered_runtime": {"layers": [{"name": "static", "static_layer": runtime}]},
    }


def validated(folder: Path, config: dict[str, Any]) -> "subprocess.CompletedProcess[str]":
    (folder / "config.json").write_text(json.dumps(config))
    binary = Path(sys.executable).parent / "envoy"
    command = [str(binary), "--mode", "validate", "-c", str(folder / "config.json"), "-l", "warning"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_envoy_knows_every_field_and_none_is_deprecated(tmp_path: Path):
    snapshot = compile_gateway(service("https://backend.example:8443"), PROVIDERS, SURROUNDINGS)
    done = validated(tmp_path, static(snapshot))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "deprecated" not in done.stderr.lower()
    assert "work-in-progress" not in done.stderr


def test_a_field_that_envoy_does_not_know_is_told(tmp_path: Path):
    config = static(compile_gateway(service("https://backend.example"), PROVIDERS, SURROUNDINGS))
    written = json.dumps(config).replace('"require_expiration"', '"require_expiry"')
    assert validated(tmp_path, json.loads(written)).returncode != 0

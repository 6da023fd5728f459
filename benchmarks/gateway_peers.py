"""What the gateway is measured against: Envoy configured by hand, HAProxy, and the backend behind all of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from entrada.server.envoy.binary import Binary
from tests.gateway.trial import ISSUER, KEYS

AUDIENCE: Final = "colors"
_TYPES: Final = "type.googleapis.com/envoy"
_HTTP: Final = f"{_TYPES}.extensions.filters.http"
_FIELDS: Final = {
    name: f"%{field}%"
    for name, field in {
        "time": "START_TIME", "request_id": "UNIQUE_ID", "trace": "REQ(TRACEPARENT)", "method": "REQ(:METHOD)",
        "api": "METADATA(ROUTE:entrada:api)", "operation": "METADATA(ROUTE:entrada:operation)",
        "decided_by": "METADATA(ROUTE:entrada:by)", "path": "PATH(NQ)", "protocol": "PROTOCOL",
        "status": "RESPONSE_CODE", "details": "RESPONSE_CODE_DETAILS", "flags": "RESPONSE_FLAGS",
        "milliseconds": "DURATION", "backend_milliseconds": "RESPONSE_DURATION", "bytes_received": "BYTES_RECEIVED",
        "bytes_sent": "BYTES_SENT", "client": "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
    }.items()
}  # fmt: skip


@frozen
class Peer:
    """A process that is measured; *pid* is all there is to know of it."""

    pid: int
    port: int


def haproxy() -> tuple[str, str] | str:
    """The program and its version, or why there is none."""
    program = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        return "HAProxy is not installed (as root, on Debian: apt-get install haproxy), so not measured"
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stdout
    version = said.split("version ", 1)[1].split("-", 1)[0]
    if tuple(map(int, version.split(".")[:2])) < (2, 5):
        return f"HAProxy {version} has no jwt_verify (2.5 has), so not measured"
    return program, version


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[Peer]:
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told)
    try:
        yield Peer(process.pid, port)
    finally:
        process.terminate()
        process.wait(10)


# ---- HAProxy ----


def haproxy_command(program: str, folder: Path, port: int, backend: int | None) -> list[str]:
    """Without *backend* it is one."""
    path = folder / f"haproxy-{port}.cfg"
    (folder / "public.pem").write_bytes(KEYS["rsa"].as_pem(private=False))
    path.write_text(_HAPROXY.format(port=port, rules=_rules(folder, backend)))
    return [program, "-db", "-f", str(path)]


_HAPROXY: Final = """
global
    nbthread 1
    tune.bufsize 32768
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
    option http-keep-alive
frontend one
    bind 127.0.0.1:{port}
{rules}
"""


def _rules(folder: Path, backend: int | None) -> str:
    if backend is None:
        return "    http-request return status 200 content-type text/plain string hi"
    return f"""
    http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
    http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
    http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')
    http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
    http-request set-var(txn.now) date()
    http-request deny deny_status 401 unless {{ var(txn.alg) -m str RS256 }}
    http-request deny deny_status 401 unless {{ var(txn.iss) -m str {ISSUER} }}
    http-request deny deny_status 401 unless {{ var(txn.aud) -m str {AUDIENCE} }}
    http-request deny deny_status 401 if {{ var(txn.exp),sub(txn.now) -m int lt 0 }}
    http-request deny deny_status 401 unless {{ http_auth_bearer,jwt_verify(txn.alg,"{folder}/public.pem") -m int 1 }}
    default_backend two
backend two
    server it 127.0.0.1:{backend}
"""


# ---- Envoy by hand ----


def envoy_command(binary: Binary, folder: Path, name: str, config: dict[str, Any]) -> list[str]:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"static_resources": config}))
    return [str(binary.path), "-c", str(path), "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]


def answering(port: int) -> dict[str, Any]:
    """A backend, where there is no HAProxy to be one."""
    route = {"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "hi"}}}
    return {"listeners": [_listener(port, [], route, {})]}


def by_hand(port: int, backend: int, *, checks: str, log: Path | None = None) -> dict[str, Any]:
    """*checks*: none, token (issuer, audience) or full (two claims and our words for a refusal too)."""
    filters = {"none": [], "token": [_jwt({})], "full": [_jwt(_METADATA), _claim("scp"), _claim("roles")]}[checks]
    route = {
        "match": {"prefix": "/"},
        "route": {"cluster": "two"},
        "metadata": {"filter_metadata": {"entrada": {"api": "colors", "operation": "list", "by": "envoy"}}},
    }
    more: dict[str, Any] = (
        {"local_reply_config": {"mappers": [_mapper(status) for status in (401, 403)]}} if checks == "full" else {}
    )
    if log is not None:
        config = {
            "@type": f"{_TYPES}.extensions.access_loggers.file.v3.FileAccessLog",
            "path": str(log),
            "log_format": {"json_format": _FIELDS},
        }
        more["access_log"] = [{"name": "log", "typed_config": config}]
    return {"listeners": [_listener(port, filters, route, more)], "clusters": [_cluster(backend)]}


def _listener(port: int, filters: list[Any], route: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    router = {"name": "router", "typed_config": {"@type": f"{_HTTP}.router.v3.Router"}}
    manager = {
        "@type": f"{_TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "by_hand",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [*filters, router],
        **more,
    }
    return {
        "name": "one",
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


def _cluster(backend: int) -> dict[str, Any]:
    address = {"socket_address": {"address": "127.0.0.1", "port_value": backend}}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}]
    return {"name": "two", "type": "STATIC", "load_assignment": {"cluster_name": "two", "endpoints": endpoints}}


_METADATA: Final = {
    "payload_in_metadata": "token",
    "normalize_payload_in_metadata": {"space_delimited_claims": ["scp"]},
}


def _jwt(more: dict[str, Any]) -> dict[str, Any]:
    key_set = json.dumps({"keys": [KEYS["rsa"].as_dict(private=False)]})
    provider = {
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "local_jwks": {"inline_string": key_set},
        "forward": True,
        "jwt_cache_config": {"jwt_cache_size": 1000},
        **more,
    }
    config = {
        "@type": f"{_HTTP}.jwt_authn.v3.JwtAuthentication",
        "providers": {"p": provider},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "p"}}],
    }
    return {"name": "envoy.filters.http.jwt_authn", "typed_config": config}


def _claim(name: str) -> dict[str, Any]:
    wanted = {"scp": "Colors.Read", "roles": "Painter"}[name]
    among = {"list_match": {"one_of": {"string_match": {"exact": wanted}}}}
    matcher = {
        "filter": "envoy.filters.http.jwt_authn",
        "path": [{"key": "token"}, {"key": name}],
        "value": {"or_match": {"value_matchers": [{"string_match": {"exact": wanted}}, among]}},
    }
    principal = {"sourced_metadata": {"metadata_matcher": matcher}}
    policy = {"permissions": [{"any": True}], "principals": [principal]}
    config = {"@type": f"{_HTTP}.rbac.v3.RBAC", "rules": {"action": "ALLOW", "policies": {"claim": policy}}}
    return {"name": f"envoy.filters.http.rbac.{name}", "typed_config": config}


def _mapper(status: int) -> dict[str, Any]:
    compared = {"op": "EQ", "value": {"default_value": status, "runtime_key": "none"}}
    return {
        "filter": {"status_code_filter": {"comparison": compared}},
        "status_code": 401,
        "body_format_override": {
            "text_format_source": {"inline_string": '{ "statusCode": 401, "message": "Unauthorized" }'},
            "content_type": "application/json",
        },
    }

"""Which scope does the API at an address want?  For those that are known by where they are."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult

from entrada.cli.tokens.running import COLORS_API, SCOPES, Running
from entrada.client.authority import LOOPBACK

_GRAPH_PATHS: Final = ("/v1.0", "/beta", "/oidc")
_COLORS: Final = "/colors/"  # the API that a development gateway begins with
_HOSTS: Final = """
    graph.microsoft.com graph.microsoft.us dod-graph.microsoft.us microsoftgraph.chinacloudapi.cn
    management.azure.com management.usgovcloudapi.net management.chinacloudapi.cn
    api.loganalytics.io api.applicationinsights.io
"""
_OWN: Final = frozenset(_HOSTS.split())  # hosts whose resource is their own origin
_BELOW: Final[Mapping[str, str]] = {  # hosts below these share one resource
    ".vault.azure.net": "https://vault.azure.net",
    ".blob.core.windows.net": "https://storage.azure.com",
    ".queue.core.windows.net": "https://storage.azure.com",
    ".table.core.windows.net": "https://storage.azure.com",
    ".servicebus.windows.net": "https://servicebus.azure.net",
    ".azconfig.io": "https://azconfig.io",
    ".database.windows.net": "https://database.windows.net",
}
_DEVOPS: Final = "499b84ac-1321-427f-aa17-267ca6975798/.default"  # whose address is no resource


def scope_of(parts: SplitResult, up: Running | None) -> tuple[str, ...]:
    """Empty: nobody knows."""
    host = parts.hostname or ""
    if up is not None and f"{parts.scheme}://{parts.netloc}" == up.origin:
        return SCOPES if parts.path.startswith(_GRAPH_PATHS) else ()
    if up is not None and f"{parts.scheme}://{parts.netloc}" == up.gateway:
        # Of other APIs the gateway's own store knows, which a client of the platform does not read.
        return (f"{COLORS_API}/Colors.Read",) if f"{parts.path}/".startswith(_COLORS) else ()
    if up is not None and host in LOOPBACK and up.is_its_api(parts.port):
        return (f"{COLORS_API}/Colors.Read",)
    if host in _OWN:
        return (f"https://{host}/.default",)
    if host == "dev.azure.com":
        return (_DEVOPS,)
    return next(((f"{resource}/.default",) for end, resource in _BELOW.items() if host.endswith(end)), ())

"""The API that is measured, and the gateway in Python as a process of its own: PORT BACKEND CHECKS KEYS."""

from __future__ import annotations

import os
import sys
import time
from types import SimpleNamespace
from typing import Any, Final

import uvicorn
from attrs import evolve

from benchmarks.gateway_peers import AUDIENCE
from entrada.cli.bounded_http import CarryingHttp
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.key import parse_key_set
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.json_object import parse_object
from entrada.server import logs
from entrada.server.usecases.gateway.tally import Tally
from entrada.server.web.gateway.proxy import GatewayProxy
from tests.gateway.trial import COLORS, DOCUMENT, ISSUER, gateway

_POLICY: Final = f"""
<validate-jwt header-name="Authorization" require-scheme="Bearer" failed-validation-error-message="Unauthorized">
    <openid-config url="{DOCUMENT}" />
    <audiences><audience>{AUDIENCE}</audience></audiences>
    <issuers><issuer>{ISSUER}</issuer></issuers>
    CLAIMS
</validate-jwt>"""
_CLAIMS: Final = """
    <required-claims>
        <claim name="scp" match="any" separator=" "><value>Colors.Read</value></claim>
        <claim name="roles" match="any"><value>Painter</value></claim>
    </required-claims>"""


def service(backend: int, checks: str) -> Service:
    api = evolve(COLORS, service_url=f"http://127.0.0.1:{backend}")
    return gateway(_POLICY.replace("CLAIMS", _CLAIMS if checks == "full" else ""), api)


def main(port: int, backend: int, checks: str, keys: str) -> None:
    provider = Provider(issuer=ISSUER, keys=parse_key_set(parse_object(keys.encode())))
    here = SimpleNamespace(
        gateway=None, journal=None, origin="http://localhost", entropy=os.urandom, clock=lambda: int(time.time())
    )
    live: Any = SimpleNamespace(
        here=here, service=service(backend, checks), providers={DOCUMENT: provider}, tally=Tally(), is_loaded=True
    )
    logs.configure("info" if checks == "full" else "warning", "json")
    uvicorn.run(
        GatewayProxy(live),
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # as our own servers run
        date_header=False,
        http=CarryingHttp,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])

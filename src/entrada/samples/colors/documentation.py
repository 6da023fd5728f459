"""The documentation page: Swagger UI from our own files, signing in by the code flow with PKCE.

It knows how its sign-in ended by a message of its own window, not by `window.opener`: the platform's pages cut that tie
(`Cross-Origin-Opener-Policy`).
"""

import json
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from entrada.samples.colors.settings import ColorsSettings

_HERE: Final = Path(__file__).parent
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Colors API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript. The <a href="openapi.json">OpenAPI description</a> does not.</noscript>
<main id="documentation" data-oauth="{oauth}"></main>
<script src="static/swagger-ui-bundle.js"></script>
<script src="static/documentation.js"></script>
</body>
</html>
"""
_SIGNED_IN: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Signing in</title><link rel="icon" href="data:,"></head>
<body>
<p>Back to the documentation; you may close this window.</p>
<script src="../static/signed-in.js"></script>
</body>
</html>
"""


def documentation(app: FastAPI, settings: ColorsSettings, oauth: dict[str, Any]) -> None:
    page = _PAGE.format(oauth=escape(json.dumps(oauth)))
    platform = urlsplit(settings.authority)
    headers = _headers(f"{platform.scheme}://{platform.netloc}")

    async def home(request: Request) -> Response:
        return RedirectResponse("docs", 302)

    async def docs(request: Request) -> Response:
        return HTMLResponse(page, headers=headers)

    async def signed_in(request: Request) -> Response:
        return HTMLResponse(_SIGNED_IN, headers=headers)

    app.router.routes += [
        Route("/", home),
        Route("/docs", docs),
        Route("/docs/oauth2-redirect", signed_in),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]


def _headers(platform: str) -> dict[str, str]:
    # Swagger UI styles what it draws, and draws small pictures that it carries along.
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self' {platform}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

"""Serve the single-page application in spa/ on a free port of http://localhost, as its developer would."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

SPA = Path(__file__).parent / "spa"
MSAL = Path(__file__).parent / "node" / "node_modules" / "@azure" / "msal-browser" / "lib" / "msal-browser.min.js"


class _Files(BaseHTTPRequestHandler):
    settings: ClassVar[bytes]

    def do_GET(self) -> None:
        found = {
            "/": ("text/html", (SPA / "index.html").read_bytes),
            "/app.mjs": ("text/javascript", (SPA / "app.mjs").read_bytes),
            "/msal-browser.min.js": ("text/javascript", MSAL.read_bytes),
            "/settings.json": ("application/json", lambda: self.settings),
        }.get(urlsplit(self.path).path)
        if found is None:
            self.send_error(404)
            return
        kind, read = found
        content = read()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


@contextmanager
def spa_server(**settings: str) -> Iterator[str]:
    """The application's origin; *settings* are what it reads of its registration."""
    handler = type("Handler", (_Files,), {"settings": json.dumps(settings).encode()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()

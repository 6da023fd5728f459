"""`/metrics`: the gateway's figures, on a port of its own, on loopback.  Design section 2."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from entrada.server.usecases.gateway.live import Live
from entrada.server.web.gateway.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def _none() -> str:
    return ""


def metrics_page(live: Live, figures: Figures, others: Callable[[], Awaitable[str]] = _none) -> Starlette:
    """*others*: those of who stands in front of us, in the same format."""

    async def metrics(_request: Request) -> Response:
        text = figures.text(live.health(), live.here.clock()) + await others()
        return PlainTextResponse(text, media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/metrics", metrics)])

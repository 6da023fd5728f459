"""`/metrics`, `/healthz`, `/readyz`: how the gateway is, on a port of its own: the others are its APIs'.  Section 2."""

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


def metrics_page(
    live: Live,
    figures: Figures,
    others: Callable[[], Awaitable[str]] = _none,
    in_front_ready: Callable[[], bool] = lambda: True,
) -> Starlette:
    """*others*: the figures of who stands in front of us, in the same format.  *in_front_ready*: whether they serve."""

    async def metrics(_request: Request) -> Response:
        text = figures.text(live.health(), live.here.clock()) + await others()
        return PlainTextResponse(text, media_type=CONTENT_TYPE)

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        why = "" if live.is_loaded else "the configuration is not loaded"
        why = why or ("" if in_front_ready() else "Envoy has not accepted the configuration")
        return PlainTextResponse(f"{why or 'ok'}\n", status_code=503 if why else 200)

    return Starlette(routes=[Route("/metrics", metrics), Route("/healthz", alive), Route("/readyz", ready)])

"""The portal's paths, room by room."""

from starlette.routing import BaseRoute, Route

from entrada.core.directory.portal import ENDED, HOME, SIGNED_IN, SIGNED_OUT
from entrada.server.web.http.site import Site
from entrada.server.web.portal import applications, enterprise, gateway, logs, overview, people, settings
from entrada.server.web.portal.door import get, post
from entrada.server.web.portal.lost import lost
from entrada.server.web.portal.search import search
from entrada.server.web.portal.sign_in import Reception
from entrada.server.web.signed_in.arrival import SIGN_IN, SIGN_OUT


def routes(site: Site) -> list[BaseRoute]:
    reception = Reception(site)
    return [
        Route(SIGN_IN, reception.begin, methods=["GET"]),
        Route(SIGNED_IN, reception.finish, methods=["GET"]),
        Route(ENDED, reception.ended, methods=["GET"]),
        Route(SIGNED_OUT, reception.signed_out, methods=["GET"]),
        post(site, SIGN_OUT, reception.sign_out),
        get(site, HOME, overview.show),
        get(site, "/portal/search", search),
        *applications.routes(site),
        *enterprise.routes(site),
        *gateway.routes(site),
        *people.routes(site),
        *logs.routes(site),
        *settings.routes(site),
        get(site, HOME + "/{rest:path}", lost),
    ]

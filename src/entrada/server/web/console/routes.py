"""The console's paths, room by room."""

from starlette.routing import BaseRoute

from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.signers import provider_redirect_path, server_redirect_path
from entrada.server.web.console import catalogue, products, subscriptions
from entrada.server.web.console.door import get, lost, post
from entrada.server.web.console.try_it import authorizing
from entrada.server.web.console.try_it.trial import Trials
from entrada.server.web.http.site import Site


def routes(site: Site) -> list[BaseRoute]:
    trials = Trials()
    return [
        get(site, CONSOLE, catalogue.show_apis),
        get(site, CONSOLE + "/apis/{api}", catalogue.show_api),
        get(site, CONSOLE + "/apis/{api}/operations/{operation}", trials.show),
        post(site, CONSOLE + "/apis/{api}/operations/{operation}/try", trials.act),
        get(site, authorizing.GO, authorizing.go),
        get(site, server_redirect_path("{server}"), trials.land, keeps_query=False),
        get(site, provider_redirect_path("{provider}"), trials.land, keeps_query=False),
        get(site, CONSOLE + "/products", products.show_products),
        get(site, CONSOLE + "/products/{product}", products.show_product),
        post(site, CONSOLE + "/products/{product}/subscribe", products.subscribe),
        get(site, CONSOLE + "/subscriptions", subscriptions.show_subscriptions),
        post(site, CONSOLE + "/subscriptions/{subscription}", subscriptions.act),
        get(site, CONSOLE + "/subscriptions/{subscription}/cancel", subscriptions.confirm_cancelling),
        get(site, CONSOLE + "/{rest:path}", lost),
    ]

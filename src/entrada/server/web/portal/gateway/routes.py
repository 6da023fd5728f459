"""The paths of the gateway's rooms.  What makes something new is beside the lists: authors choose ids, `new` too."""

from typing import Final

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.gateway import (
    api_import,
    api_settings,
    apis,
    operations,
    overview,
    policies,
    products,
    providers,
    servers,
    subscriptions,
    values,
)
from entrada.server.web.portal.gateway.apis import APIS
from entrada.server.web.portal.gateway.desk import HOME, begin, get, post
from entrada.server.web.portal.gateway.operations import of_operation, to_operation
from entrada.server.web.portal.gateway.products import PRODUCTS
from entrada.server.web.portal.gateway.providers import PROVIDERS
from entrada.server.web.portal.gateway.servers import SERVERS
from entrada.server.web.portal.gateway.subscriptions import SUBSCRIPTIONS
from entrada.server.web.portal.gateway.values import VALUES

_API: Final = f"{HOME}/apis/{{id}}"
_OPERATION: Final = f"{_API}/operations/{{operation}}"
_PRODUCT: Final = f"{HOME}/products/{{id}}"
_SUBSCRIPTION: Final = f"{HOME}/subscriptions/{{id}}"
_SERVER: Final = f"{HOME}/servers/{{id}}"
_PROVIDER: Final = f"{HOME}/providers/{{id}}"
_VALUE: Final = f"{HOME}/values/{{id}}"


def routes(site: Site) -> list[BaseRoute]:
    return [
        get(site, HOME, overview.show),
        *_apis(site),
        *_products(site),
        *_subscriptions(site),
        *_servers(site),
        *_providers(site),
        *_values(site),
        *policies.routes(site),
    ]


def _apis(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/apis",         apis.show_all),
        begin(site, api_import.IMPORT,      api_import.start),
        post(site,  api_import.IMPORT,      api_import.preview, most=api_import.MAX_TEXT),
        post(site,  f"{api_import.IMPORT}/write", api_import.write),
        begin(site, f"{api_import.IMPORT}/write", api_import.start),
        begin(site, APIS.new_path,          apis.start),
        post(site,  APIS.new_path,          apis.create),
        get(site,   _API,                   APIS.show(apis.overview)),
        get(site,   f"{_API}/settings",     APIS.show(api_settings.settings)),
        post(site,  f"{_API}/settings",     APIS.do(api_settings.save_settings)),
        get(site,   f"{_API}/security",     APIS.show(api_settings.security)),
        post(site,  f"{_API}/security",     APIS.do(api_settings.save_security)),
        begin(site, f"{_API}/delete",       APIS.show(apis.ask_to_delete)),
        post(site,  f"{_API}/delete",       APIS.do(apis.delete)),
        get(site,   f"{_API}/operations",   APIS.show(operations.show_all)),
        begin(site, f"{_API}/new",          APIS.show(operations.start)),
        post(site,  f"{_API}/new",          APIS.do(operations.create)),
        get(site,   _OPERATION,             of_operation(operations.edit)),
        post(site,  _OPERATION,             to_operation(operations.save)),
        begin(site, f"{_OPERATION}/delete", of_operation(operations.ask_to_delete)),
        post(site,  f"{_OPERATION}/delete", to_operation(operations.delete)),
    ]
    # fmt: on


def _products(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/products",           products.show_all),
        begin(site, PRODUCTS.new_path,            products.start),
        post(site,  PRODUCTS.new_path,            products.create),
        get(site,   _PRODUCT,                     PRODUCTS.show(products.overview)),
        post(site,  f"{_PRODUCT}/state",          PRODUCTS.do(products.switch)),
        get(site,   f"{_PRODUCT}/apis",           PRODUCTS.show(products.apis)),
        post(site,  f"{_PRODUCT}/apis",           PRODUCTS.do(products.save_apis)),
        get(site,   f"{_PRODUCT}/subscriptions",  PRODUCTS.show(subscriptions.of_product)),
        get(site,   f"{_PRODUCT}/settings",       PRODUCTS.show(products.settings)),
        post(site,  f"{_PRODUCT}/settings",       PRODUCTS.do(products.save_settings)),
        begin(site, f"{_PRODUCT}/delete",         PRODUCTS.show(products.ask_to_delete)),
        post(site,  f"{_PRODUCT}/delete",         PRODUCTS.do(products.delete)),
    ]
    # fmt: on


def _subscriptions(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/subscriptions",         subscriptions.show_all),
        begin(site, SUBSCRIPTIONS.new_path,          subscriptions.start),
        post(site,  SUBSCRIPTIONS.new_path,          subscriptions.create),
        get(site,   _SUBSCRIPTION,                   SUBSCRIPTIONS.show(subscriptions.overview)),
        get(site,   f"{_SUBSCRIPTION}/keys",         SUBSCRIPTIONS.show(subscriptions.overview)),
        post(site,  f"{_SUBSCRIPTION}/keys",         SUBSCRIPTIONS.do(subscriptions.show_keys)),
        begin(site, f"{_SUBSCRIPTION}/regenerate",   SUBSCRIPTIONS.show(subscriptions.ask_to_regenerate)),
        post(site,  f"{_SUBSCRIPTION}/regenerate",   SUBSCRIPTIONS.do(subscriptions.regenerate)),
        post(site,  f"{_SUBSCRIPTION}/state",        SUBSCRIPTIONS.do(subscriptions.switch)),
        get(site,   f"{_SUBSCRIPTION}/settings",     SUBSCRIPTIONS.show(subscriptions.settings)),
        post(site,  f"{_SUBSCRIPTION}/settings",     SUBSCRIPTIONS.do(subscriptions.save_settings)),
        begin(site, f"{_SUBSCRIPTION}/delete",       SUBSCRIPTIONS.show(subscriptions.ask_to_delete)),
        post(site,  f"{_SUBSCRIPTION}/delete",       SUBSCRIPTIONS.do(subscriptions.delete)),
    ]
    # fmt: on


def _servers(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/servers",               servers.show_all),
        begin(site, SERVERS.new_path,                servers.start),
        post(site,  SERVERS.new_path,                servers.create),
        get(site,   f"{SERVERS.new_path}/redirect",  servers.show_redirect),
        get(site,   _SERVER,                         SERVERS.show(servers.overview)),
        get(site,   f"{_SERVER}/settings",           SERVERS.show(servers.settings)),
        post(site,  f"{_SERVER}/settings",           SERVERS.do(servers.save_settings)),
        begin(site, f"{_SERVER}/delete",             SERVERS.show(servers.ask_to_delete)),
        post(site,  f"{_SERVER}/delete",             SERVERS.do(servers.delete)),
    ]
    # fmt: on


def _providers(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/providers",       providers.show_all),
        begin(site, PROVIDERS.new_path,        providers.start),
        post(site,  PROVIDERS.new_path,        providers.create),
        get(site,   _PROVIDER,                 PROVIDERS.show(providers.overview)),
        get(site,   f"{_PROVIDER}/settings",   PROVIDERS.show(providers.settings)),
        post(site,  f"{_PROVIDER}/settings",   PROVIDERS.do(providers.save_settings)),
        begin(site, f"{_PROVIDER}/delete",     PROVIDERS.show(providers.ask_to_delete)),
        post(site,  f"{_PROVIDER}/delete",     PROVIDERS.do(providers.delete)),
    ]
    # fmt: on


def _values(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,   f"{HOME}/values",     values.show_all),
        begin(site, VALUES.new_path,      values.start),
        post(site,  VALUES.new_path,      values.create),
        get(site,   _VALUE,               VALUES.show(values.overview)),
        post(site,  _VALUE,               VALUES.do(values.save)),
        begin(site, f"{_VALUE}/delete",   VALUES.show(values.ask_to_delete)),
        post(site,  f"{_VALUE}/delete",   VALUES.do(values.delete)),
    ]
    # fmt: on

"""The identity site's paths, as Entra has them.  Reference section 3."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.core.protocol.version import Version
from entrada.server.web.http.site import Site
from entrada.server.web.identity import device_page, enrol_page, error_page, home_page
from entrada.server.web.identity.account_sign_in import sign_in_to_account
from entrada.server.web.identity.admin_consent_endpoint import decide_admin_consent, start_admin_consent
from entrada.server.web.identity.authorize_endpoint import authorize, consent, login, nothing_under_way
from entrada.server.web.identity.device_code_endpoint import device_code
from entrada.server.web.identity.logout_endpoint import logout, logout_chosen
from entrada.server.web.identity.metadata_endpoints import configuration, instance, keys, user_realm
from entrada.server.web.identity.token_endpoint import token

_METADATA = ".well-known/openid-configuration"
_GET = ["GET"]
_FORMS = ["GET", "POST"]
_ANY = ["GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]  # answered with 900561 where Entra takes POST only


def routes(site: Site) -> list[BaseRoute]:
    v1, v2 = Version.V1, Version.V2
    # fmt: off
    return [
        # The busiest first: routes are tried in order.
        _route(site, "/{tenant}/oauth2/v2.0/token", partial(token, version=v2), _ANY),
        _route(site, "/{tenant}/oauth2/token", partial(token, version=v1), _ANY),
        _route(site, "/{tenant}/oauth2/v2.0/authorize", partial(authorize, version=v2), _FORMS),
        _route(site, "/{tenant}/oauth2/authorize", partial(authorize, version=v1), _FORMS),
        _route(site, "/{tenant}/oauth2/v2.0/devicecode", partial(device_code, version=v2), _ANY),
        _route(site, "/{tenant}/oauth2/devicecode", partial(device_code, version=v1), _ANY),
        _route(site, "/devicelogin", device_page.device_login, _GET),
        _route(site, "/{tenant}/oauth2/deviceauth", device_page.show, _GET),
        _route(site, "/{tenant}/oauth2/deviceauth", device_page.submit, ["POST"]),
        _route(site, "/{tenant}/oauth2/deviceauth/decision", device_page.decide, ["POST"]),
        _route(site, "/{tenant}/oauth2/deviceauth/decision", nothing_under_way, _GET),
        _route(site, "/", home_page.home, _GET),
        _route(site, "/error", _lookup, _GET),
        _route(site, "/enrol", enrol_page.show, _GET),
        _route(site, "/enrol", enrol_page.submit, ["POST"]),
        _route(site, "/common/discovery/instance", instance, _GET),
        _route(site, "/{tenant}/{realm:userrealm}/{username}", user_realm, _GET),
        _route(site, f"/{{tenant}}/v2.0/{_METADATA}", partial(configuration, version=v2), _GET),
        _route(site, f"/{{tenant}}/{_METADATA}", partial(configuration, version=v1), _GET),
        _route(site, "/{tenant}/discovery/v2.0/keys", partial(keys, version=v2), _GET),
        _route(site, "/{tenant}/discovery/keys", partial(keys, version=v1), _GET),
        _route(site, "/{tenant}/oauth2/v2.0/logout", logout, _FORMS),
        _route(site, "/{tenant}/oauth2/logout", logout, _FORMS),
        _route(site, "/{tenant}/oauth2/v2.0/logout/account", logout_chosen, ["POST"]),
        _route(site, "/{tenant}/v2.0/adminconsent", partial(start_admin_consent, version=v2), _GET),
        _route(site, "/{tenant}/adminconsent", partial(start_admin_consent, version=v1), _GET),
        _route(site, "/{tenant}/adminconsent", decide_admin_consent, ["POST"]),
        _route(site, "/common/account/signin", sign_in_to_account, _GET),
        _route(site, "/{tenant}/login", login, ["POST"]),
        _route(site, "/{tenant}/login", nothing_under_way, _GET),
        _route(site, "/{tenant}/consent", consent, ["POST"]),
        _route(site, "/{tenant}/consent", nothing_under_way, _GET),
    ]
    # fmt: on


Endpoint = Callable[[Site, Request], Awaitable[Response]]


def _route(site: Site, path: str, endpoint: Endpoint, methods: list[str]) -> Route:
    async def answer(request: Request) -> Response:
        return await endpoint(site, request)

    return Route(path, answer, methods=methods)


async def _lookup(site: Site, request: Request) -> Response:
    return error_page.lookup(site, request)


class _UserRealm(Convertor[str]):
    """`userrealm` in any case: MSAL Go writes UserRealm."""

    regex = "[Uu][Ss][Ee][Rr][Rr][Ee][Aa][Ll][Mm]"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("userrealm", _UserRealm())

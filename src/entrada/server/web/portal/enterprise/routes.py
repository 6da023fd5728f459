"""The paths of the room of enterprise applications."""

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import get, post
from entrada.server.web.portal.enterprise import assigned, listed, permissions, principal
from entrada.server.web.portal.enterprise.principal import of_one, to_one

_ONE = "/portal/enterprise/{id}"


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  "/portal/enterprise",       listed.show),
        get(site,  "/portal/enterprise/new",   listed.start),
        post(site, "/portal/enterprise/new",   listed.create),
        get(site,  _ONE,                       of_one(principal.overview)),
        get(site,  f"{_ONE}/properties",       of_one(principal.properties)),
        post(site, f"{_ONE}/properties",       to_one(principal.change_properties)),
        get(site,  f"{_ONE}/users",            of_one(assigned.show)),
        post(site, f"{_ONE}/users",            to_one(assigned.change)),
        get(site,  f"{_ONE}/permissions",      of_one(permissions.show)),
        post(site, f"{_ONE}/permissions",      to_one(permissions.revoke)),
        get(site,  f"{_ONE}/permissions/revoke", of_one(permissions.ask_to_revoke)),
        get(site,  f"{_ONE}/consent",          of_one(permissions.ask_to_grant)),
        post(site, f"{_ONE}/consent",          to_one(permissions.grant)),
        get(site,  f"{_ONE}/owners",           of_one(principal.owners)),
        post(site, f"{_ONE}/owners",           to_one(principal.change_owners)),
        get(site,  f"{_ONE}/delete",           of_one(principal.ask_to_delete)),
        post(site, f"{_ONE}/delete",           to_one(principal.delete)),
    ]
    # fmt: on

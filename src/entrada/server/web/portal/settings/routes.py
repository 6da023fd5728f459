"""The paths of the room of settings."""

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import get, post
from entrada.server.web.portal.settings import branding_page, deleted_page, key_pages, security_page, tenant_page


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  "/portal/settings",             tenant_page.show),
        post(site, "/portal/settings",             tenant_page.change),
        post(site, "/portal/settings/domain",      tenant_page.choose_domain),
        get(site,  "/portal/branding",             branding_page.show),
        post(site, "/portal/branding",             branding_page.change),
        get(site,  "/portal/branding/accent.css",  branding_page.style),
        get(site,  "/portal/security",             security_page.show),
        post(site, "/portal/security",             security_page.change),
        get(site,  "/portal/keys",                 key_pages.show),
        get(site,  "/portal/keys/rotate",          key_pages.ask_to_rotate),
        post(site, "/portal/keys/rotate",          key_pages.rotate),
        get(site,  "/portal/deleted",              deleted_page.show),
        post(site, "/portal/deleted/restore",      deleted_page.restore),
        get(site,  "/portal/deleted/{id}/purge",   deleted_page.ask_to_purge),
        post(site, "/portal/deleted/{id}/purge",   deleted_page.purge),
    ]
    # fmt: on

"""Which identifier URIs an application may have: those that nobody else can have too.  Reference section 37.

A v1.0 token names its API by such a URI alone.  So whoever could register the URI of another tenant's API could issue
tokens that the API takes for its own, if it lets every tenant's users in.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from entrada.core.directory.ids import ClientId, parse_guid
from entrada.core.directory.microsoft_graph import IDENTIFIER_URIS
from entrada.core.directory.tenant import Tenant

_LONGEST: Final = 255
_SYNTAX: Final = re.compile(r"""(api|https)://[^\s/#?*\\"]+(?:/[^\s/#?*\\"]+)*""")
_HOST: Final = re.compile(r"[a-z0-9.\-]+", re.ASCII)
_GRAPHS_HOSTS: Final = frozenset(urlsplit(uri).netloc for uri in IDENTIFIER_URIS)


def fault(uri: str, app_id: ClientId, tenant: Tenant, *, multi_tenant: bool) -> str | None:
    """What is wrong with *uri* for the application *app_id* of *tenant*."""
    if not _SYNTAX.fullmatch(uri) or not uri.isprintable() or len(uri) > _LONGEST:
        return f"{uri!r} is not an identifier URI: api://… or https://…, without a slash at its end."
    scheme, _, rest = uri.partition("://")
    parts = rest.split("/")
    if scheme == "https":
        domains = ", ".join(tenant.domains)
        return (
            None if _is_below(parts[0].lower(), tenant) else f"{uri!r} is not below a domain of the tenant: {domains}."
        )
    ids = [parse_guid(part) for part in parts]
    if _names_owner(ids, app_id, tenant):
        return None
    if any(ids):
        return f"{uri!r} holds an id where only the application's own, or its tenant's, may stand."
    return _shareable(uri, app_id, tenant) if multi_tenant else None


def _is_below(host: str, tenant: Tenant) -> bool:
    if host in _GRAPHS_HOSTS or not _HOST.fullmatch(host):
        return False
    return any(f".{host}".endswith(f".{domain}") for domain in tenant.domains)


def _names_owner(ids: list[str | None], app_id: ClientId, tenant: Tenant) -> bool:
    """api://{appId}, api://{tenantId}/{appId}, api://{tenantId}/{string} or api://{string}/{appId}."""
    match ids:
        case [one]:
            return one == app_id
        case [first, second]:
            return (second == app_id and first in (None, tenant.id)) or (second is None and first == tenant.id)
        case _:
            return False


def _shareable(uri: str, app_id: ClientId, tenant: Tenant) -> str:
    return (
        f"{uri!r} may be another tenant's as well, and the application is for every tenant: "
        f"use api://{app_id}, api://{tenant.id}/… or https:// and a domain of the tenant."
    )

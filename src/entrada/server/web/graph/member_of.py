"""What somebody is a member of: where a token with too many groups sends its reader.  Reference sections 32 and 38.

`getMemberObjects` and `getMemberGroups` answer with ids, `memberOf` and `transitiveMemberOf` with objects in pages.
"""

from functools import partial
from typing import Final

import msgspec
from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.group import Group
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.user import User
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph.bearer import Caller, WithoutUser
from entrada.server.web.graph.door import answered, insufficient, route
from entrada.server.web.graph.graph_error import graph_error
from entrada.server.web.graph.paging import MAX_TOP, read_page
from entrada.server.web.graph.wire import WhichGroups
from entrada.server.web.http.site import Site

_OTHERS: Final = frozenset(
    {"GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
)
_OWN: Final = _OTHERS | {"User.Read", "User.ReadWrite"}
_PAGE: Final = 100
_MAX_BODY: Final = 4096
_ROLE: Final = "#microsoft.graph.directoryRole"
_GROUP: Final = "#microsoft.graph.group"


def routes(site: Site) -> list[BaseRoute]:
    objects, groups = partial(ids, roles=True), partial(ids, roles=False)
    near, far = partial(members, direct=True), partial(members, direct=False)
    # fmt: off
    return [
        route(site, "/v1.0/me/memberOf",                       ["GET"],  near),
        route(site, "/v1.0/me/transitiveMemberOf",             ["GET"],  far),
        route(site, "/v1.0/me/getMemberObjects",               ["POST"], objects),
        route(site, "/v1.0/me/getMemberGroups",                ["POST"], groups),
        route(site, "/v1.0/users/{user}/memberOf",             ["GET"],  near),
        route(site, "/v1.0/users/{user}/transitiveMemberOf",   ["GET"],  far),
        route(site, "/v1.0/users/{user}/getMemberObjects",     ["POST"], objects),
        route(site, "/v1.0/users/{user}/getMemberGroups",      ["POST"], groups),
        # As `_claim_sources` of a token spells it.
        route(site, "/{tenant}/users/{user}/getMemberObjects", ["POST"], objects),
    ]
    # fmt: on


async def ids(site: Site, request: Request, caller: Caller | WithoutUser, *, roles: bool) -> Response:
    user = await _whom(site, request, caller)
    if isinstance(user, Response):
        return user
    asked = await _read(request)
    if asked is None:
        return graph_error(
            site, request, 400, "BadRequest", 'The body is JSON: {"securityEnabledOnly": true or false}.'
        )
    groups = await site.here.store.find_groups(user.tenant_id, user.id)
    # Who asks for security groups only is not told of roles either, as at Entra.
    more = sorted(user.directory_roles) if roles and not asked.security_enabled_only else []
    found = [one.id for one in groups if one.security_enabled or not asked.security_enabled_only]
    context = f"{site.here.origin}/v1.0/$metadata#Collection(Edm.String)"
    return answered({"@odata.context": context, "value": [*found, *more]})


async def members(site: Site, request: Request, caller: Caller | WithoutUser, *, direct: bool) -> Response:
    user = await _whom(site, request, caller)
    if isinstance(user, Response):
        return user
    page = read_page(request, _PAGE)
    if page is None:
        return graph_error(site, request, 400, "BadRequest", f"$top is 1 to {MAX_TOP}, $skip 0 or more.")
    origin, path = site.here.origin, request.url.path
    groups = await site.here.store.find_groups(user.tenant_id, user.id, direct=direct)
    found = [*map(_group, groups), *map(_role, sorted(user.directory_roles))]
    answer: dict[str, object] = {
        "@odata.context": f"{origin}/v1.0/$metadata#directoryObjects",
        "value": found[page.skip : page.skip + page.top],
    }
    if len(found) > page.skip + page.top:
        answer["@odata.nextLink"] = page.next_link(origin + path)
    return answered(answer)


@frozen
class _Asked:
    """Of whom a request asks: by id or name, or of the caller when None."""

    name: str | None
    elsewhere: bool  # the path names another tenant than the token


async def _whom(site: Site, request: Request, caller: Caller | WithoutUser) -> User | Response:
    """The user asked about, when the caller may know."""
    tenant = request.path_params.get("tenant", caller.tenant_id)
    asked = _Asked(request.path_params.get("user"), elsewhere=tenant.lower() != caller.tenant_id)
    if isinstance(caller, Caller) and not asked.elsewhere and _is_own(asked, caller.user):
        return caller.user if caller.scopes & _OWN else insufficient(site, request, _OWN)
    held = caller.roles if isinstance(caller, WithoutUser) else caller.scopes
    if not held & _OTHERS:
        # Asked before looking: who may not read others must not learn who there is.
        return insufficient(site, request, _OTHERS)
    user = await _find(site.here, caller, asked)
    return user or graph_error(site, request, 404, "Request_ResourceNotFound", "There is no such user here.")


def _is_own(asked: _Asked, user: User) -> bool:
    name = asked.name
    return name is None or parse_guid(name) == user.id or name.lower() == user.user_principal_name.lower()


async def _find(here: Installation, caller: Caller | WithoutUser, asked: _Asked) -> User | None:
    if asked.name is None or asked.elsewhere:
        return None  # an application has no `me`
    by_id = parse_guid(asked.name)
    if by_id is not None:
        return await here.store.find_user(caller.tenant_id, UserId(by_id))
    return await here.store.find_user_by_name(caller.tenant_id, asked.name)


async def _read(request: Request) -> WhichGroups | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            return None
    try:
        return msgspec.json.decode(bytes(body) or b"{}", type=WhichGroups)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _group(group: Group) -> dict[str, object]:
    return {
        "@odata.type": _GROUP,
        "id": group.id,
        "description": group.description,
        "displayName": group.display_name,
        "groupTypes": [],
        "mailEnabled": not group.security_enabled,
        "securityEnabled": group.security_enabled,
    }


def _role(template_id: str) -> dict[str, object]:
    """One object everywhere: a tenant has no roles of its own here."""
    return {
        "@odata.type": _ROLE,
        "id": template_id,
        "displayName": ROLE_NAMES.get(template_id, template_id),
        "roleTemplateId": template_id,
    }

"""The paths of the rooms of people: users, groups, directory roles."""

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import get, post
from entrada.server.web.portal.people import (
    group_list,
    group_page,
    role_pages,
    user_access,
    user_list,
    user_page,
    user_sign_in,
)
from entrada.server.web.portal.people.group_page import of_group, to_group
from entrada.server.web.portal.people.user_page import of_user, to_user

_USER = "/portal/users/{id}"
_GROUP = "/portal/groups/{id}"


def routes(site: Site) -> list[BaseRoute]:
    return [*_users(site), *_groups(site), *_roles(site)]


def _users(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  "/portal/users",          user_list.show),
        get(site,  "/portal/users/new",      user_list.start),
        post(site, "/portal/users/new",      user_list.create),
        get(site,  _USER,                    of_user(user_page.overview)),
        get(site,  f"{_USER}/profile",       of_user(user_page.profile)),
        post(site, f"{_USER}/profile",       to_user(user_page.change_profile)),
        post(site, f"{_USER}/state",         to_user(user_page.switch)),
        get(site,  f"{_USER}/delete",        of_user(user_page.ask_to_delete)),
        post(site, f"{_USER}/delete",        to_user(user_page.delete)),
        get(site,  f"{_USER}/sign-in",       of_user(user_sign_in.show)),
        post(site, f"{_USER}/sign-in",       to_user(user_sign_in.do)),
        get(site,  f"{_USER}/groups",        of_user(user_access.groups)),
        post(site, f"{_USER}/groups",        to_user(user_access.change_groups)),
        get(site,  f"{_USER}/roles",         of_user(user_access.roles)),
        post(site, f"{_USER}/roles",         to_user(user_access.change_roles)),
        get(site,  f"{_USER}/applications",  of_user(user_access.applications)),
        post(site, f"{_USER}/applications",  to_user(user_access.change_applications)),
    ]
    # fmt: on


def _groups(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  "/portal/groups",          group_list.show),
        get(site,  "/portal/groups/new",      group_list.start),
        post(site, "/portal/groups/new",      group_list.create),
        get(site,  _GROUP,                    of_group(group_page.overview)),
        post(site, _GROUP,                    to_group(group_page.change)),
        get(site,  f"{_GROUP}/members",       of_group(group_page.members)),
        post(site, f"{_GROUP}/members",       to_group(group_page.change_members)),
        get(site,  f"{_GROUP}/owners",        of_group(group_page.owners)),
        post(site, f"{_GROUP}/owners",        to_group(group_page.change_owners)),
        get(site,  f"{_GROUP}/applications",  of_group(group_page.applications)),
        post(site, f"{_GROUP}/applications",  to_group(group_page.change_applications)),
        get(site,  f"{_GROUP}/delete",        of_group(group_page.ask_to_delete)),
        post(site, f"{_GROUP}/delete",        to_group(group_page.delete)),
    ]
    # fmt: on


def _roles(site: Site) -> list[BaseRoute]:
    return [
        get(site, "/portal/roles", role_pages.show),
        get(site, "/portal/roles/{id}", role_pages.show_one),
        post(site, "/portal/roles/{id}", role_pages.change),
    ]

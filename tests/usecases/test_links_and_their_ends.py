"""However a link and the end of what it joins meet at one moment, no link is left in the air."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, get_args

import pytest
from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.app_role_assignments import create_app_role_assignment
from entrada.server.usecases.administer.applications import create_application, delete_application
from entrada.server.usecases.administer.deleted_items import restore_deleted
from entrada.server.usecases.administer.grant_admin_consent import grant_admin_consent
from entrada.server.usecases.administer.group_members import add_member, add_owner
from entrada.server.usecases.administer.groups import create_group, delete_group
from entrada.server.usecases.administer.owners import add_owner as add_owner_of_application
from entrada.server.usecases.administer.permission_grants import create_permission_grant
from entrada.server.usecases.administer.service_principal_owners import add_service_principal_owner
from entrada.server.usecases.administer.service_principals import delete_service_principal
from entrada.server.usecases.administer.users import delete_user
from tests.drivers.live_server import COLORS_API, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, TENANT, ben, run
from tests.web.seats import BEN, installed

PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
PAINTER: Final = "c0105000-0000-4000-8000-00000401e001"
ADDRESS: Final = "https://graph.microsoft.com/v1.0/directoryObjects/"
Work = Callable[[Any], Awaitable[object]]


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


class Meanwhile:
    """The same store, in which somebody else does *work* between the first look and the first commit."""

    def __init__(self, store: Any, work: Callable[[], Awaitable[object]]) -> None:
        self._store, self._work = store, [work]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, effects: Sequence[Any]) -> bool:
        while self._work:
            await self._work.pop()()
        return bool(await self._store.commit(effects))


def principal(app_id: str) -> str:
    return service_principal_id(TENANT, ClientId(app_id))


def granting(here: Any) -> Awaitable[object]:
    ends = {"clientId": principal(REPSYS), "resourceId": principal(COLORS_API), "principalId": BEN}
    return create_permission_grant(here, OPERATOR, {**ends, "consentType": "Principal", "scope": "Colors.Read"})


def assigning(holder: str) -> Work:
    def assign(here: Any) -> Awaitable[object]:
        of = principal(holder) if holder == REPSYS else holder
        ends = {"principalId": of, "resourceId": principal(COLORS_API)}
        role = "c0105000-0000-4000-8000-00000401e002" if holder == REPSYS else PAINTER
        return create_app_role_assignment(here, OPERATOR, {**ends, "appRoleId": role})

    return assign


NEW_GROUP: Final = {
    "displayName": "Mixers",
    "mailEnabled": False,
    "mailNickname": "mixers",
    "securityEnabled": True,
    "members@odata.bind": [ADDRESS + CAI],
    "owners@odata.bind": [ADDRESS + BEN],
}
DELETE_BEN: Final = lambda here: delete_user(here, OPERATOR, BEN)  # noqa: E731
DELETE_CAI: Final = lambda here: delete_user(here, OPERATOR, CAI)  # noqa: E731
DELETE_GROUP: Final = lambda here: delete_group(here, OPERATOR, PAINTERS)  # noqa: E731
DELETE_APP: Final = lambda here: delete_application(here, OPERATOR, REPSYS)  # noqa: E731
DELETE_API: Final = lambda here: delete_application(here, OPERATOR, COLORS_API)  # noqa: E731
DELETE_PRINCIPAL: Final = lambda here: delete_service_principal(here, OPERATOR, principal(REPSYS))  # noqa: E731

# fmt: off
MEETINGS = [  # what links, what ends
    pytest.param(lambda here: add_member(here, OPERATOR, PAINTERS, CAI),                        DELETE_CAI,       id="a member, the user"),
    pytest.param(lambda here: add_member(here, OPERATOR, PAINTERS, CAI),                        DELETE_GROUP,     id="a member, the group"),
    pytest.param(lambda here: add_owner(here, OPERATOR, PAINTERS, BEN),                         DELETE_BEN,       id="a group's owner, the user"),
    pytest.param(lambda here: add_owner(here, OPERATOR, PAINTERS, BEN),                         DELETE_GROUP,     id="a group's owner, the group"),
    pytest.param(lambda here: add_owner(here, OPERATOR, PAINTERS, principal(REPSYS)),     DELETE_PRINCIPAL, id="a group's owner, the principal"),
    pytest.param(lambda here: create_group(here, OPERATOR, NEW_GROUP),                          DELETE_CAI,       id="a new group, its member"),
    pytest.param(lambda here: create_group(here, OPERATOR, NEW_GROUP),                          DELETE_BEN,       id="a new group, its owner"),
    pytest.param(lambda here: add_owner_of_application(here, OPERATOR, REPSYS, CAI),            DELETE_CAI,       id="an application's owner, the user"),
    pytest.param(lambda here: add_owner_of_application(here, OPERATOR, REPSYS, CAI),            DELETE_APP,       id="an application's owner, the application"),
    pytest.param(lambda here: add_service_principal_owner(here, OPERATOR, principal(REPSYS), CAI), DELETE_CAI,       id="a principal's owner, the user"),
    pytest.param(lambda here: add_service_principal_owner(here, OPERATOR, principal(REPSYS), CAI), DELETE_PRINCIPAL, id="a principal's owner, the principal"),
    pytest.param(lambda here: create_application(here, ben(), {"displayName": "Demo"}),         DELETE_BEN,       id="a new application, its first owner"),
    pytest.param(granting,                                                                      DELETE_BEN,       id="a grant, the user"),
    pytest.param(granting,                                                                      DELETE_PRINCIPAL, id="a grant, the client's principal"),
    pytest.param(granting,                                                                      DELETE_APP,       id="a grant, the client"),
    pytest.param(granting,                                                                      DELETE_API,       id="a grant, the API"),
    pytest.param(assigning(BEN),                                                                DELETE_BEN,       id="a role, the user"),
    pytest.param(assigning(PAINTERS),                                                           DELETE_GROUP,     id="a role, the group"),
    pytest.param(assigning(REPSYS),                                                             DELETE_PRINCIPAL, id="a role, the holder's principal"),
    pytest.param(assigning(BEN),                                                                DELETE_API,       id="a role, the API"),
    pytest.param(lambda here: grant_admin_consent(here, OPERATOR, REPSYS),                      DELETE_APP,       id="admin consent, the client"),
]
# fmt: on


async def in_the_air(here: Any) -> list[Link]:
    kinds: tuple[type[Any], ...] = (User, Group, Application, ServicePrincipal)
    there = {one.id for kind in kinds for one in await here.store.list_entities(kind, TENANT)}
    links = [one for kind in get_args(Link) for one in await here.store.list_entities(kind, TENANT)]
    return [one for one in links if not set(ends_of(one)) <= there]


@pytest.fixture
def stored(here: Any) -> Any:
    for app_id in (REPSYS, COLORS_API):
        installed(here.store, ClientId(app_id), TENANT)
    return here


@pytest.mark.parametrize(("link", "end"), MEETINGS)
def test_no_link_is_made_to_what_ends_meanwhile(stored: Any, link: Work, end: Work) -> None:
    between = evolve(stored, store=Meanwhile(stored.store, lambda: end(stored)))
    asyncio.run(as_task(link(between)))
    assert asyncio.run(in_the_air(stored)) == []


@pytest.mark.parametrize(("link", "end"), MEETINGS)
def test_no_link_that_is_made_meanwhile_is_left(stored: Any, link: Work, end: Work) -> None:
    between = evolve(stored, store=Meanwhile(stored.store, lambda: link(stored)))
    asyncio.run(as_task(end(between)))
    assert asyncio.run(in_the_air(stored)) == []
    assert asyncio.run(stored.store.list_entities(DeletedItem, TENANT)) != ()


@pytest.mark.parametrize("end", [DELETE_BEN, DELETE_APP], ids=["a member", "an application"])
def test_no_link_comes_back_to_what_ends_meanwhile(stored: Any, end: Work) -> None:
    run(add_member(stored, OPERATOR, PAINTERS, BEN))
    asyncio.run(as_task(assigning(PAINTERS)(stored)))
    run(add_owner(stored, OPERATOR, PAINTERS, principal(REPSYS)))
    run(delete_group(stored, OPERATOR, PAINTERS))
    between = evolve(stored, store=Meanwhile(stored.store, lambda: end(stored)))
    run(restore_deleted(between, OPERATOR, PAINTERS))
    assert asyncio.run(in_the_air(stored)) == []


async def as_task(work: Awaitable[object]) -> object:
    return await work

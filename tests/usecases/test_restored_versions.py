"""A version of an object means one content, also when the object was deleted and restored in between."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

import pytest

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.applications import change_application, delete_application
from entrada.server.usecases.administer.deleted_items import list_deleted, restore_deleted
from entrada.server.usecases.administer.group_members import add_member
from entrada.server.usecases.administer.groups import change_group, delete_group
from entrada.server.usecases.administer.service_principals import change_service_principal, delete_service_principal
from entrada.server.usecases.administer.users import change_user, delete_user
from tests.drivers.live_server import REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, audits, refused, run
from tests.web.seats import BEN, installed

PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
REPSYS_HERE: Final = service_principal_id(TENANT, ClientId(REPSYS))
Verb = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
def here(in_process: InProcess) -> Any:
    made = in_process.platform.here
    installed(made.store, ClientId(REPSYS), TENANT)
    return made


# fmt: off
KINDS = [
    pytest.param(change_user,              delete_user,              BEN,         "jobTitle",    id="a user"),
    pytest.param(change_group,             delete_group,             PAINTERS,    "description", id="a group"),
    pytest.param(change_application,       delete_application,       REPSYS,      "notes",       id="an application"),
    pytest.param(change_service_principal, delete_service_principal, REPSYS_HERE, "notes",       id="a service principal"),
]
# fmt: on


def version_of(entity: Any) -> int:
    return int(entity.principal.version if hasattr(entity, "principal") else entity.version)


@pytest.mark.parametrize(("change", "delete", "name", "member"), KINDS)
def test_versions_go_on_where_they_stopped(here: Any, change: Verb, delete: Verb, name: str, member: str) -> None:
    seen = [version_of(run(change(here, OPERATOR, name, {member: text}))) for text in ("one", "two")]
    run(delete(here, OPERATOR, name))
    (item,) = run(list_deleted(here, OPERATOR, Query())).items
    back = run(restore_deleted(here, OPERATOR, item.id))
    assert version_of(back) == seen[-1] + 1
    assert refused(change(here, OPERATOR, name, {member: "three"}, seen[0]))[0] == 412
    assert refused(change(here, OPERATOR, name, {member: "three"}, seen[1]))[0] == 412
    told = next(one for one in audits(here) if one.activity.startswith("Restore"))
    assert told.targets[0].version == version_of(back)
    changed = run(change(here, OPERATOR, name, {member: "three"}, version_of(back)))
    assert version_of(changed) == seen[-1] + 2


def test_an_applications_service_principal_and_links_go_on_too(here: Any) -> None:
    before = run(change_service_principal(here, OPERATOR, REPSYS_HERE, {"notes": "one"})).principal.version
    run(delete_application(here, OPERATOR, REPSYS))
    (item,) = run(list_deleted(here, OPERATOR, Query())).items
    run(restore_deleted(here, OPERATOR, item.id))
    assert run(here.store.find_entity(ServicePrincipal, (TENANT, REPSYS_HERE))).version == before + 1


def test_what_is_looked_at_alone_keeps_its_version(here: Any) -> None:
    """Whoever becomes a member of a group is as they were: an ETag of theirs still holds."""
    there = run(here.store.find_entity(User, (TENANT, BEN))).version
    run(add_member(here, OPERATOR, PAINTERS, BEN))
    assert run(here.store.find_entity(User, (TENANT, BEN))).version == there

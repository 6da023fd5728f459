"""Groups and directory roles: who keeps them, who is in them, and what they cannot be."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.group import Group
from entrada.core.directory.ids import UserId
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.query import Query
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.administer import group_links
from entrada.server.usecases.administer.deleted_items import restore_deleted
from entrada.server.usecases.administer.directory_roles import (
    add_role_member,
    find_role,
    list_role_members,
    list_roles,
    remove_role_member,
)
from entrada.server.usecases.administer.group_members import (
    add_member,
    add_owner,
    list_members,
    list_owners,
    list_transitive_members,
    remove_member,
    remove_owner,
)
from entrada.server.usecases.administer.group_memberships import (
    check_memberships,
    list_member_ids,
    list_memberships,
)
from entrada.server.usecases.administer.groups import (
    change_group,
    create_group,
    delete_group,
    find_group,
    list_groups,
)
from entrada.testing import platform
from tests.drivers.live_server import COLORS_API
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, CAI, OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, commit, installed

ADMIN: Final = ben(role.GROUPS_ADMINISTRATOR)
NOBODY: Final = "c0105000-0000-4000-8000-0000000000ee"
PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
ADDRESS: Final = "https://graph.microsoft.com/v1.0/directoryObjects/"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def asked(name: str = "Mixers", /, **more: object) -> dict[str, object]:
    """A good request; None leaves a member out."""
    members = {
        "displayName": name,
        "mailEnabled": False,
        "mailNickname": "mixers",
        "securityEnabled": True,
        "groupTypes": [],
        **more,
    }
    return {name: value for name, value in members.items() if value is not None}


def made(here: Any, name: str = "Mixers", /, **more: object) -> Group:
    return run(create_group(here, OPERATOR, asked(name, **more)))


def names(page: Any) -> list[str]:
    return [one.display_name for one in page.items]


def test_a_group_is_made_and_owned_by_whoever_made_it(here: Any) -> None:
    group = run(create_group(here, ADMIN, asked(description="They mix.")))
    assert run(find_group(here, ben(), group.id)) == group
    assert (group.description, group.mail_nickname, group.created_at) == ("They mix.", "mixers", here.clock())
    assert names(run(list_owners(here, ben(), group.id, Query()))) == ["Ben Blue"]
    assert activities(here) == ["Add group"]


def test_members_and_owners_may_be_named_at_once(here: Any) -> None:
    bound = {"members@odata.bind": [ADDRESS + BEN, ADDRESS + PAINTERS], "owners@odata.bind": [ADDRESS + ADA]}
    group = run(create_group(here, ADMIN, asked(**bound)))
    assert sorted(names(run(list_members(here, ben(), group.id, Query())))) == ["Ben Blue", "Painters"]
    assert names(run(list_owners(here, ben(), group.id, Query()))) == ["Ada Amber"]


# fmt: off
NOT_MADE = [
    pytest.param(ben(), {},                                             (403, None),                 id="ordinary members"),
    pytest.param(ben(role.APPLICATION_ADMINISTRATOR), {},               (403, None),                 id="another administrator"),
    pytest.param(program("Group.Read.All"), {},                         (403, None),                 id="a program that reads"),
    pytest.param(ADMIN, {"groupTypes": ["Unified"]},                    (400, "groupTypes"),         id="of Microsoft 365"),
    pytest.param(ADMIN, {"groupTypes": ["DynamicMembership"]},          (400, "groupTypes"),         id="by a rule"),
    pytest.param(ADMIN, {"membershipRule": "user.x"},                   (400, "membershipRule"),     id="with a rule"),
    pytest.param(ADMIN, {"mailEnabled": True},                          (400, "mailEnabled"),        id="with mail"),
    pytest.param(ADMIN, {"securityEnabled": False},                     (400, "securityEnabled"),    id="for mail alone"),
    pytest.param(ADMIN, {"securityEnabled": None},                      (400, "securityEnabled"),    id="for nothing"),
    pytest.param(ADMIN, {"mailEnabled": None},                          (400, "mailEnabled"),        id="with mail or not"),
    pytest.param(ADMIN, {"mailNickname": "m" * 65},                     (400, "mailNickname"),       id="too long a nickname"),
    pytest.param(ADMIN, {"mailNickname": "m x"},                        (400, "mailNickname"),       id="a nickname of two words"),
    pytest.param(ADMIN, {"displayName": "m" * 10_000},                  (400, "displayName"),        id="too long a name"),
    pytest.param(ADMIN, {"displayName": " "},                           (400, "displayName"),        id="no name"),
    pytest.param(ADMIN, {"isAssignableToRole": True},                   (400, "isAssignableToRole"), id="holding roles"),
    pytest.param(ADMIN, {"unknown": 1},                                 (400, "unknown"),            id="an unknown member"),
    pytest.param(ADMIN, {"members@odata.bind": ["nonsense"]},           (400, "members@odata.bind"), id="a member that is no address"),
    pytest.param(ADMIN, {"members@odata.bind": [ADDRESS + NOBODY]},     (404, None),                 id="a member that is not there"),
    pytest.param(ADMIN, {"owners@odata.bind": [ADDRESS + PAINTERS]},    (404, None),                 id="owned by a group"),
    pytest.param(ADMIN, {"members@odata.bind": [ADDRESS + BEN] * 21},   (400, "members@odata.bind"), id="too many at once"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "members", "answer"), NOT_MADE)
def test_what_is_not_made(here: Any, actor: Actor, members: dict[str, object], answer: tuple[int, str | None]) -> None:
    before = len(run(list_groups(here, OPERATOR, Query())).items)
    assert refused(create_group(here, actor, asked(**members))) == answer
    assert len(run(list_groups(here, OPERATOR, Query())).items) == before
    assert activities(here) == []


def test_a_group_is_changed_and_keeps_its_kind(here: Any) -> None:
    group = made(here)
    changed = run(change_group(here, ADMIN, group.id, {"displayName": "<i>x</i>", "description": None}, group.version))
    assert (changed.display_name, changed.version) == ("<i>x</i>", group.version + 1)
    assert refused(change_group(here, ADMIN, group.id, {"displayName": "y"}, group.version))[0] == 412
    assert refused(change_group(here, ADMIN, group.id, {"securityEnabled": False})) == (400, "securityEnabled")
    assert refused(change_group(here, ADMIN, NOBODY, {"displayName": "y"}))[0] == 404
    assert activities(here) == ["Add group", "Update group"]


# fmt: off
DEEDS: dict[str, Any] = {
    "change":        lambda here, actor, group: change_group(here, actor, group, {"description": "x"}),
    "add":           lambda here, actor, group: add_member(here, actor, group, ADA),
    "remove":        lambda here, actor, group: remove_member(here, actor, group, CAI),
    "add owner":     lambda here, actor, group: add_owner(here, actor, group, ADA),
    "delete":        delete_group,
}
WHO = [
    pytest.param(ADMIN,                                    False, True,  id="administrators of groups"),
    pytest.param(ben(role.USER_ADMINISTRATOR),             False, True,  id="administrators of users"),
    pytest.param(program("Group.ReadWrite.All"),           False, True,  id="programs that may"),
    pytest.param(ben(),                                    True,  True,  id="owners"),
    pytest.param(ben(),                                    False, False, id="ordinary members"),
    pytest.param(ben(role.GLOBAL_READER),                  False, False, id="readers"),
    pytest.param(program("Group.Read.All"),                False, False, id="programs that read"),
    pytest.param(ben(role.GROUPS_ADMINISTRATOR, permissions=frozenset({"Group.Read.All"})), True, False, id="applications that may only read"),
]
# fmt: on


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("actor", "owns", "may"), WHO)
def test_who_keeps_a_group(here: Any, deed: str, actor: Actor, owns: bool, may: bool) -> None:
    if owns:
        commit(here.store, PutEntity(Owner(tenant_id=TENANT, object_id=PAINTERS, owner_id=UserId(BEN))))  # type: ignore[arg-type]
    done = asyncio.run(DEEDS[deed](here, actor, PAINTERS))
    assert (not isinstance(done, Problem)) == may, done
    assert len(activities(here)) == may


def test_programs_that_keep_members_keep_nothing_else(here: Any) -> None:
    keeper = program("GroupMember.ReadWrite.All")
    run(add_member(here, keeper, PAINTERS, BEN))
    assert refused(change_group(here, keeper, PAINTERS, {"description": "x"}))[0] == 403


# ---- members ----


def test_members_direct_and_through_groups(here: Any) -> None:
    inner, outer = made(here, "Inner"), made(here, "Outer")
    for group, member in ((inner, ADA), (outer, inner.id), (outer, BEN)):
        run(add_member(here, ADMIN, group.id, member))
    assert sorted(names(run(list_members(here, ben(), outer.id, Query())))) == ["Ben Blue", "Inner"]
    everybody = run(list_transitive_members(here, ben(), outer.id, Query(count=True)))
    assert (sorted(names(everybody)), everybody.count) == (["Ada Amber", "Ben Blue", "Inner"], 3)
    assert [one.display_name for one in run(list_memberships(here, ben(), ADA, direct=True)).groups] == ["Inner"]
    assert sorted(one.display_name for one in run(list_memberships(here, ben(), ADA, direct=False)).groups) == [
        "Inner",
        "Outer",
    ]
    above = run(list_memberships(here, ben(), inner.id, direct=True, of_group=True))
    assert [one.id for one in above.groups] == [outer.id]


def test_members_come_page_by_page(here: Any) -> None:
    group = made(here)
    for one in (ADA, BEN, CAI):
        run(add_member(here, ADMIN, group.id, one))
    for listing in (list_members, list_transitive_members):
        first = run(listing(here, ben(), group.id, Query(top=2)))
        rest = run(listing(here, ben(), group.id, Query(top=2, after=first.more)))
        assert names(first) + names(rest) == ["Ada Amber", "Ben Blue", "Cai Crimson"]
        assert rest.more is None


def test_a_group_is_never_within_itself(here: Any) -> None:
    a, b, c = (made(here, name) for name in "abc")
    run(add_member(here, ADMIN, a.id, b.id))
    run(add_member(here, ADMIN, b.id, c.id))
    for holder, member in ((a, a), (b, a), (c, a), (c, b)):
        assert refused(add_member(here, ADMIN, holder.id, member.id)) == (400, "members")
    run(add_member(here, ADMIN, a.id, c.id))


def test_two_nestings_at_one_moment_close_no_circle(here: Any) -> None:
    a, b = made(here, "a"), made(here, "b")

    async def at_once() -> list[bool]:
        looked = [await group_links.added_member(here, *pair) for pair in ((a, b.id), (b, a.id))]
        effects = [
            (*(PutEntity(change.after) for change in one.changes if change.after), *one.effects)
            for one in looked
            if not isinstance(one, Problem)
        ]
        return [await here.store.commit(one) for one in effects]

    assert asyncio.run(at_once()) == [True, False]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_whatever_is_nested_no_group_holds_itself(signing_keys: MemoryStore, edges: list[tuple[int, int]]) -> None:
    async def nest() -> None:
        here = (await platform(keys=signing_keys)).here
        groups = [await create_group(here, OPERATOR, asked(str(at))) for at in range(6)]
        ids = [one.id for one in groups if isinstance(one, Group)]
        for holder, member in edges:
            await add_member(here, OPERATOR, ids[holder], ids[member])
        for one in ids:
            above = await here.store.find_groups(TENANT, one)
            assert one not in {group.id for group in above}

    asyncio.run(nest())


def test_who_is_not_added_and_not_removed(here: Any) -> None:
    principal = installed(here.store, COLORS_API, TENANT)  # type: ignore[arg-type]
    run(add_member(here, ADMIN, PAINTERS, BEN))
    assert refused(add_member(here, ADMIN, PAINTERS, BEN)) == (400, "members")
    assert refused(add_member(here, ADMIN, PAINTERS, principal.id))[0] == 400
    assert refused(add_member(here, ADMIN, PAINTERS, NOBODY))[0] == 404
    assert refused(add_member(here, ADMIN, PAINTERS, "\x00"))[0] == 404
    assert refused(add_member(here, ADMIN, NOBODY, BEN))[0] == 404
    assert refused(remove_member(here, ADMIN, PAINTERS, ADA))[0] == 404
    run(remove_member(here, ADMIN, PAINTERS, BEN))
    assert activities(here) == ["Add member to group", "Remove member from group"]
    assert {one.targets[0].display_name for one in audits(here)} == {"Painters"}


def test_adding_one_reads_none_of_the_others(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(type(here.store), "list_page", never)
    monkeypatch.setattr(type(here.store), "list_entities", never)
    run(add_member(here, ADMIN, PAINTERS, BEN))


def test_owners_come_and_go(here: Any) -> None:
    principal = installed(here.store, COLORS_API, TENANT)  # type: ignore[arg-type]
    run(add_owner(here, ADMIN, PAINTERS, principal.id))
    run(add_owner(here, ADMIN, PAINTERS, BEN))
    assert refused(add_owner(here, ADMIN, PAINTERS, BEN)) == (400, "owners")
    assert {one.id for one in run(list_owners(here, ben(), PAINTERS, Query())).items} == {principal.id, BEN}
    run(remove_owner(here, ben(), PAINTERS, BEN))  # an owner may, and then is none
    assert refused(remove_owner(here, ben(), PAINTERS, principal.id))[0] == 403


def test_a_group_comes_back_with_its_members_and_owners(here: Any) -> None:
    group = made(here, **{"members@odata.bind": [ADDRESS + BEN], "owners@odata.bind": [ADDRESS + ADA]})
    run(delete_group(here, ADMIN, group.id))
    assert refused(find_group(here, ADMIN, group.id))[0] == 404
    assert run(list_memberships(here, ben(), BEN, direct=True)).groups == ()
    run(restore_deleted(here, ADMIN, group.id))
    assert names(run(list_members(here, ben(), group.id, Query()))) == ["Ben Blue"]
    assert names(run(list_owners(here, ben(), group.id, Query()))) == ["Ada Amber"]
    told = {one.activity: [target.type for target in one.targets] for one in audits(here)}
    assert told["Delete group"] == ["Group", "Owner", "GroupMember"] == told["Restore group"]


# ---- asked by ids ----


def test_member_ids_with_roles_and_without(here: Any) -> None:
    run(add_member(here, ADMIN, PAINTERS, ADA))
    everything = run(list_member_ids(here, ben(), ADA, roles=True, security_only=False))
    assert everything == (PAINTERS, role.GLOBAL_ADMINISTRATOR)
    assert run(list_member_ids(here, ben(), ADA, roles=True, security_only=True)) == (PAINTERS,)
    assert run(list_member_ids(here, ben(), ADA, roles=False, security_only=False)) == (PAINTERS,)


def test_which_of_some_groups(here: Any) -> None:
    other = made(here)
    assert run(check_memberships(here, ben(), CAI, [other.id, PAINTERS.upper()])) == (PAINTERS,)
    assert refused(check_memberships(here, ben(), CAI, [PAINTERS] * 21)) == (400, "groupIds")
    assert refused(check_memberships(here, ben(), CAI, ["x"]))[0] == 404
    own = ben(permissions=frozenset({"User.Read"}))
    assert run(check_memberships(here, own, BEN, [PAINTERS])) == ()
    assert refused(check_memberships(here, own, CAI, [PAINTERS]))[0] == 403


# ---- directory roles ----

ROLE_ADMIN: Final = ben(role.PRIVILEGED_ROLE_ADMINISTRATOR)


def test_every_role_is_there(here: Any) -> None:
    assert set(run(list_roles(here, ben()))) == set(role.ROLE_NAMES)
    assert run(find_role(here, ben(), role.GLOBAL_READER.upper())) == role.GLOBAL_READER
    assert refused(find_role(here, ben(), NOBODY))[0] == 404
    assert names(run(list_role_members(here, ben(), role.GLOBAL_ADMINISTRATOR, Query()))) == ["Ada Amber"]


def test_roles_are_assigned_and_taken_away(here: Any) -> None:
    assert role.GLOBAL_READER in run(add_role_member(here, ROLE_ADMIN, role.GLOBAL_READER, CAI)).directory_roles
    assert refused(add_role_member(here, ROLE_ADMIN, role.GLOBAL_READER, CAI))[0] == 400
    assert run(remove_role_member(here, ROLE_ADMIN, role.GLOBAL_READER, CAI)).directory_roles == frozenset()
    assert refused(remove_role_member(here, ROLE_ADMIN, role.GLOBAL_READER, CAI))[0] == 404
    assert activities(here) == ["Add member to role", "Remove member from role"]


# fmt: off
NOT_ASSIGNED = [
    pytest.param(ben(),                                             id="ordinary members"),
    pytest.param(ben(*(frozenset(role.ROLE_NAMES) - {role.GLOBAL_ADMINISTRATOR, role.PRIVILEGED_ROLE_ADMINISTRATOR})), id="every other role"),
    pytest.param(program("Directory.ReadWrite.All"),                id="a program with the directory's permission"),
    pytest.param(ben(role.GLOBAL_ADMINISTRATOR, permissions=frozenset({"User.ReadWrite.All"})), id="through an application that may not"),
]
# fmt: on


@pytest.mark.parametrize("actor", NOT_ASSIGNED)
def test_who_assigns_no_roles(here: Any, actor: Actor) -> None:
    assert refused(add_role_member(here, actor, role.GLOBAL_ADMINISTRATOR, BEN))[0] == 403
    assert refused(remove_role_member(here, actor, role.GLOBAL_ADMINISTRATOR, ADA))[0] == 403


def test_the_last_global_administrator_stays_one(here: Any) -> None:
    assert refused(remove_role_member(here, OPERATOR, role.GLOBAL_ADMINISTRATOR, ADA))[0] == 400
    run(add_role_member(here, OPERATOR, role.GLOBAL_ADMINISTRATOR, CAI))
    run(remove_role_member(here, OPERATOR, role.GLOBAL_ADMINISTRATOR, ADA))
    assert refused(remove_role_member(here, OPERATOR, role.GLOBAL_ADMINISTRATOR, CAI))[0] == 400

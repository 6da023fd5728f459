"""Users as administrators keep them: made, changed, deleted; who may, and whom everybody must leave alone."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.administration.may import sees_basics_only
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.user_json import basic_user_json
from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import GroupId, TenantId, UserId
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Either, Not, Op
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.user import Authenticator, HomeAccount, User
from entrada.core.protocol.effects import PutEntity, Unchanged
from entrada.server.usecases.administer.deleted_items import restore_deleted
from entrada.server.usecases.administer.user_lookup import leave_an_administrator
from entrada.server.usecases.administer.user_methods import delete_method, list_methods
from entrada.server.usecases.administer.user_passwords import (
    change_own_password,
    offer_password_link,
    reset_password,
    reset_password_by_link,
    unlock,
)
from entrada.server.usecases.administer.user_sessions import revoke_sessions
from entrada.server.usecases.administer.users import (
    change_own_profile,
    change_user,
    create_user,
    delete_user,
    find_user,
    list_users,
)
from tests.drivers.form_browser import PASSWORD
from tests.drivers.live_server import PETALS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, CAI, OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, Seat, commit

NEW_PASSWORD: Final = "quilt-47-Harbour-mx"
EVE: Final = "eve@colors.example"
PAINTERS: Final = GroupId("c0105000-0000-4000-8000-00000000a171")
USER_ADMIN: Final = ben(role.USER_ADMINISTRATOR)
NOBODY: Final = "c0105000-0000-4000-8000-0000000000ee"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def asked(**more: object) -> dict[str, object]:
    """A good request; None leaves a member out."""
    members = {
        "accountEnabled": True,
        "displayName": "Eve Ember",
        "mailNickname": "eve",
        "userPrincipalName": EVE,
        "passwordProfile": {"password": NEW_PASSWORD},
        **more,
    }
    return {name: value for name, value in members.items() if value is not None}


def stored(here: Any, user_id: str) -> User:
    found = asyncio.run(here.store.find_user(TENANT, UserId(user_id)))
    assert isinstance(found, User)
    return found


def put(here: Any, user_id: str, **members: Any) -> User:
    """As it shall be before the test."""
    commit(here.store, PutEntity(evolve(stored(here, user_id), **members)))
    return stored(here, user_id)


def acting(here: Any, user_id: str) -> Actor:
    return Actor(
        tenant_id=TENANT, via=Via.PORTAL, correlation_id="c", user=stored(here, user_id), permissions=AS_THE_USER
    )


def test_a_user_is_made_with_a_password_that_opens_one_sign_in(here: Any) -> None:
    made = run(create_user(here, USER_ADMIN, asked()))
    kept = stored(here, made.id)
    assert (kept.user_principal_name, kept.mail_nickname, kept.version) == (EVE, "eve", made.version)
    assert kept.created_at == here.clock()
    assert kept.password is not None
    assert kept.password.must_change
    assert asyncio.run(here.hasher.verify(kept.password.hash, NEW_PASSWORD))
    assert activities(here) == ["Add user"]
    assert NEW_PASSWORD not in repr(audits(here))
    assert kept.password.hash not in repr(audits(here))


def test_a_password_may_be_for_good(here: Any) -> None:
    profile = {"password": NEW_PASSWORD, "forceChangePasswordNextSignIn": False}
    made = run(create_user(here, USER_ADMIN, asked(passwordProfile=profile)))
    assert made.password is not None
    assert not made.password.must_change


def test_without_a_password_a_link_is_offered(here: Any) -> None:
    made = run(create_user(here, USER_ADMIN, asked(passwordProfile=None), needs_password=False))
    assert made.password is None
    assert "/enrol?token=" in run(offer_password_link(here, USER_ADMIN, made.id)).url
    assert activities(here) == ["Add user", "Offer link to choose a password"]


# fmt: off
NOT_MADE = [
    pytest.param(ben(), {},                                                        (403, None),                       id="ordinary members"),
    pytest.param(ben(role.GROUPS_ADMINISTRATOR), {},                               (403, None),                       id="another administrator"),
    pytest.param(program("User.Read.All"), {},                                     (403, None),                       id="a program that reads"),
    pytest.param(USER_ADMIN, {"displayName": None},                                (400, "displayName"),              id="no name"),
    pytest.param(USER_ADMIN, {"accountEnabled": None},                             (400, "accountEnabled"),           id="neither enabled nor not"),
    pytest.param(USER_ADMIN, {"mailNickname": None},                               (400, "mailNickname"),             id="no nickname"),
    pytest.param(USER_ADMIN, {"mailNickname": "e" * 65},                           (400, "mailNickname"),             id="too long a nickname"),
    pytest.param(USER_ADMIN, {"mailNickname": "e ve"},                             (400, "mailNickname"),             id="a nickname of two words"),
    pytest.param(USER_ADMIN, {"userPrincipalName": "eve"},                         (400, "userPrincipalName"),        id="no domain"),
    pytest.param(USER_ADMIN, {"userPrincipalName": "eve@petals.example"},          (400, "userPrincipalName"),        id="another tenant's domain"),
    pytest.param(USER_ADMIN, {"userPrincipalName": "eve@sub.colors.example"},      (400, "userPrincipalName"),        id="a domain below"),
    pytest.param(USER_ADMIN, {"userPrincipalName": "BEN@colors.example"},          (409, "userPrincipalName"),        id="a name that is taken, in other letters"),
    pytest.param(USER_ADMIN, {"passwordProfile": None},                            (400, "passwordProfile.password"), id="no password"),
    pytest.param(USER_ADMIN, {"passwordProfile": {"password": None}},              (400, "passwordProfile.password"), id="a password of null"),
    pytest.param(USER_ADMIN, {"passwordProfile": {"password": "colors-2026!"}},    (400, "passwordProfile.password"), id="a guessable password"),
    pytest.param(USER_ADMIN, {"passwordProfile": {"password": 17}},                (400, "passwordProfile.password"), id="a number for a password"),
    pytest.param(USER_ADMIN, {"displayName": "e" * 10_000},                        (400, "displayName"),              id="too long a name"),
    pytest.param(USER_ADMIN, {"displayName": "a\x00b"},                            (400, "displayName"),              id="a control character"),
    pytest.param(USER_ADMIN, {"userType": "Guest"},                                (400, "userType"),                 id="a guest"),
    pytest.param(USER_ADMIN, {"usageLocation": "Austria"},                         (400, "usageLocation"),            id="a country in full"),
    pytest.param(USER_ADMIN, {"mail": "<script>"},                                 (400, "mail"),                     id="no mail address"),
    pytest.param(USER_ADMIN, {"nonsense": 1},                                      (400, "nonsense"),                 id="an unknown member"),
    pytest.param(USER_ADMIN, {"businessPhones": ["1", "2"]},                       (400, "businessPhones"),           id="two phones at work"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "members", "answer"), NOT_MADE)
def test_who_and_what_is_not_made(here: Any, actor: Actor, members: dict[str, object], answer: tuple[int, str]) -> None:
    assert refused(create_user(here, actor, asked(**members))) == answer
    assert activities(here) == []


def test_names_of_every_script_and_html_are_only_names(here: Any) -> None:
    for at, name in enumerate(("שלום עולם", "👩‍👩‍👧 Ember", "<b onmouseover=alert(1)>", "O'Neill; --")):
        members = asked(displayName=name, userPrincipalName=f"e{at}@colors.example")
        assert run(create_user(here, USER_ADMIN, members)).display_name == name


def test_it_is_found_by_id_and_name_and_not_by_strangers(here: Any) -> None:
    member = ben()
    assert member.user is not None
    guest = evolve(member, user=evolve(member.user, user_type="Guest"))
    assert run(find_user(here, member, ADA)).id == ADA
    assert run(find_user(here, member, "ADA@colors.example")).id == ADA
    assert refused(find_user(here, member, "nobody@colors.example")) == (404, None)
    assert refused(find_user(here, member, "\x00")) == (404, None)
    assert refused(find_user(here, guest, ADA)) == (403, None)
    assert refused(find_user(here, guest, NOBODY)) == (403, None)
    assert run(find_user(here, guest, BEN)).id == BEN
    assert refused(list_users(here, guest, Query())) == (403, None)


def test_users_are_listed(here: Any) -> None:
    query = Query(where=Compare("display_name", Op.STARTS_WITH, "b"), count=True)
    page = run(list_users(here, ben(), query))
    assert ([one.id for one in page.items], page.count) == ([BEN], 1)


# fmt: off
CHANGED = [
    pytest.param({"jobTitle": "Mixer"},                  {"job_title": "Mixer"},             "Update user",     id="a member"),
    pytest.param({"jobTitle": None},                     {"job_title": None},                "Update user",     id="null empties it"),
    pytest.param({"accountEnabled": False},              {"account_enabled": False},         "Disable account", id="disabled"),
    pytest.param({"usageLocation": "at"},                {"usage_location": "AT"},           "Update user",     id="a country"),
    pytest.param({"userPrincipalName": EVE},             {"user_principal_name": EVE},       "Update user",     id="renamed"),
    pytest.param({"businessPhones": ["1"], "id": "x"},   {"business_phones": ("1",)},        "Update user",     id="read-only members are ignored"),
    pytest.param({"otherMails": ["c@home.example"]},     {"other_mails": ("c@home.example",)}, "Update user",   id="a list"),
]
# fmt: on


@pytest.mark.parametrize(("members", "then", "activity"), CHANGED)
def test_what_is_changed(here: Any, members: dict[str, object], then: dict[str, object], activity: str) -> None:
    changed = run(change_user(here, USER_ADMIN, CAI, members))
    assert {name: getattr(stored(here, CAI), name) for name in then} == then
    assert changed == stored(here, CAI)
    assert changed.version == stored(here, CAI).version
    assert activities(here) == [activity]


def test_enabling_is_told_as_such(here: Any) -> None:
    put(here, CAI, account_enabled=False)
    run(change_user(here, USER_ADMIN, CAI, {"accountEnabled": True}))
    assert activities(here) == ["Enable account"]


def test_changing_nothing_leaves_no_row(here: Any) -> None:
    before = stored(here, CAI)
    assert run(change_user(here, USER_ADMIN, CAI, {"jobTitle": before.job_title})).version == before.version
    assert activities(here) == []


def test_the_second_of_two_is_told_what_the_first_did(here: Any) -> None:
    seen = stored(here, CAI).version
    run(change_user(here, ben(role.USER_ADMINISTRATOR), CAI, {"jobTitle": "First", "surname": "C"}, seen))
    problem = asyncio.run(change_user(here, acting(here, ADA), CAI, {"jobTitle": "Second"}, seen))
    assert isinstance(problem, Problem)
    assert (problem.status, {one.target for one in problem.details}) == (412, {"jobTitle", "surname"})
    assert all("ben@colors.example" in one.message for one in problem.details)
    assert stored(here, CAI).job_title == "First"


def test_a_new_password_ends_what_the_old_one_opened(in_process: InProcess, here: Any) -> None:
    seat = Seat(in_process)
    refresh = seat.tokens()["refresh_token"]
    in_process.clock.advance(2)
    admin = acting(here, ADA)
    run(change_user(here, admin, BEN, {"passwordProfile": {"password": NEW_PASSWORD}}))
    assert stored(here, BEN).sign_in_sessions_valid_from == here.clock()
    assert seat.refresh(refresh).status_code == 400
    assert "Reset user password" in activities(here)
    assert NEW_PASSWORD not in repr(audits(here))


# ---- whom to leave alone ----

PROFILE: Final = {"passwordProfile": {"password": NEW_PASSWORD}}
AUTHENTICATOR: Final = "3179e48a-750b-4051-897c-87b9720928f7"
# fmt: off
DEEDS: dict[str, Any] = {
    "password":   lambda here, actor, who: change_user(here, actor, who, PROFILE),
    "reset":      reset_password,
    "link":       reset_password_by_link,
    "offer":      offer_password_link,
    "unlock":     unlock,
    "disable":    lambda here, actor, who: change_user(here, actor, who, {"accountEnabled": False}),
    "rename":     lambda here, actor, who: change_user(here, actor, who, {"userPrincipalName": EVE}),
    "phone":      lambda here, actor, who: change_user(here, actor, who, {"mobilePhone": "1"}),
    "mail":       lambda here, actor, who: change_user(here, actor, who, {"otherMails": ["e@x.example"]}),
    "sessions":   revoke_sessions,
    "method":     lambda here, actor, who: delete_method(here, actor, who, AUTHENTICATOR),
    "delete":     delete_user,
}
# fmt: on
EVERY_ROLE_BUT_GLOBAL: Final = frozenset(role.ROLE_NAMES) - {role.GLOBAL_ADMINISTRATOR}
ALL_PROGRAMS: Final = program("User.ReadWrite.All", "Directory.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All")


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("actor", [ben(*EVERY_ROLE_BUT_GLOBAL), ALL_PROGRAMS], ids=["every other role", "a program"])
def test_whoever_holds_a_role_is_left_to_global_administrators(here: Any, deed: str, actor: Actor) -> None:
    put(
        here,
        CAI,
        directory_roles=frozenset({role.REPORTS_READER}),
        authenticator=Authenticator(sealed_secret="s", added_at=here.clock()),
    )
    before = stored(here, CAI)
    assert refused(DEEDS[deed](here, actor, CAI))[0] == 403
    assert stored(here, CAI) == before
    assert activities(here) == []


@pytest.mark.parametrize("deed", DEEDS)
def test_a_global_administrator_may(here: Any, deed: str) -> None:
    put(
        here,
        CAI,
        directory_roles=frozenset({role.REPORTS_READER}),
        authenticator=Authenticator(sealed_secret="s", added_at=here.clock()),
    )
    run(DEEDS[deed](here, acting(here, ADA), CAI))
    assert len(activities(here)) == 1


@pytest.mark.parametrize("deed", DEEDS)
def test_of_others_administrators_of_users_may(here: Any, deed: str) -> None:
    put(here, CAI, authenticator=Authenticator(sealed_secret="s", added_at=here.clock()))
    roles = (role.USER_ADMINISTRATOR, role.AUTHENTICATION_ADMINISTRATOR)
    run(DEEDS[deed](here, ben(*roles), CAI))
    assert len(activities(here)) == 1


@pytest.mark.parametrize("deed", DEEDS)
def test_ordinary_members_may_nothing_of_it(here: Any, deed: str) -> None:
    assert refused(DEEDS[deed](here, ben(), CAI))[0] == 403


@pytest.mark.parametrize("deed", ["password", "reset", "link", "offer", "disable", "method", "delete"])
def test_nobody_does_it_to_themselves(here: Any, deed: str) -> None:
    put(here, ADA, authenticator=Authenticator(sealed_secret="s", added_at=here.clock()))
    put(here, CAI, directory_roles=frozenset({role.GLOBAL_ADMINISTRATOR}))
    before = stored(here, ADA)
    assert refused(DEEDS[deed](here, acting(here, ADA), ADA))[0] == 400
    assert stored(here, ADA) == before


@pytest.mark.parametrize("deed", ["disable", "delete"])
def test_the_last_global_administrator_stays(here: Any, deed: str) -> None:
    assert refused(DEEDS[deed](here, OPERATOR, ADA))[0] == 400
    put(here, CAI, directory_roles=frozenset({role.GLOBAL_ADMINISTRATOR}), account_enabled=False)
    assert refused(DEEDS[deed](here, OPERATOR, ADA))[0] == 400  # a disabled one helps nobody
    put(here, CAI, account_enabled=True)
    run(DEEDS[deed](here, OPERATOR, ADA))


def test_two_global_administrators_do_not_disable_each_other_at_one_moment(here: Any) -> None:
    put(here, CAI, directory_roles=frozenset({role.GLOBAL_ADMINISTRATOR}))
    both = [stored(here, one) for one in (ADA, CAI)]

    async def at_once() -> list[bool]:
        disabled = [evolve(one, account_enabled=False) for one in both]
        looked = [await leave_an_administrator(here, *pair) for pair in zip(both, disabled, strict=True)]
        return [
            await here.store.commit((*map(Unchanged, others), PutEntity(after)))
            for after, others in zip(disabled, looked, strict=True)
            if not isinstance(others, Problem)
        ]

    assert asyncio.run(at_once()) == [True, False]


@pytest.mark.parametrize("deed", ["password", "reset", "link", "offer", "sessions"])
def test_a_guest_is_helped_at_home(here: Any, deed: str) -> None:
    home = HomeAccount(tenant_id=TenantId(PETALS), user_id=UserId(NOBODY))
    put(here, CAI, user_type="Guest", home=home, password=None)
    assert refused(DEEDS[deed](here, acting(here, ADA), CAI))[0] == 400


def test_who_helps_with_passwords_changes_nothing_else(here: Any) -> None:
    helper = ben(role.PASSWORD_ADMINISTRATOR)
    assert refused(change_user(here, helper, CAI, {"jobTitle": "x"}))[0] == 403
    assert refused(change_user(here, helper, CAI, {**PROFILE, "jobTitle": "x"}))[0] == 403
    assert refused(change_user(here, helper, CAI, {"passwordProfile": None}))[0] == 403
    assert refused(change_user(here, helper, CAI, {}))[0] == 403
    run(change_user(here, helper, CAI, PROFILE))


# ---- what is one's own ----


def test_the_own_profile(here: Any) -> None:
    me = ben(permissions=frozenset({"User.ReadWrite"}))
    members = {"mobilePhone": "+43 1", "businessPhones": ["2"], "preferredLanguage": "de-AT"}
    changed = run(change_own_profile(here, me, members))
    assert (changed.mobile_phone, changed.business_phones, changed.preferred_language) == ("+43 1", ("2",), "de-AT")
    assert run(change_user(here, me, BEN, {"mobilePhone": None})).mobile_phone is None


@pytest.mark.parametrize(
    "members",
    [{"displayName": "Boss"}, {"accountEnabled": True}, {"userPrincipalName": EVE}, PROFILE, {"mail": "b@x.y"}],
)
def test_names_and_access_are_not_ones_own_to_change(here: Any, members: dict[str, object]) -> None:
    me = ben(permissions=frozenset({"User.ReadWrite"}))
    assert refused(change_own_profile(here, me, members))[0] == 400
    assert refused(change_user(here, me, BEN, members))[0] == 400
    assert refused(change_user(here, me, CAI, members))[0] == 403


def test_without_the_permission_nothing_is(here: Any) -> None:
    me = ben(permissions=frozenset({"User.Read"}))
    assert refused(change_own_profile(here, me, {"mobilePhone": "1"}))[0] == 403
    assert refused(change_own_password(here, me, PASSWORD, NEW_PASSWORD))[0] == 403
    assert refused(revoke_sessions(here, me, BEN))[0] == 403
    assert refused(change_own_profile(here, program("User.ReadWrite.All"), {"mobilePhone": "1"}))[0] == 403


# fmt: off
OWN_PASSWORDS = [
    pytest.param("wrong",  NEW_PASSWORD,  "currentPassword", id="a wrong present one"),
    pytest.param(PASSWORD, "short",       "newPassword",     id="a new one that will not do"),
    pytest.param(PASSWORD, PASSWORD,      "newPassword",     id="the present one again"),
]
# fmt: on


@pytest.mark.parametrize(("current", "new", "target"), OWN_PASSWORDS)
def test_the_own_password_is_refused(here: Any, current: str, new: str, target: str) -> None:
    assert refused(change_own_password(here, ben(), current, new)) == (400, target)


def test_the_own_password_is_changed_by_the_present_one(here: Any) -> None:
    changed = run(change_own_password(here, ben(), PASSWORD, NEW_PASSWORD))
    assert changed.password is not None
    assert not changed.password.must_change
    assert asyncio.run(here.hasher.verify(stored(here, BEN).password.hash, NEW_PASSWORD))  # type: ignore[union-attr]
    assert changed.sign_in_sessions_valid_from == here.clock()
    assert activities(here) == ["Change user password"]


def test_with_an_authenticator_it_takes_a_code(here: Any) -> None:
    put(here, BEN, authenticator=Authenticator(sealed_secret="s", added_at=here.clock()))
    assert refused(change_own_password(here, ben(), PASSWORD, NEW_PASSWORD))[0] == 400


# ---- methods ----


def test_methods_are_listed_without_what_they_prove_by(here: Any) -> None:
    put(here, BEN, authenticator=Authenticator(sealed_secret="sealed-secret", added_at=here.clock()))
    methods = run(list_methods(here, ben(), BEN))
    assert [one["@odata.type"] for one in methods] == [
        "#microsoft.graph.passwordAuthenticationMethod",
        "#microsoft.graph.softwareOathAuthenticationMethod",
    ]
    assert "sealed-secret" not in repr(methods)
    assert refused(list_methods(here, ben(), ADA))[0] == 403


def test_a_lost_authenticator_goes_with_its_recovery_codes(here: Any) -> None:
    put(here, CAI, authenticator=Authenticator(sealed_secret="s", added_at=here.clock()), recovery_codes=("aa",))
    without = run(delete_method(here, ben(role.AUTHENTICATION_ADMINISTRATOR), CAI, AUTHENTICATOR))
    assert (without.authenticator, without.recovery_codes) == (None, ())
    assert without.sign_in_sessions_valid_from == here.clock()


@pytest.mark.parametrize(
    ("method", "status"),
    [("28c10230-6103-485e-b985-444c60001490", 400), (AUTHENTICATOR, 404), (NOBODY, 404)],
    ids=["the password", "no authenticator", "no such method"],
)
def test_what_is_not_taken_away(here: Any, method: str, status: int) -> None:
    assert refused(delete_method(here, acting(here, ADA), CAI, method))[0] == status


# ---- deleted, and back ----


def test_a_deleted_user_is_nobody_until_restored_with_all_that_was_theirs(here: Any) -> None:
    admin = acting(here, ADA)
    member = asyncio.run(here.store.find_entity(GroupMember, (TENANT, PAINTERS, CAI)))
    assert member is not None
    run(delete_user(here, admin, CAI))
    assert refused(find_user(here, admin, CAI)) == (404, None)
    assert asyncio.run(here.store.find_entity(GroupMember, (TENANT, PAINTERS, CAI))) is None
    assert run(create_user(here, admin, asked(userPrincipalName="cai2@colors.example"))).id != CAI
    run(restore_deleted(here, admin, CAI))
    assert stored(here, CAI).user_principal_name == "cai@colors.example"
    assert asyncio.run(here.store.find_entity(GroupMember, (TENANT, PAINTERS, CAI))) == member
    assert activities(here) == ["Add user", "Delete user", "Restore user"]
    told = {one.activity: [target.type for target in one.targets] for one in audits(here)}
    assert told["Delete user"] == told["Restore user"]
    assert told["Delete user"][0] == "User"
    assert "GroupMember" in told["Delete user"]


def test_what_was_signed_in_before_a_deletion_stays_ended(in_process: InProcess, here: Any) -> None:
    seat = Seat(in_process)
    refresh = seat.tokens()["refresh_token"]
    admin = acting(here, ADA)
    run(delete_user(here, admin, BEN))
    run(restore_deleted(here, admin, BEN))
    assert seat.refresh(refresh).status_code == 400


def test_deleting_on_an_old_version_is_refused(here: Any) -> None:
    seen = stored(here, CAI).version
    run(change_user(here, USER_ADMIN, CAI, {"jobTitle": "x"}))
    assert refused(delete_user(here, USER_ADMIN, CAI, seen))[0] == 412


# fmt: off
SEEN = [
    pytest.param(ben(permissions=frozenset({"User.ReadBasic.All"})),               False, True,  id="basics of others"),
    pytest.param(ben(permissions=frozenset({"User.ReadBasic.All"})),               True,  True,  id="basics of oneself"),
    pytest.param(ben(permissions=frozenset({"User.ReadBasic.All", "User.Read"})),  True,  False, id="all of oneself"),
    pytest.param(ben(permissions=frozenset({"User.ReadBasic.All", "User.Read"})),  False, True,  id="not all of others"),
    pytest.param(ben(permissions=frozenset({"User.Read.All"})),                    False, False, id="all of others"),
    pytest.param(ben(),                                                            False, False, id="whatever the person may"),
    pytest.param(program("User.ReadBasic.All"),                                    False, True,  id="basics by a program"),
    pytest.param(program("User.ReadBasic.All", "Directory.Read.All"),              False, False, id="all by a program"),
    pytest.param(OPERATOR,                                                         False, False, id="the operator"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "itself", "basics"), SEEN)
def test_who_sees_no_more_than_names(actor: Actor, itself: bool, basics: bool) -> None:
    assert sees_basics_only(actor, itself=itself) == basics


def test_basics_are_names(here: Any) -> None:
    shown = basic_user_json(put(here, CAI, job_title="Painter", mobile_phone="1"))
    told = {name for name, value in shown.items() if value is not None}
    assert told == {"displayName", "givenName", "id", "mail", "surname", "userPrincipalName"}


BASICS: Final = ben(permissions=frozenset({"User.ReadBasic.All"}))
# fmt: off
ASKED = [
    pytest.param(Query(where=Compare("department", Op.EQ, "secret")),                                            "department",     id="a filter"),
    pytest.param(Query(where=Both((Compare("display_name", Op.STARTS_WITH, "a"), Not(Compare("account_enabled", Op.EQ, value=True))))), "accountEnabled", id="within others"),
    pytest.param(Query(where=Either((AnyElement("directory_roles", Op.EQ, role.GLOBAL_ADMINISTRATOR),))),        "directoryRoles", id="an element"),
    pytest.param(Query(order=Order("created_at")),                                                               "createdDateTime", id="an order"),
]
# fmt: on


@pytest.mark.parametrize(("query", "named"), ASKED)
def test_nobody_is_found_by_what_is_not_shown(here: Any, query: Query, named: str) -> None:
    for actor in (BASICS, program("User.ReadBasic.All")):
        problem = asyncio.run(list_users(here, actor, query))
        assert isinstance(problem, Problem)
        assert (problem.status, named in problem.message) == (403, True)
    for actor in (ben(), program("User.Read.All"), OPERATOR):
        run(list_users(here, actor, query))


def test_who_sees_basics_finds_people_by_them(here: Any) -> None:
    by_name = Compare("display_name", Op.SEARCH, "ada")
    page = run(list_users(here, BASICS, Query(where=by_name, order=Order("user_principal_name"))))
    assert [one.display_name for one in page.items] == ["Ada Amber"]

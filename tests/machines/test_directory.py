"""Administrators create, change, link, delete and restore, in any order and at the same moment: the directory stays whole.

The requests are Graph's own, asked in this process; each waits at its commit, and looks again when somebody was quicker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, get_args

import hypothesis.strategies as st
import pytest
from attrs import define, evolve, field
from hypothesis.stateful import Bundle, consumes, initialize, invariant, multiple, rule

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.graph.link_id import grant_id
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.administer.deleted_items import subject_of
from entrada.server.usecases.administer.deleted_links import hanging_on
from entrada.server.web.graph.in_process import ask
from tests.machines.stage import Machine, Stage, UnderWay
from tests.protocol.known import BEN, TENANT

OBJECTS: Final = (User, Group, Application, ServicePrincipal)
KINDS: Final[tuple[type[Any], ...]] = (*OBJECTS, *get_args(Link), DeletedItem)
REFERENCE: Final = "https://graph.microsoft.com/v1.0/directoryObjects/"
SCOPE: Final = "5c09e000-0000-4000-8000-000000000001"
ROLE: Final = "5c09e000-0000-4000-8000-000000000002"
NO_ROLE: Final = "00000000-0000-0000-0000-000000000000"
NOBODY: Final = "57a6e000-0000-4000-8000-ffffffffffff"
API: Final = {
    "scopes": [
        {
            "id": SCOPE,
            "value": "Read",
            "type": "User",
            "isEnabled": True,
            "adminConsentDisplayName": "Read",
            "adminConsentDescription": "Read",
        }
    ],
    "roles": [
        {
            "id": ROLE,
            "value": "Reader",
            "displayName": "Reader",
            "description": "Reads",
            "isEnabled": True,
            "allowedMemberTypes": ["User", "Application"],
        }
    ],
}
Key = tuple[str, ...]
Contents = dict[Key, Any]
which = st.integers(0, 5)
at_once = st.sampled_from([True, True, False])
who = st.sampled_from(["operator", "operator", "ada", "gus", "ben"])


@define(eq=False)
class Request:
    what: str
    work: UnderWay[tuple[int, object]]
    wrote: bool = field(default=False)


class Directory(Machine):
    requests = Bundle("requests")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.known: dict[str, list[str]] = {"users": [], "groups": [], "applications": [], "servicePrincipals": []}
        self.app_ids: list[str] = []
        self.highest: dict[Key, int] = {}

    @initialize()
    def found(self) -> None:
        number = self.stage.number()
        self.domain = f"t{number}.example"
        self.tenant = evolve(TENANT, id=TenantId(self.stage.guid()), domains=(self.domain,))
        people = {name: self.person(name) for name in ("ada", "gus", "ben")}
        people["ben"] = evolve(people["ben"], directory_roles=frozenset())
        assert self.run(self.store.commit([PutEntity(self.tenant), *map(PutEntity, people.values())]))
        self.people = {name: one.id for name, one in people.items()}
        self.known["users"] += self.people.values()
        self.now_there, self.rows = self.contents(), self.count_rows()
        for name in ("Client", "API"):
            made = self.done("POST", "/applications", {"displayName": name})
            self.done("PATCH", f"/applications/{made['id']}", self.offering())
            self.done("POST", "/servicePrincipals", {"appId": made["appId"]})
        self.done("POST", "/groups", self.group("First"))

    def person(self, name: str) -> User:
        return evolve(
            BEN,
            id=UserId(self.stage.guid()),
            tenant_id=self.tenant.id,
            user_principal_name=f"{name}@{self.domain}",
            display_name=name,
            directory_roles=frozenset({GLOBAL_ADMINISTRATOR}),
        )

    def offering(self) -> dict[str, object]:
        return {"api": {"oauth2PermissionScopes": API["scopes"]}, "appRoles": API["roles"]}

    def group(self, name: str) -> dict[str, object]:
        return {"displayName": name, "mailEnabled": False, "mailNickname": "g", "securityEnabled": True}

    # ---- asking ----

    def actor(self, name: str) -> Actor:
        """The operator in place of whoever is gone."""
        user = self.now_there.get(("User", self.tenant.id, self.people[name])) if name != "operator" else None
        return Actor(
            tenant_id=self.tenant.id,
            via=Via.GRAPH if user else Via.COMMAND_LINE,
            correlation_id="c",
            user=user,
            permissions=AS_THE_USER,
            operator=user is None,
        )

    def asking(
        self, method: str, path: str, body: object | None = None, *, by: str = "operator", now: bool = True
    ) -> Any:
        work = ask(self.here, self.actor(by), method, path, body)
        request = Request(f"{method} {path} {body}", self.begin(work))
        return self.go_on(request) if now else request

    def done(self, method: str, path: str, body: object | None = None) -> Any:
        request = Request(
            f"{method} {path} {body}", self.begin(ask(self.here, self.actor("operator"), method, path, body))
        )
        self.go_on(request)
        status, answer = request.work.task.result()
        assert status < 300, (request.what, answer)
        return answer

    @rule(target=requests, request=consumes(requests))
    def let_a_request_through(self, request: Request) -> Any:
        return self.go_on(request)

    def go_on(self, request: Request) -> Any:
        """To its end: whoever looks a second time has the turn, and nobody else comes between."""
        while not request.work.task.done():
            self.let_through(request.work)
            self.look(request)
        self.hear(request)
        return multiple()

    def hear(self, request: Request) -> None:
        status, answer = request.work.task.result()
        assert status < 500, (request.what, answer)
        assert not (request.wrote and status >= 400), (request.what, answer)
        if status == 201 and isinstance(answer, dict):
            kind = request.what.split()[1].strip("/")
            if kind in self.known:
                self.known[kind].append(answer["id"])
            if kind == "applications":
                self.app_ids.append(answer["appId"])

    def pick(self, kind: str, number: int) -> str:
        known = self.known[kind]
        return known[number % len(known)] if known else NOBODY

    # ---- what is asked ----

    @rule(target=requests, n=which, by=who, now=at_once)
    def create_a_user(self, n: int, by: str, now: bool) -> Any:
        body = {
            "displayName": "New",
            "accountEnabled": True,
            "mailNickname": "new",
            "userPrincipalName": f"New{n}@{self.domain}",
            "passwordProfile": {"password": "nine green lanterns"},
        }
        return self.asking("POST", "/users", body, by=by, now=now)

    @rule(target=requests, u=which, n=which, by=who, now=at_once)
    def rename_a_user(self, u: int, n: int, by: str, now: bool) -> Any:
        body = {"userPrincipalName": f"new{n}@{self.domain}"}
        return self.asking("PATCH", f"/users/{self.pick('users', u)}", body, by=by, now=now)

    @rule(target=requests, u=which, enabled=st.booleans(), by=who, now=at_once)
    def enable_or_disable_a_user(self, u: int, enabled: bool, by: str, now: bool) -> Any:
        path = f"/users/{self.pick('users', u)}"
        return self.asking("PATCH", path, {"accountEnabled": enabled}, by=by, now=now)

    @rule(target=requests, u=which, by=who, now=at_once)
    def make_a_global_administrator(self, u: int, by: str, now: bool) -> Any:
        body = {"@odata.id": REFERENCE + self.pick("users", u)}
        return self.asking("POST", f"/directoryRoles/{GLOBAL_ADMINISTRATOR}/members/$ref", body, by=by, now=now)

    @rule(target=requests, u=which, by=who, now=at_once)
    def dismiss_a_global_administrator(self, u: int, by: str, now: bool) -> Any:
        path = f"/directoryRoles/{GLOBAL_ADMINISTRATOR}/members/{self.pick('users', u)}/$ref"
        return self.asking("DELETE", path, by=by, now=now)

    @rule(target=requests, n=which, by=who, now=at_once)
    def create_an_application(self, n: int, by: str, now: bool) -> Any:
        body = {"displayName": "New", "identifierUris": [f"api://{self.tenant.id}/{n}"], **self.offering()}
        return self.asking("POST", "/applications", body, by=by, now=now)

    @rule(target=requests, a=which, n=which, by=who, now=at_once)
    def name_an_application(self, a: int, n: int, by: str, now: bool) -> Any:
        body = {"identifierUris": [f"api://{self.tenant.id}/{n}"]}
        return self.asking("PATCH", f"/applications/{self.pick('applications', a)}", body, by=by, now=now)

    @rule(target=requests, a=which, by=who, now=at_once)
    def create_a_service_principal(self, a: int, by: str, now: bool) -> Any:
        app_id = self.app_ids[a % len(self.app_ids)]
        return self.asking("POST", "/servicePrincipals", {"appId": app_id}, by=by, now=now)

    @rule(target=requests, n=which, by=who, now=at_once)
    def create_a_group(self, n: int, by: str, now: bool) -> Any:
        return self.asking("POST", "/groups", self.group(f"Group {n}"), by=by, now=now)

    @rule(target=requests, g=which, m=which, kind=st.sampled_from(["users", "groups"]), by=who, now=at_once)
    def put_into_a_group(self, g: int, m: int, kind: str, by: str, now: bool) -> Any:
        path, body = f"/groups/{self.pick('groups', g)}/members/$ref", {"@odata.id": REFERENCE + self.pick(kind, m)}
        return self.asking("POST", path, body, by=by, now=now)

    @rule(target=requests, g=which, m=which, kind=st.sampled_from(["users", "groups"]), by=who, now=at_once)
    def take_out_of_a_group(self, g: int, m: int, kind: str, by: str, now: bool) -> Any:
        path = f"/groups/{self.pick('groups', g)}/members/{self.pick(kind, m)}/$ref"
        return self.asking("DELETE", path, by=by, now=now)

    OWNED = st.sampled_from(["groups", "applications", "servicePrincipals"])
    OWNERS = st.sampled_from(["users", "users", "servicePrincipals"])

    @rule(target=requests, kind=OWNED, o=which, owners=OWNERS, u=which, by=who, now=at_once)
    def add_an_owner(self, kind: str, o: int, owners: str, u: int, by: str, now: bool) -> Any:
        body = {"@odata.id": REFERENCE + self.pick(owners, u)}
        return self.asking("POST", f"/{kind}/{self.pick(kind, o)}/owners/$ref", body, by=by, now=now)

    @rule(target=requests, kind=OWNED, o=which, owners=OWNERS, u=which, by=who, now=at_once)
    def remove_an_owner(self, kind: str, o: int, owners: str, u: int, by: str, now: bool) -> Any:
        path = f"/{kind}/{self.pick(kind, o)}/owners/{self.pick(owners, u)}/$ref"
        return self.asking("DELETE", path, by=by, now=now)

    @rule(target=requests, c=which, r=which, u=st.none() | which, by=who, now=at_once)
    def grant(self, c: int, r: int, u: int | None, by: str, now: bool) -> Any:
        ends = {"clientId": self.pick("servicePrincipals", c), "resourceId": self.pick("servicePrincipals", r)}
        whose: dict[str, object] = {"consentType": "AllPrincipals"}
        if u is not None:
            whose = {"consentType": "Principal", "principalId": self.pick("users", u)}
        return self.asking("POST", "/oauth2PermissionGrants", {**ends, **whose, "scope": "Read"}, by=by, now=now)

    @rule(target=requests, n=which, by=who, now=at_once)
    def revoke(self, n: int, by: str, now: bool) -> Any:
        grants = [one for one in self.now_there.values() if isinstance(one, PermissionGrant)]
        if not grants:
            return multiple()
        return self.asking("DELETE", f"/oauth2PermissionGrants/{grant_id(grants[n % len(grants)])}", by=by, now=now)

    HOLDERS = st.sampled_from(["users", "groups", "servicePrincipals"])

    @rule(target=requests, kind=HOLDERS, p=which, r=which, role=st.sampled_from([ROLE, NO_ROLE]), by=who, now=at_once)
    def assign(self, kind: str, p: int, r: int, role: str, by: str, now: bool) -> Any:
        principal, resource = self.pick(kind, p), self.pick("servicePrincipals", r)
        body = {"principalId": principal, "resourceId": resource, "appRoleId": role}
        return self.asking("POST", f"/{kind}/{principal}/appRoleAssignments", body, by=by, now=now)

    KIND = st.sampled_from(["users", "groups", "applications", "servicePrincipals"])

    @rule(target=requests, kind=KIND, n=which, by=who, now=at_once)
    def delete(self, kind: str, n: int, by: str, now: bool) -> Any:
        return self.asking("DELETE", f"/{kind}/{self.pick(kind, n)}", by=by, now=now)

    @rule(target=requests, n=which, by=who, now=at_once)
    def restore(self, n: int, by: str, now: bool) -> Any:
        return self.asking("POST", f"/directory/deletedItems/{self.deleted(n)}/restore", by=by, now=now)

    @rule(target=requests, n=which, by=who, now=at_once)
    def purge(self, n: int, by: str, now: bool) -> Any:
        return self.asking("DELETE", f"/directory/deletedItems/{self.deleted(n)}", by=by, now=now)

    def deleted(self, number: int) -> str:
        found = [one.id for one in self.now_there.values() if isinstance(one, DeletedItem)]
        return found[number % len(found)] if found else NOBODY

    # ---- what each write must leave ----

    def contents(self) -> Contents:
        """As the store has it, versions and all."""
        found: Contents = {}
        for kind in KINDS:
            for one in self.run(self.store.list_entities(kind, self.tenant.id)):
                found[(kind.__name__, *key_of(one))] = one
        return found

    def count_rows(self) -> int:
        page = self.run(self.store.list_page(DirectoryAudit, self.tenant.id, Query(top=1, count=True)))
        assert page.count is not None
        return page.count

    def look(self, request: Request) -> None:
        """After one commit, or the attempt of it."""
        before, self.now_there = self.now_there, self.contents()
        rows, self.rows = self.rows, self.count_rows()
        changed = {key for key in before.keys() | self.now_there if differ(before.get(key), self.now_there.get(key))}
        assert self.rows - rows == bool(changed), (request.what, "rows in the audit log")
        request.wrote = request.wrote or bool(changed)
        self.expect_newer(before, changed)
        for key in changed:
            match before.get(key), self.now_there.get(key):
                case None, DeletedItem() as item:
                    self.expect_kept(item, before, changed)
                case DeletedItem() as item, None if (
                    type(subject_of(item)).__name__,
                    *key_of(subject_of(item)),
                ) in changed:
                    self.expect_back(item)
                case DeletedItem(service_principal=ServicePrincipal() as purged), None:
                    self.highest.pop(("ServicePrincipal", *key_of(purged)), None)  # nobody knows of it any more
                case _:
                    pass

    def expect_newer(self, before: Contents, changed: set[Key]) -> None:
        for key in changed & self.now_there.keys():
            version = self.now_there[key].version
            if key in before:
                assert version == before[key].version + 1, key
            elif key[0] in {kind.__name__ for kind in OBJECTS}:
                assert version > self.highest.get(key, 0), key
            self.highest[key] = max(version, self.highest.get(key, 0))

    def expect_kept(self, item: DeletedItem, before: Contents, changed: set[Key]) -> None:
        """All that went is in it, as it was."""
        gone = {key for key in changed if key not in self.now_there}
        kept = {(type(one).__name__, *key_of(one)): one for one in (subject_of(item), *hanging_on(item))}
        assert gone == kept.keys()
        assert all(is_same(one, before[key]) for key, one in kept.items())

    def expect_back(self, item: DeletedItem) -> None:
        there = {one.id for one in self.now_there.values() if isinstance(one, OBJECTS)}
        subject = subject_of(item)
        assert self.as_before(subject), subject
        for one in hanging_on(item):
            joined = not isinstance(one, Link) or set(ends_of(one)) <= there
            assert self.as_before(one) is joined, one

    def as_before(self, one: Entity) -> bool:
        return is_same(one, self.now_there.get((type(one).__name__, *key_of(one))))

    # ---- what must hold ----

    def all_of(self, kind: type[Any]) -> Iterator[Any]:
        return (one for one in self.now_there.values() if isinstance(one, kind))

    @invariant()
    def no_link_is_in_the_air(self) -> None:
        there = {one.id for one in self.all_of(OBJECTS)}  # type: ignore[arg-type]
        assert [one for one in self.all_of(Link) if not set(ends_of(one)) <= there] == []  # type: ignore[arg-type]

    @invariant()
    def names_are_their_own(self) -> None:
        names = [one.user_principal_name.lower() for one in self.all_of(User)]
        uris = [uri for one in self.all_of(Application) for uri in one.identifier_uris]
        presences = [one.app_id for one in self.all_of(ServicePrincipal)]
        for each in (names, uris, presences):
            assert len(set(each)) == len(each)

    @invariant()
    def somebody_can_administer(self) -> None:
        able = [one for one in self.all_of(User) if one.account_enabled and GLOBAL_ADMINISTRATOR in one.directory_roles]
        assert able != []

    @invariant()
    def no_group_is_within_itself(self) -> None:
        above = dict[str, set[str]]()
        for one in self.all_of(GroupMember):
            above.setdefault(one.member_id, set()).add(one.group_id)
        for start in above:
            reached, look = set[str](), {start}
            while look:
                look = {group for one in look for group in above.get(one, ())} - reached
                reached |= look
            assert start not in reached


def is_same(one: Entity, other: Entity | None) -> bool:
    """But for sessions: a deletion ends a user's."""
    if isinstance(one, User) and isinstance(other, User):
        other = evolve(other, sign_in_sessions_valid_from=one.sign_in_sessions_valid_from)
    return one == other


def differ(before: Any, after: Any) -> bool:
    return before != after or (before is not None and before.version != after.version)


@pytest.mark.hypothesis
def test_directory(stage: Stage) -> None:
    stage.play(Directory, share=0.15, steps=40)

"""No token carries a scope without a grant, or a role without an assignment: asked of the tokens themselves.

Design section 14, invariant 1.  Grants and assignments are thrown at random, for this user and this application and for
others; what comes out of the token endpoint is held against them.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from attrs import define, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.directory.ids import ClientId, PermissionId, TenantId, UserId
from entrada.core.directory.microsoft_graph import APP_ID as GRAPH
from entrada.core.directory.permission import AppRole
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, COLORS, COLORS_API, MULTI, REPSYS, Seat, change, commit, installed
from tests.web.test_claims import claims_of

HOME: Final = TenantId(COLORS)
CAI: Final = UserId("c0105000-0000-4000-8000-0000000000c1")
OIDC: Final = ("openid", "profile", "email", "offline_access")
ON_GRAPH: Final = (*OIDC, "User.Read", "Mail.Read")
ON_API: Final = ("Colors.Read", "Colors.Write")
ROLE_IDS: Final = tuple(f"c0105000-0000-4000-8000-0000000c0{number:03x}" for number in range(4))
WHO: Final = {"ben": UserId(BEN), "cai": CAI, "all": None}


def role(number: int, *types: str, on: bool = True) -> AppRole:
    return AppRole(
        id=PermissionId(ROLE_IDS[number]),
        value=f"Role.{number}",
        display_name="role",
        description="role",
        allowed_member_types=frozenset(types),
        is_enabled=on,
    )


ROLES: Final = (role(0, "User"), role(1, "User", "Application"), role(2, "Application"), role(3, "User", on=False))
GIVEN_TO_USERS: Final = {ROLE_IDS[0]: "Role.0", ROLE_IDS[1]: "Role.1"}


@define
class World:
    """Ben, signed in to repsys with everything granted, so that a refresh token is at hand; then all is taken back."""

    there: InProcess
    token: str = ""
    principals: dict[str, Any] = field(factory=dict)
    rows: list[Any] = field(factory=list)

    @property
    def store(self) -> Any:
        return self.there.platform.here.store

    def prepare(self) -> None:
        for app_id in (REPSYS, COLORS_API, GRAPH, MULTI):
            self.principals[app_id] = installed(self.store, ClientId(app_id), HOME)
        for app_id in (REPSYS, COLORS_API):
            change(self.store, asyncio.run(self.store.find_application(ClientId(app_id))), app_roles=ROLES)
        self.token = Seat(self.there).tokens({"scope": "openid profile offline_access User.Read"})["refresh_token"]
        self.clear()

    def clear(self) -> None:
        for kind in (PermissionGrant, AppRoleAssignment):
            commit(self.store, *map(RemoveEntity, asyncio.run(self.store.list_entities(kind, HOME))))

    def fill(self, grants: set[tuple[str, str, str, str]], assignments: set[tuple[str, str, str]]) -> None:
        self.clear()
        by_row: dict[tuple[str, str, str], set[str]] = {}
        for client, resource, who, scope in grants:
            by_row.setdefault((client, resource, who), set()).add(scope)
        for (client, resource, who), scopes in by_row.items():
            row = PermissionGrant(
                tenant_id=HOME,
                client_id=self.principals[client].id,
                resource_id=self.principals[resource].id,
                principal_id=WHO[who],
                scopes=frozenset(scopes),
            )
            commit(self.store, PutEntity(row))
        for who, resource, role_id in assignments:
            principal = WHO[who]
            assert principal is not None
            row_ = AppRoleAssignment(
                tenant_id=HOME,
                principal_id=principal,
                resource_id=self.principals[resource].id,
                app_role_id=PermissionId(role_id),
            )
            commit(self.store, PutEntity(row_))


@pytest.fixture
def world(in_process: InProcess) -> World:
    made = World(in_process)
    made.prepare()
    return made


SCOPES: Final = st.one_of(
    st.tuples(st.sampled_from([REPSYS, MULTI]), st.just(GRAPH), st.sampled_from(list(WHO)), st.sampled_from(ON_GRAPH)),
    st.tuples(
        st.sampled_from([REPSYS, MULTI]), st.just(COLORS_API), st.sampled_from(list(WHO)), st.sampled_from(ON_API)
    ),
)
ASSIGNMENTS: Final = st.tuples(
    st.sampled_from(["ben", "cai"]), st.sampled_from([REPSYS, COLORS_API, MULTI]), st.sampled_from(ROLE_IDS)
)
ASKED: Final = st.sampled_from(
    [
        "openid offline_access User.Read",
        "Mail.Read",
        "https://graph.microsoft.com/.default",
        f"openid api://{COLORS_API}/Colors.Read",
        f"api://{COLORS_API}/Colors.Write",
        f"{COLORS_API}/.default",
    ]
)
BASIS: Final = {(REPSYS, GRAPH, "all", one) for one in ("openid", "profile", "offline_access", "User.Read")}


def allowed(grants: set[tuple[str, str, str, str]], resource: str) -> set[str]:
    return {scope for client, on, who, scope in grants if (client, on) == (REPSYS, resource) and who != "cai"}


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.sets(SCOPES, max_size=10), st.booleans(), st.sets(ASSIGNMENTS, max_size=6), ASKED)
def test_no_scope_and_no_role_that_nobody_gave(world, grants, with_basis, assignments, asked):
    grants = grants | BASIS if with_basis else grants
    world.fill(grants, assignments)
    answer = Seat(world.there).refresh(world.token, {"scope": asked})
    if answer.status_code != 200:
        assert "access_token" not in answer.json()
        return
    body = answer.json()
    access = claims_of(body["access_token"])
    resource = COLORS_API if access["aud"] == COLORS_API else GRAPH
    assert set(access["scp"].split()) <= allowed(grants, resource)
    assert "id_token" not in body or "openid" in allowed(grants, GRAPH)
    if "id_token" in body:
        told = claims_of(body["id_token"])
        assert "email" not in told or "email" in allowed(grants, GRAPH)
        assert "name" not in told or "profile" in allowed(grants, GRAPH)
        assert set(told.get("roles", ())) == given_roles(assignments, REPSYS)
    assert set(access.get("roles", ())) == (given_roles(assignments, COLORS_API) if resource == COLORS_API else set())


def given_roles(assignments: set[tuple[str, str, str]], resource: str) -> set[str]:
    held = {role_id for who, on, role_id in assignments if (who, on) == ("ben", resource)}
    return {value for role_id, value in GIVEN_TO_USERS.items() if role_id in held}


def test_something_is_granted_at_all(world):
    """Or the property above would hold of nothing."""
    world.fill({*BASIS, (REPSYS, COLORS_API, "ben", "Colors.Read")}, {("ben", COLORS_API, ROLE_IDS[0])})
    answer = Seat(world.there).refresh(world.token, {"scope": f"api://{COLORS_API}/Colors.Read"}).json()
    access = claims_of(answer["access_token"])
    assert (access["scp"], access["roles"]) == ("Colors.Read", ["Role.0"])

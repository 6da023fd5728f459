"""revokeSignInSessions at Graph: who may sign out whom, and what is left afterwards.  Reference sections 19 and 38."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx2
import pytest
from attrs import evolve

from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR, TEMPLATE_IDS, USER_ADMINISTRATOR
from entrada.core.directory.ids import ClientId, PermissionId, TenantId, UserId
from entrada.core.directory.microsoft_graph import APP_ID, APP_ROLES
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.protocol.effects import PutEntity
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    BEN,
    COLORS,
    DAEMON,
    PETALS,
    REPSYS,
    REPSYS_APP,
    Seat,
    change,
    commit,
    contents,
    expected,
    fields_of,
    grant,
    installed,
    reason_of,
)

ADA: Final = UserId("c0105000-0000-4000-8000-0000000000a1")
CAI: Final = UserId("c0105000-0000-4000-8000-0000000000c1")
EVA: Final = UserId("9e7a1500-0000-4000-8000-0000000000e1")
ME: Final = "/v1.0/me/revokeSignInSessions"
CONTEXT: Final = "https://localhost:8443/v1.0/$metadata#Edm.Boolean"
VISITOR: Final = User(
    id=UserId("c0105000-0000-4000-8000-00000000e0e1"),
    tenant_id=TenantId(COLORS),
    user_principal_name="eva_petals.example#EXT#@colors.example",
    display_name="Eva (Petals)",
    user_type="Guest",
    home=HomeAccount(tenant_id=TenantId(PETALS), user_id=EVA),
)


def of(name: str) -> str:
    return f"/v1.0/users/{name}/revokeSignInSessions"


def token_of(there: InProcess, scope: str, username: str = "ben@colors.example") -> str:
    """With *scope* on Graph, whoever had to consent to it."""
    given = {scope for one in asyncio.run(_grants(there)) for scope in one.scopes if one.principal_id is None}
    if scope != "User.Read" and scope not in given:
        grant(there, REPSYS, APP_ID, f"openid profile offline_access {scope}")
    seat = Seat(there, evolve(REPSYS_APP, username=username))
    token: str = seat.tokens({"scope": f"openid https://graph.microsoft.com/{scope}"})["access_token"]
    return token


async def _grants(there: InProcess) -> tuple[PermissionGrant, ...]:
    return await there.platform.here.store.list_entities(PermissionGrant, TenantId(COLORS))


def daemons_token(there: InProcess, role: str) -> str:
    store = there.platform.here.store
    daemon, graph = (installed(store, ClientId(one), TenantId(COLORS)) for one in (DAEMON, APP_ID))
    role_id = next(PermissionId(one.id) for one in APP_ROLES if one.value == role)
    given = AppRoleAssignment(
        tenant_id=TenantId(COLORS), principal_id=daemon.id, resource_id=graph.id, app_role_id=role_id
    )
    commit(store, PutEntity(given))
    form = {
        "grant_type": "client_credentials",
        "client_id": DAEMON,
        "client_secret": "daemon-dev-secret",
        "scope": "https://graph.microsoft.com/.default",
    }
    token: str = there.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form).json()["access_token"]
    return token


def call(there: InProcess, path: str, token: str) -> httpx2.Response:
    answer: Any = there.client.post(path, headers={"authorization": f"Bearer {token}"})
    return answer


def roles_of(there: InProcess, user_id: UserId, *roles: str) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TenantId(COLORS), user_id)), directory_roles=frozenset(roles))


def test_ones_own(in_process):
    seat = Seat(in_process)
    tokens, code = seat.tokens(), seat.sign_in()["code"]
    in_process.clock.advance(1)
    token = token_of(in_process, "User.ReadWrite")
    in_process.clock.advance(1)
    answer = call(in_process, ME, token)
    assert (answer.status_code, answer.json()) == (200, {"@odata.context": CONTEXT, "value": True})
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    assert reason_of(seat.redeem(code)) == expected(why.FRESH_TOKEN_NEEDED)
    seat.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == "login_required"
    assert call(in_process, ME, token).status_code == 401  # the token that did it is of a sign-in that is revoked
    assert seat.sign_in()["code"]


def test_by_own_name_or_id_it_is_the_same(in_process):
    for name in (BEN, "BEN@colors.example"):
        in_process.clock.advance(1)
        assert call(in_process, of(name), token_of(in_process, "User.ReadWrite")).status_code == 200


# fmt: off
ROWS = [  # whose token, the caller's roles, with what, of whom, whose roles; the answer
    pytest.param("ben", (), "User.Read",               "/me",  (), 403, id="reading is not signing out"),
    pytest.param("ben", (), "User.ReadWrite",          "cai",  (), 403, id="others need the permission for others"),
    pytest.param("ben", (), "User.ReadWrite.All",      "cai",  (), 403, id="which makes no administrator of anybody"),
    pytest.param("ben", (), "Directory.ReadWrite.All", "cai",  (), 403, id="nor does the highest"),
    pytest.param("ben", ("Global Reader",),      "User.ReadWrite.All",      "cai", (), 403, id="nor does any role"),
    pytest.param("ben", ("User Administrator",), "User.ReadWrite",          "cai", (), 403, id="an administrator's application needs the permission"),
    pytest.param("ben", ("User Administrator",), "User.ReadWrite.All",      "cai", (), 200, id="an administrator of users"),
    pytest.param("ben", ("User Administrator",), "Directory.ReadWrite.All", "cai", (), 200, id="by the higher permission too"),
    pytest.param("ben", ("User Administrator",), "User.ReadWrite.All",      "cai", ("Global Reader",), 403, id="but not of who has a role"),
    pytest.param("ben", ("Global Administrator",), "User.ReadWrite.All",    "cai", ("Global Administrator",), 200, id="whom a Global Administrator signs out"),
    pytest.param("ben", ("Global Administrator",), "User.ReadWrite.All",    "cai@colors.example", (), 200, id="by name"),
    pytest.param("ben", ("Global Administrator",), "User.ReadWrite.All",    "nobody", (), 404, id="nobody"),
    pytest.param("ben", ("Global Administrator",), "User.ReadWrite.All",    "eva@petals.example", (), 404, id="another tenant's, by name"),
    pytest.param("ben", ("Global Administrator",), "User.ReadWrite.All",    EVA, (), 404, id="another tenant's, by id"),
    pytest.param("ben", (), "User.ReadWrite.All",      "nobody", (), 403, id="who may not learns not who there is"),
]
# fmt: on


@pytest.mark.parametrize(("who", "roles", "scope", "whom", "their_roles", "status"), ROWS)
def test_who_may_sign_out_whom(in_process, who, roles, scope, whom, their_roles, status):
    cai = Seat(in_process, evolve(REPSYS_APP, username="cai@colors.example"))
    tokens = cai.tokens()
    roles_of(in_process, BEN, *(TEMPLATE_IDS[one] for one in roles))
    roles_of(in_process, CAI, *(TEMPLATE_IDS[one] for one in their_roles))
    in_process.clock.advance(1)
    token = token_of(in_process, scope, f"{who}@colors.example")
    before = contents(in_process.platform.here.store)
    answer = call(in_process, ME if whom == "/me" else of(CAI if whom == "cai" else whom), token)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert reason_of(cai.refresh(tokens["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    else:
        assert contents(in_process.platform.here.store) == before
        assert cai.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("User.ReadWrite.All", of(BEN), 200),
        ("Directory.ReadWrite.All", of("ben@colors.example"), 200),
        ("User.Read.All", of(BEN), 403),
        ("User.ReadWrite.All", ME, 403),
        ("User.ReadWrite.All", of(EVA), 404),
    ],
)
def test_an_application_for_itself(in_process, role, path, status):
    seat = Seat(in_process)
    tokens = seat.tokens()
    in_process.clock.advance(1)
    assert call(in_process, path, daemons_token(in_process, role)).status_code == status
    assert (seat.refresh(tokens["refresh_token"]).status_code == 200) is (status != 200)


def test_a_guest_is_told_where_to_go_and_nothing_changes(in_process):
    commit(in_process.platform.here.store, PutEntity(VISITOR))
    seat = Seat(in_process, evolve(REPSYS_APP, username="eva@petals.example"))
    tokens = seat.tokens()
    roles_of(in_process, ADA, GLOBAL_ADMINISTRATOR)
    admins = token_of(in_process, "User.ReadWrite.All", "ada@colors.example")
    own = token_of(in_process, "User.ReadWrite.All", "eva@petals.example")
    in_process.clock.advance(1)
    for path, token in ((of(VISITOR.id), admins), (ME, own)):
        answer = call(in_process, path, token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "Request_BadRequest")
        assert "at home" in answer.json()["error"]["message"]
    assert seat.refresh(tokens["refresh_token"]).status_code == 200


def test_at_home_it_ends_what_the_guest_has_elsewhere(in_process):
    commit(in_process.platform.here.store, PutEntity(VISITOR))
    seat = Seat(in_process, evolve(REPSYS_APP, username="eva@petals.example"))
    tokens = seat.tokens()
    in_process.clock.advance(1)
    page = seat.browser.open("https://localhost:8443/account")
    form = next(one for one in page.forms if one.action == "/account/everywhere")
    assert seat.browser.client.post(form.action, data=form.fields).status_code == 303
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    assert call(in_process, ME, tokens["access_token"]).status_code == 401


def test_by_get_nothing_is_revoked(in_process):
    token = token_of(in_process, "User.ReadWrite")
    answer = in_process.client.get(ME, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 405


def test_a_role_that_was_taken_away_serves_no_more(in_process):
    roles_of(in_process, BEN, USER_ADMINISTRATOR)
    token = token_of(in_process, "User.ReadWrite.All")
    roles_of(in_process, BEN)
    assert call(in_process, of(CAI), token).status_code == 403

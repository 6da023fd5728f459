"""Eva of Petals is a guest of Colors: she signs in at home, and Colors' applications know her by her entry there.

Reference sections 1.2, 16.2, 30 and 31.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import ClientId, GroupId, TenantId, UserId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from entrada.core.protocol.effects import PutEntity
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    COLORS,
    COLORS_API,
    MULTI_APP,
    PETALS,
    REPSYS,
    REPSYS_APP,
    Seat,
    change,
    commit,
    expected,
    fields_of,
    installed,
    reason_of,
)
from tests.web.test_claims import claims_of, still_signed_in

ORIGIN: Final = "https://localhost:8443"
EVA: Final = UserId("9e7a1500-0000-4000-8000-0000000000e1")
VISITOR: Final = User(
    id=UserId("c0105000-0000-4000-8000-00000000e0e1"),
    tenant_id=TenantId(COLORS),
    user_principal_name="eva_petals.example#EXT#@colors.example",
    display_name="Eva (Petals)",
    mail="not-evas@colors.example",
    user_type="Guest",
    home=HomeAccount(tenant_id=TenantId(PETALS), user_id=EVA),
)
GUEST_APP: Final = evolve(REPSYS_APP, username="eva@petals.example")
MULTI_GUEST: Final = evolve(MULTI_APP, username="eva@petals.example")
PAINTERS: Final = GroupId("c0105000-0000-4000-8000-00000000a171")
COLORS_READ: Final = f"openid profile offline_access api://{COLORS_API}/Colors.Read"


@pytest.fixture
def colors(in_process: InProcess) -> InProcess:
    """With Eva among its guests, and among its Painters."""
    store = in_process.platform.here.store
    painter = GroupMember(tenant_id=TenantId(COLORS), group_id=PAINTERS, member_id=VISITOR.id)
    api = asyncio.run(store.find_application(ClientId(COLORS_API)))
    principal = installed(store, ClientId(COLORS_API), TenantId(COLORS))
    assert api is not None
    role = next(one.id for one in api.app_roles if one.value == "Painter")
    paints = AppRoleAssignment(
        tenant_id=TenantId(COLORS), principal_id=PAINTERS, resource_id=principal.id, app_role_id=role
    )
    commit(store, PutEntity(VISITOR), PutEntity(painter), PutEntity(paints))
    app = asyncio.run(store.find_application(ClientId(REPSYS)))
    acct = OptionalClaims(id_token=(OptionalClaim(name="acct"),))
    change(store, app, optional_claims=acct, group_membership_claims=frozenset({"SecurityGroup"}))
    return in_process


def ask(there: InProcess, path: str, token: str) -> Any:
    return there.client.get(path, headers={"authorization": f"Bearer {token}"})


def entry(there: InProcess, tenant: str, user: UserId) -> User | None:
    return asyncio.run(there.platform.here.store.find_user(TenantId(tenant), user))


def test_a_guest_signs_in_and_is_its_entry_here(colors):
    answer = Seat(colors, GUEST_APP).tokens({"scope": COLORS_READ, "client_info": "1"})
    told, access = claims_of(answer["id_token"]), claims_of(answer["access_token"])
    for claims in (told, access):
        assert (claims["tid"], claims["oid"]) == (COLORS, VISITOR.id)
        assert claims["idp"] == f"{ORIGIN}/{PETALS}/"
        assert claims["preferred_username"] == "eva@petals.example"
    assert (told["acct"], told["groups"], told["name"]) == (1, [PAINTERS], "Eva (Petals)")
    assert access["roles"] == ["Painter"]


def test_client_info_names_the_account_at_home(colors):
    seat = Seat(colors, GUEST_APP)
    answer = seat.redeem(seat.sign_in()["code"], {"client_info": "1"}).json()
    assert json.loads(base64url.decode(answer["client_info"])) == {"uid": EVA, "utid": PETALS}


def test_a_guest_is_another_subject_than_at_home(colors):
    subjects = {
        claims_of(Seat(colors, evolve(MULTI_GUEST, tenant=tenant)).tokens()["id_token"])["sub"]
        for tenant in (COLORS, PETALS)
    }
    assert len(subjects) == 2


def test_graph_and_userinfo_answer_a_guest(colors):
    answer = Seat(colors, GUEST_APP).tokens({"scope": "openid profile email User.Read"})
    me = ask(colors, "/v1.0/me", answer["access_token"]).json()
    assert (me["id"], me["userPrincipalName"]) == (VISITOR.id, VISITOR.user_principal_name)
    userinfo = ask(colors, "/oidc/userinfo", answer["access_token"]).json()
    assert userinfo["sub"] == claims_of(answer["id_token"])["sub"]
    assert (userinfo["name"], userinfo["email"]) == ("Eva (Petals)", "eva@petals.example")
    told = claims_of(answer["access_token"])
    assert (told["unique_name"], told["email"]) == ("eva@petals.example", "eva@petals.example")
    assert "upn" not in told


def test_who_is_no_guest_does_not_get_in(colors):
    page = Seat(colors, evolve(GUEST_APP, username="fay@petals.example")).sign_in()
    assert "code" not in page


def test_a_refresh_token_serves_the_tenants_that_know_the_account(colors):
    seat = Seat(colors, evolve(MULTI_GUEST, tenant=PETALS))
    at_home = seat.tokens()
    seat.app = evolve(MULTI_GUEST, tenant=COLORS)
    assert reason_of(seat.refresh(at_home["refresh_token"])) == expected(why.CONSENT_MISSING)
    away = seat.tokens()  # consents in Colors
    found = seat.refresh(at_home["refresh_token"])
    assert found.status_code == 200
    told = claims_of(found.json()["access_token"])
    assert (told["tid"], told["oid"]) == (COLORS, VISITOR.id)
    back = evolve(MULTI_GUEST, tenant=PETALS)
    seat.app = back
    assert claims_of(seat.refresh(away["refresh_token"]).json()["access_token"])["tid"] == PETALS


def test_a_refresh_token_serves_no_tenant_that_does_not_know_the_account(colors):
    seat = Seat(colors, evolve(MULTI_GUEST, tenant=PETALS, username="fay@petals.example"))
    token = seat.tokens()["refresh_token"]
    seat.app = evolve(MULTI_GUEST, tenant=COLORS)
    assert reason_of(seat.refresh(token)) == expected(why.OTHER_TENANTS_GRANT)


def test_a_deleted_guest_is_one_that_never_was(colors):
    seat = Seat(colors, evolve(MULTI_GUEST, tenant=PETALS))
    token = seat.tokens()["refresh_token"]
    change(
        colors.platform.here.store,
        entry(colors, COLORS, VISITOR.id),
        home=HomeAccount(tenant_id=TenantId(PETALS), user_id=UserId("9e7a1500-0000-4000-8000-0000000000f1")),
    )
    seat.app = evolve(MULTI_GUEST, tenant=COLORS)
    assert reason_of(seat.refresh(token)) == expected(why.OTHER_TENANTS_GRANT)


@pytest.mark.parametrize(("tenant", "user"), [(COLORS, VISITOR.id), (PETALS, EVA)], ids=["the guest", "the account"])
def test_whoever_is_disabled_here_or_at_home_gets_nothing_more(colors, tenant, user):
    seat = Seat(colors, GUEST_APP)
    code = seat.sign_in()["code"]
    answer = seat.redeem(code).json()
    waiting = seat.sign_in()["code"]
    change(colors.platform.here.store, entry(colors, tenant, user), account_enabled=False)
    assert reason_of(seat.redeem(waiting)) == expected(why.USER_DISABLED)
    assert reason_of(seat.refresh(answer["refresh_token"])) == expected(why.USER_DISABLED)
    for path in ("/v1.0/me", "/oidc/userinfo", "/v1.0/me/memberOf"):
        assert ask(colors, path, answer["access_token"]).status_code == 401
    seat.open()
    assert "code" not in fields_of(seat.browser.left_to)


def test_a_disabled_home_tenant_ends_its_guests(colors):
    token = Seat(colors, GUEST_APP).tokens()["access_token"]
    home = asyncio.run(colors.platform.here.store.find_tenant(TenantId(PETALS)))
    change(colors.platform.here.store, home, enabled=False)
    assert ask(colors, "/v1.0/me", token).status_code == 401


def test_a_guest_disabled_here_is_at_home_at_home(colors):
    change(colors.platform.here.store, entry(colors, COLORS, VISITOR.id), account_enabled=False)
    assert Seat(colors, evolve(MULTI_GUEST, tenant=PETALS)).tokens()["access_token"]


def test_signing_out_by_the_id_token_of_the_tenant_one_visits(colors):
    seat = Seat(colors, GUEST_APP)
    token = seat.tokens()["id_token"]
    seat.app = evolve(GUEST_APP, username="ben@colors.example")
    seat.sign_in({"prompt": "login"})
    seat.browser.open(f"/{COLORS}/oauth2/v2.0/logout?id_token_hint={token}")
    assert still_signed_in(seat, "eva@petals.example", "ben@colors.example") == ["ben@colors.example"]


def test_the_login_hint_of_a_guest_is_of_its_home(colors):
    seat = Seat(colors, GUEST_APP)
    hint = claims_of(seat.tokens({"claims": '{"id_token": {"login_hint": null}}'})["id_token"])["login_hint"]
    seat.open({"login_hint": hint, "prompt": "none"})
    assert "code" in fields_of(seat.browser.left_to)

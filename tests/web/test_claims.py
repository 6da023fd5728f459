"""What registrations and requests ask tokens to say, through whole sign-ins.  Reference sections 30 to 34 and 36."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import evolve

from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR, ORDINARY_MEMBER
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ClientId, GroupId, TenantId, UserId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from entrada.core.protocol.effects import PutEntity
from tests.plugins.platforms import InProcess
from tests.web.devices import Device, let_in
from tests.web.seats import (
    BEN,
    CLI_APP,
    COLORS,
    COLORS_API,
    MULTI_APP,
    PETALS,
    REPSYS,
    SPA_APP,
    Seat,
    change,
    code_of,
    commit,
    expected,
    fields_of,
    reason_of,
)

HOME = TenantId(COLORS)
COLORS_READ = f"openid profile offline_access api://{COLORS_API}/Colors.Read"
PAINTERS = GroupId("c0105000-0000-4000-8000-00000000a171")


def claims_of(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64url.decode(token.split(".")[1]))
    return found


def application(there: InProcess, client_id: str) -> Any:
    return asyncio.run(there.platform.here.store.find_application(ClientId(client_id)))


def register(there: InProcess, client_id: str, **changes: Any) -> None:
    change(there.platform.here.store, application(there, client_id), **changes)


def asking(*names: str, token: str = "id_token", properties: tuple[str, ...] = ()) -> OptionalClaims:
    return OptionalClaims(**{token: tuple(OptionalClaim(name=one, additional_properties=properties) for one in names)})


def groups(there: InProcess, count: int) -> list[str]:
    """Ben in one group, which is in another, and so on."""
    ids = [GroupId(f"c0105000-0000-4000-8000-0000001{number:05x}") for number in range(count)]
    members: list[UserId | GroupId] = [UserId(BEN), *ids[:-1]]
    made = [Group(id=one, tenant_id=HOME, display_name=f"Nest {one[-3:]}") for one in ids]
    ways = [
        GroupMember(tenant_id=HOME, group_id=one, member_id=member) for one, member in zip(ids, members, strict=True)
    ]
    commit(there.platform.here.store, *map(PutEntity, made), *map(PutEntity, ways))
    return list(ids)


def ask(there: InProcess, path: str, token: str, body: object | None = None) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    return (
        there.client.get(path, headers=headers) if body is None else there.client.post(path, json=body, headers=headers)
    )


# ---- the session ----


def test_sid_is_session_state_and_lives_as_long_as_the_family(in_process):
    register(in_process, REPSYS, optional_claims=asking("sid"))
    register(in_process, COLORS_API, optional_claims=asking("sid", token="access_token"))
    seat = Seat(in_process)
    fields = seat.sign_in({"scope": COLORS_READ})
    first = seat.redeem(fields["code"]).json()
    again = seat.refresh(first["refresh_token"], {"scope": COLORS_READ}).json()
    said = {claims_of(answer[kind])["sid"] for answer in (first, again) for kind in ("id_token", "access_token")}
    assert said == {fields["session_state"]}


def test_the_address_is_the_sign_ins(in_process):
    register(in_process, REPSYS, optional_claims=asking("ipaddr"))
    answer = Seat(in_process).tokens()
    store: Any = in_process.platform.here.store
    (session,) = asyncio.run(store.list_sessions(HOME, BEN))
    assert claims_of(answer["id_token"])["ipaddr"] == session.address
    assert session.address


# ---- login_hint ----


def still_signed_in(seat: Seat, *usernames: str) -> list[str]:
    found: list[str] = []
    for username in usernames:
        seat.open({"login_hint": username, "prompt": "none"})
        if "code" in fields_of(seat.browser.left_to):
            found.append(username)
    return found


def hint_of(seat: Seat, **changes: str) -> str:
    wanted = json.dumps({"id_token": {"login_hint": {"essential": False}, "signin_state": None}})
    hint = claims_of(seat.tokens({"claims": wanted, **changes})["id_token"])["login_hint"]
    assert isinstance(hint, str)
    return hint


def test_msal_js_asks_for_login_hint_with_every_request(in_process):
    hint = hint_of(Seat(in_process, SPA_APP))
    assert "ben" not in hint
    assert "@" not in hint


def test_a_login_hint_names_its_account_again(in_process):
    seat = Seat(in_process)
    hint = hint_of(seat)
    seat.open({"login_hint": hint, "prompt": "none"})
    assert "code" in fields_of(seat.browser.left_to)
    elsewhere = Seat(in_process)
    page = elsewhere.open({"login_hint": hint})
    assert "ben@colors.example" in page.text
    assert hint not in page.text.partition("<form")[0]


def test_a_login_hint_names_nobody_else(in_process):
    hint = hint_of(Seat(in_process))
    cai = Seat(in_process, evolve(Seat(in_process).app, username="cai@colors.example"))
    cai.sign_in()
    cai.open({"login_hint": hint, "prompt": "none"})
    assert "code" not in fields_of(cai.browser.left_to)


def test_a_login_hint_signs_out_without_a_question(in_process):
    seat = Seat(in_process)
    hint = hint_of(seat)
    seat.app = evolve(seat.app, username="cai@colors.example")
    seat.sign_in({"prompt": "login"})
    seat.browser.open(f"/{COLORS}/oauth2/v2.0/logout?{urlencode({'logout_hint': hint})}")
    assert still_signed_in(seat, "ben@colors.example", "cai@colors.example") == ["cai@colors.example"]


def test_a_spoilt_login_hint_names_nobody(in_process):
    seat = Seat(in_process)
    hint = hint_of(seat)
    other = "B" if hint[60] == "A" else "A"
    for spoilt in (hint[:-1], hint[:60] + other + hint[61:], "x" * 90):
        seat.open({"login_hint": spoilt, "prompt": "none"})
        assert "code" not in fields_of(seat.browser.left_to)


# ---- the claims parameter ----


def test_claims_asked_at_the_sign_in_reach_the_id_token(in_process):
    seat = Seat(in_process)
    fields = seat.sign_in({"claims": json.dumps({"id_token": {"auth_time": {"essential": True}, "sid": None}})})
    told = claims_of(seat.redeem(fields["code"]).json()["id_token"])
    assert (told["auth_time"], told["sid"]) == (in_process.clock(), fields["session_state"])


def test_claims_asked_of_the_token_endpoint(in_process):
    seat = Seat(in_process)
    wanted = {"claims": json.dumps({"id_token": {"acct": None}})}
    first = seat.redeem(seat.sign_in()["code"], wanted).json()
    assert claims_of(first["id_token"])["acct"] == 0
    again = seat.refresh(first["refresh_token"]).json()
    assert "acct" not in claims_of(again["id_token"])


@pytest.mark.parametrize("garbage", ["{", "[]", "null", '"x"', "1", pytest.param("[" * 10_000, id="deep")])
def test_claims_that_are_none_are_refused_and_the_code_lives(in_process, garbage):
    seat = Seat(in_process)
    code = seat.sign_in()["code"]
    assert reason_of(seat.redeem(code, {"claims": garbage})) == expected(why.INVALID_PARAMETER)
    assert seat.redeem(code).status_code == 200


def test_capabilities_stand_where_the_api_wants_them(in_process):
    capable = {"scope": COLORS_READ, "claims": json.dumps({"access_token": {"xms_cc": {"values": ["CP1"]}}})}
    assert "xms_cc" not in claims_of(Seat(in_process).tokens(capable)["access_token"])
    register(in_process, COLORS_API, optional_claims=asking("xms_cc", token="access_token"))
    assert claims_of(Seat(in_process).tokens(capable)["access_token"])["xms_cc"] == ["cp1"]
    assert "xms_cc" not in claims_of(Seat(in_process).tokens({"scope": COLORS_READ})["access_token"])


def test_a_code_with_too_many_claims_is_refused(in_process):
    seat = Seat(in_process)
    seat.sign_in()
    wanted = json.dumps({"access_token": {"xms_cc": {"values": [f"capability-{n}" for n in range(200)]}}})
    seat.open({"claims": wanted})
    assert "AADSTS90015" in fields_of(seat.browser.left_to)["error_description"]


def test_claims_that_a_device_asks_for_reach_its_id_token(in_process):
    device = Device(in_process)
    device.start({"claims": json.dumps({"id_token": {"auth_time": None, "acct": None}})})
    let_in(in_process.browser(), device)
    told = claims_of(device.poll().json()["id_token"])
    assert (told["auth_time"], told["acct"]) == (in_process.clock(), 0)


def test_a_login_hint_is_no_other_artefact_and_none_is_a_login_hint(in_process):
    seat = Seat(in_process)
    tokens = seat.tokens({"claims": json.dumps({"id_token": {"login_hint": None}})})
    hint = claims_of(tokens["id_token"])["login_hint"]
    assert reason_of(seat.redeem(hint)) == expected(why.MALFORMED_GRANT)
    assert reason_of(seat.refresh(hint)) == expected(why.MALFORMED_GRANT)
    for other in (tokens["refresh_token"], claims_of(tokens["access_token"])["aio"]):
        seat.open({"login_hint": other, "prompt": "none"})
        assert "code" not in fields_of(seat.browser.left_to)


# ---- groups ----


def test_groups_stand_in_tokens_through_other_groups_too(in_process):
    ids = groups(in_process, 3)
    register(in_process, REPSYS, group_membership_claims=frozenset({"SecurityGroup"}))
    answer = Seat(in_process).tokens({"scope": COLORS_READ})
    assert claims_of(answer["id_token"])["groups"] == ids
    assert "groups" not in claims_of(answer["access_token"])
    register(in_process, COLORS_API, group_membership_claims=frozenset({"SecurityGroup"}))
    assert claims_of(Seat(in_process).tokens({"scope": COLORS_READ})["access_token"])["groups"] == ids


def test_roles_are_of_groups_directly_and_groups_of_the_application(in_process):
    register(in_process, COLORS_API, group_membership_claims=frozenset({"ApplicationGroup"}))
    cai = Seat(in_process, evolve(Seat(in_process).app, username="cai@colors.example"))
    told = claims_of(cai.tokens({"scope": COLORS_READ})["access_token"])
    assert told["roles"] == ["Painter"]
    assert set(told.get("groups", [])) <= {PAINTERS}
    assert "roles" not in claims_of(Seat(in_process).tokens({"scope": COLORS_READ})["access_token"])


def test_directory_roles_of_an_administrator(in_process):
    register(in_process, REPSYS, group_membership_claims=frozenset({"DirectoryRole"}))
    ada = Seat(in_process, evolve(Seat(in_process).app, username="ada@colors.example"))
    answer = ada.tokens()
    assert claims_of(answer["id_token"])["wids"] == [GLOBAL_ADMINISTRATOR, ORDINARY_MEMBER]
    assert claims_of(answer["access_token"])["wids"] == [GLOBAL_ADMINISTRATOR, ORDINARY_MEMBER]  # Graph's is v1.0


def test_too_many_groups_lead_to_an_address_that_answers(in_process):
    ids = groups(in_process, 201)
    register(in_process, REPSYS, group_membership_claims=frozenset({"SecurityGroup"}))
    answer = Seat(in_process).tokens()
    told = claims_of(answer["id_token"])
    assert "groups" not in told
    endpoint = told["_claim_sources"][told["_claim_names"]["groups"]]["endpoint"]
    found = ask(in_process, endpoint, answer["access_token"], {"securityEnabledOnly": True})
    assert (found.status_code, found.json()["value"]) == (200, ids)


def test_an_id_token_of_the_authorization_endpoint_stays_short(in_process):
    register(in_process, REPSYS, group_membership_claims=frozenset({"SecurityGroup"}), enable_id_token_issuance=True)
    groups(in_process, 6)
    fields = Seat(in_process).sign_in({"response_type": "code id_token", "response_mode": "fragment"})
    told = claims_of(fields["id_token"])
    assert told["hasgroups"] is True
    assert told["c_hash"]
    assert "groups" not in told


# ---- Graph: what somebody is a member of ----

MEMBER_SCOPES = "openid User.Read"


def graph_token(there: InProcess, username: str = "ben@colors.example") -> str:
    seat = Seat(there, evolve(Seat(there).app, username=username))
    token: str = seat.tokens({"scope": MEMBER_SCOPES})["access_token"]
    return token


@pytest.mark.parametrize("who", ["me", f"users/{BEN}", f"users/{BEN.upper()}", "users/Ben@colors.example"])
def test_everybody_may_ask_after_themselves(in_process, who):
    ids = groups(in_process, 3)
    token = graph_token(in_process)
    near = ask(in_process, f"/v1.0/{who}/memberOf", token).json()["value"]
    far = ask(in_process, f"/v1.0/{who}/transitiveMemberOf", token).json()["value"]
    assert ([one["id"] for one in near], [one["id"] for one in far]) == (ids[:1], ids)
    assert far[0]["@odata.type"] == "#microsoft.graph.group"
    for which in ("getMemberGroups", "getMemberObjects"):
        assert ask(in_process, f"/v1.0/{who}/{which}", token, {"securityEnabledOnly": False}).json()["value"] == ids


def test_objects_are_groups_and_roles_unless_security_is_all_that_counts(in_process):
    token = graph_token(in_process, "ada@colors.example")
    assert ask(in_process, "/v1.0/me/getMemberObjects", token, {}).json()["value"] == [GLOBAL_ADMINISTRATOR]
    assert ask(in_process, "/v1.0/me/getMemberGroups", token, {}).json()["value"] == []
    assert ask(in_process, "/v1.0/me/getMemberObjects", token, {"securityEnabledOnly": True}).json()["value"] == []
    (role,) = ask(in_process, "/v1.0/me/memberOf", token).json()["value"]
    assert (role["@odata.type"], role["displayName"]) == ("#microsoft.graph.directoryRole", "Global Administrator")


def test_distribution_groups_are_no_security_groups(in_process):
    (group,) = groups(in_process, 1)
    found = asyncio.run(in_process.platform.here.store.find_groups(HOME, BEN))
    change(in_process.platform.here.store, found[0], security_enabled=False)
    token = graph_token(in_process)
    assert ask(in_process, "/v1.0/me/getMemberGroups", token, {"securityEnabledOnly": True}).json()["value"] == []
    assert ask(in_process, "/v1.0/me/getMemberGroups", token, {"securityEnabledOnly": False}).json()["value"] == [group]


def test_pages_of_groups_lead_through_all_of_them_once(in_process):
    ids, token, seen = groups(in_process, 7), graph_token(in_process), []
    url: str | None = "/v1.0/me/transitiveMemberOf?$top=3"
    while url:
        page = ask(in_process, url, token).json()
        seen += [one["id"] for one in page["value"]]
        url = page.get("@odata.nextLink")
    assert seen == ids


@pytest.mark.parametrize("whose", ["users/cai@colors.example", "users/nobody@colors.example"])
def test_nobody_learns_of_others_not_even_whether_they_exist(in_process, whose):
    answer = ask(in_process, f"/v1.0/{whose}/memberOf", graph_token(in_process))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert "GroupMember.Read.All" in answer.json()["error"]["message"]


def reader(there: InProcess) -> str:
    ada = Seat(there, evolve(CLI_APP, username="ada@colors.example"))
    token: str = ada.tokens({"scope": "openid GroupMember.Read.All"})["access_token"]
    return token


def test_a_reader_of_memberships_asks_after_anybody_of_its_tenant(in_process):
    token = reader(in_process)
    found = ask(in_process, "/v1.0/users/cai@colors.example/getMemberGroups", token, {"securityEnabledOnly": True})
    assert PAINTERS in found.json()["value"]
    for path in ("users/nobody@colors.example", "users/fay@petals.example", f"users/{PETALS}"):
        assert ask(in_process, f"/v1.0/{path}/memberOf", token).status_code == 404
    assert ask(in_process, f"/{PETALS}/users/{BEN}/getMemberObjects", token, {}).status_code == 404
    assert ask(in_process, f"/{COLORS}/users/{BEN}/getMemberObjects", token, {}).status_code == 200


@pytest.mark.parametrize("body", ["{", "[]", '{"securityEnabledOnly": "yes"}', "x" * 5000])
def test_bodies_that_say_nothing(in_process, body):
    headers = {"authorization": f"Bearer {graph_token(in_process)}", "content-type": "application/json"}
    answer = in_process.client.post("/v1.0/me/getMemberObjects", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "Request_BadRequest")


def test_memberships_want_a_token_and_a_scope(in_process):
    assert in_process.client.post("/v1.0/me/getMemberObjects", json={}).status_code == 401
    token = Seat(in_process).tokens({"scope": "openid profile"})["access_token"]
    held = claims_of(token)["scp"].split()
    assert ask(in_process, "/v1.0/me/memberOf", token).status_code == (200 if "User.Read" in held else 403)
    assert ask(in_process, "/v1.0/me/memberOf?$top=0", graph_token(in_process)).status_code == 400


# ---- lifetimes ----


def test_the_policy_of_an_api_decides_how_long_its_tokens_live(in_process):
    register(in_process, COLORS_API, access_token_lifetime=900)
    seat = Seat(in_process)
    answer = seat.tokens({"scope": COLORS_READ})
    assert answer["expires_in"] == 899
    told = claims_of(answer["access_token"])
    assert told["exp"] == in_process.clock() + 900
    assert claims_of(answer["id_token"])["exp"] == in_process.clock() + 3600
    assert seat.tokens()["expires_in"] >= 3599  # Graph has no policy


def test_the_longest_token_without_a_refresh_token_can_still_be_acted_on(in_process):
    store: Any = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(HOME))
    change(store, tenant, policies=evolve(tenant.policies, access_token_lifetime=86_400))
    Seat(in_process).tokens({"scope": "openid User.Read"})
    (family,) = store._tables.families.values()
    assert (family.key.end_day + 1) * 86_400 >= in_process.clock() + 86_400


# ---- many tenants ----


def test_a_multi_tenant_application_gets_the_templated_issuer_of_whoever_signs_in(in_process):
    document = in_process.client.get("/organizations/v2.0/.well-known/openid-configuration").json()
    store = in_process.platform.here.store
    principal = store.find_service_principal(TenantId(PETALS), ClientId(MULTI_APP.client_id))
    assert asyncio.run(principal) is None
    for username, tenant in (("ben@colors.example", COLORS), ("fay@petals.example", PETALS)):
        seat = Seat(in_process, evolve(MULTI_APP, tenant="organizations", username=username))
        told = claims_of(seat.tokens()["id_token"])
        assert told["iss"] == document["issuer"].replace("{tenantid}", told["tid"])
        assert told["tid"] == tenant
        made = asyncio.run(store.find_service_principal(TenantId(tenant), ClientId(MULTI_APP.client_id)))
        assert made is not None


def test_metadata_lists_what_tokens_say(in_process):
    register(in_process, REPSYS, optional_claims=asking("acct", "sid", "ctry"))
    for path in ("/v2.0", ""):
        document = in_process.client.get(f"/{COLORS}{path}/.well-known/openid-configuration").json()
        told = set(claims_of(Seat(in_process).tokens()["id_token"])) - {"nbf", "uti"}
        assert told <= set(document["claims_supported"])
    assert code_of(Seat(in_process).open({"claims": "["})) == []

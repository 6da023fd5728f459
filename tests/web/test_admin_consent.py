"""An administrator consents for an organization: what the answer says, what is granted, and who cannot bring it about."""

import asyncio
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from attrs import evolve

from entrada.core.directory.directory_role import TEMPLATE_IDS
from entrada.core.directory.ids import ClientId, TenantId, UserId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason
from entrada.core.jose import base64url
from entrada.core.jose.json_object import parse_object
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.interaction import pack_interaction, unpack_interaction
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.effects import PutEntity
from tests.drivers.form_browser import PASSWORD, FormBrowser, Page
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    COLORS,
    COLORS_API,
    MULTI,
    MULTI_APP,
    PETALS,
    REPSYS,
    REPSYS_APP,
    Form,
    Seat,
    change,
    code_of,
    commit,
    contents,
    disable_application,
    disable_service_principal,
    disable_tenant,
    fields_of,
    require_assignment,
    sent,
)

ADA, BEN, EVA, FAY = "ada@colors.example", "ben@colors.example", "eva@petals.example", "fay@petals.example"
GRAPH_DEFAULT: Final = "https://graph.microsoft.com/.default"
ACCEPT: Final = 'value="accept"'


def url(changes: Form | None = None, tenant: str = COLORS, path: str = "v2.0/adminconsent") -> str:
    asked = {"client_id": REPSYS, "redirect_uri": REPSYS_APP.redirect_uri, "scope": "User.Read", "state": "s-1"}
    return f"/{tenant}/{path}?{urlencode(sent({**asked, **(changes or {})}))}"


def signed_in(browser: FormBrowser, page: Page, username: str) -> Page:
    """As far as the page after the password."""
    if 'id="username"' in page.text:
        page = browser.submit(page, "username", username=username)
    return browser.submit(page, "passwd", passwd=PASSWORD) if 'id="passwd"' in page.text else page


def asked(there: InProcess, username: str = ADA, **where: Any) -> tuple[FormBrowser, Page]:
    browser = there.browser()
    return browser, signed_in(browser, browser.open(url(**where)), username)


def accepted(there: InProcess, username: str = ADA, **where: Any) -> dict[str, str]:
    browser, page = asked(there, username, **where)
    browser.submit(page, "decision", decision="accept")
    return fields_of(browser.left_to)


def granted(there: InProcess, tenant: str = COLORS) -> set[tuple[str | None, str]]:
    """To whom, and what: the delegated permissions of the tenant."""
    grants = asyncio.run(there.platform.here.store.list_entities(PermissionGrant, TenantId(tenant)))
    return {(grant.principal_id, scope) for grant in grants for scope in grant.scopes}


def for_all(*scopes: str) -> set[tuple[str | None, str]]:
    return {(None, scope) for scope in (*scopes, "openid", "profile", "offline_access")}


def register(
    there: InProcess, *graph_roles: str, client_id: str = REPSYS, scopes: tuple[str, ...] = ("Mail.Read",)
) -> None:
    """What the client lists: scopes and app roles of Graph, and Colors.ReadAll of the Colors API."""
    store = there.platform.here.store
    client = asyncio.run(store.find_application(ClientId(client_id)))
    api = asyncio.run(store.find_application(ClientId(COLORS_API)))
    assert api is not None
    listed = (
        RequiredResourceAccess(
            resource_app_id=MICROSOFT_GRAPH.app_id,
            scopes=tuple(one.id for one in MICROSOFT_GRAPH.scopes if one.value in scopes),
            roles=tuple(one.id for one in MICROSOFT_GRAPH.app_roles if one.value in graph_roles),
        ),
        RequiredResourceAccess(
            resource_app_id=api.app_id, roles=tuple(one.id for one in api.app_roles if one.value == "Colors.ReadAll")
        ),
    )
    change(store, client, required_resource_access=listed)


def give_role(there: InProcess, *names: str, user: str = "c0105000-0000-4000-8000-0000000000a1") -> None:
    store = there.platform.here.store
    found = asyncio.run(store.find_user(TenantId(COLORS), UserId(user)))
    change(store, found, directory_roles=frozenset(TEMPLATE_IDS[name] for name in names))


def claims_of(token: str) -> dict[str, Any]:
    return parse_object(base64url.decode(token.split(".")[1]))


def app_token(there: InProcess) -> dict[str, Any]:
    form = {"grant_type": "client_credentials", "scope": f"api://{COLORS_API}/.default"}
    answer = Seat(there).post({**form, "client_id": REPSYS, "client_secret": REPSYS_APP.secret})
    assert answer.status_code == 200, answer.text
    return claims_of(answer.json()["access_token"])


# ---- what is granted, and said ----


def test_named_permissions_are_granted_for_everybody(in_process: InProcess) -> None:
    answer = accepted(in_process, changes={"scope": "User.Read Mail.Read"})
    assert answer == {"admin_consent": "True", "tenant": COLORS, "scope": answer["scope"], "state": "s-1"}
    assert list(answer) == ["admin_consent", "tenant", "scope", "state"]
    assert set(answer["scope"].split()) == {
        "openid", "profile", "offline_access", "https://graph.microsoft.com/User.Read", "https://graph.microsoft.com/Mail.Read",
    }  # fmt: skip
    assert granted(in_process) == for_all("User.Read", "Mail.Read")

    seat = Seat(in_process)
    page = signed_in(seat.browser, seat.open({"scope": "openid profile offline_access Mail.Read"}), BEN)
    assert ACCEPT not in page.text  # Ben is not asked
    token = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()["access_token"]
    assert set(claims_of(token)["scp"].split()) == {"openid", "profile", "User.Read", "Mail.Read"}


def test_default_grants_app_roles_too_and_a_token_carries_them(in_process: InProcess) -> None:
    register(in_process)
    assert "roles" not in app_token(in_process)
    accepted(in_process, changes={"scope": GRAPH_DEFAULT})
    assert granted(in_process) == for_all("Mail.Read")
    assert app_token(in_process)["roles"] == ["Colors.ReadAll"]


def test_names_alone_grant_no_app_role(in_process: InProcess) -> None:
    register(in_process)
    accepted(in_process, changes={"scope": "Mail.Read"})
    assert "roles" not in app_token(in_process)


def test_v1_grants_the_whole_registration_and_says_no_scope(in_process: InProcess) -> None:
    register(in_process)
    answer = accepted(in_process, changes={"scope": None}, path="adminconsent")
    assert answer == {"admin_consent": "True", "tenant": COLORS, "state": "s-1"}
    assert list(answer) == ["tenant", "state", "admin_consent"]
    assert granted(in_process) == for_all("Mail.Read")
    assert app_token(in_process)["roles"] == ["Colors.ReadAll"]


@pytest.mark.parametrize(
    ("tenant", "path"),
    [("common", "adminconsent"), ("organizations", "adminconsent"), ("organizations", "v2.0/adminconsent")],
)
def test_who_signs_in_decides_whose_organization_it_is(in_process: InProcess, tenant: str, path: str) -> None:
    where = {"client_id": MULTI, "redirect_uri": MULTI_APP.redirect_uri}
    answer = accepted(in_process, EVA, changes=where, tenant=tenant, path=path)
    assert (answer["tenant"], granted(in_process)) == (PETALS, set())
    assert granted(in_process, PETALS) == for_all("User.Read")
    installed = asyncio.run(in_process.platform.here.store.find_service_principal(TenantId(PETALS), ClientId(MULTI)))
    assert installed is not None


def test_consenting_again_writes_nothing(in_process: InProcess) -> None:
    register(in_process)
    accepted(in_process, changes={"scope": GRAPH_DEFAULT})
    browser, page = asked(in_process, changes={"scope": GRAPH_DEFAULT})
    before = contents(in_process.platform.here.store)
    browser.submit(page, "decision", decision="accept")
    assert fields_of(browser.left_to)["admin_consent"] == "True"
    assert contents(in_process.platform.here.store) == before


def test_the_page_says_in_words_what_is_for_users_and_what_for_the_application_alone(in_process: InProcess) -> None:
    register(in_process, "Directory.Read.All")
    _, page = asked(in_process, changes={"scope": GRAPH_DEFAULT})
    head, delegated, alone = page.text.partition("By itself, with nobody signed in")
    assert "For everyone in <bdi>Colors</bdi>" in head
    assert "Read your mail" in head
    assert "Maintain access to data you have given it access to" in head
    assert delegated
    assert "Read the directory" in alone
    assert "Read all colors" in alone


def test_an_administrator_need_not_be_assigned_to_consent(in_process: InProcess) -> None:
    require_assignment_of_repsys(in_process)
    assert accepted(in_process)["admin_consent"] == "True"


def require_assignment_of_repsys(there: InProcess) -> None:
    accepted(there)  # installs it
    require_assignment(there)


# ---- where the answer goes ----


def test_the_answer_may_go_below_a_registered_uri(in_process: InProcess) -> None:
    below = f"{REPSYS_APP.redirect_uri}/permissions"
    browser, page = asked(in_process, changes={"redirect_uri": below})
    browser.submit(page, "decision", decision="accept")
    assert (browser.left_to or "").startswith(f"{below}?admin_consent=True&")


# fmt: off
SHOWN = [  # what is sent besides, at which tenant, the reason on the page
    pytest.param({"redirect_uri": None},                                  COLORS,          why.MISSING_PARAMETER,      id="no redirect URI"),
    pytest.param({"redirect_uri": "https://evil.example/"},               COLORS,          why.REPLY_ADDRESS_MISMATCH, id="not registered"),
    pytest.param({"redirect_uri": f"{REPSYS_APP.redirect_uri}/../evil"},  COLORS,          why.REPLY_ADDRESS_MISMATCH, id="not below it"),
    pytest.param({"client_id": MULTI, "redirect_uri": f"{MULTI_APP.redirect_uri}.evil"}, COLORS,        why.REPLY_ADDRESS_MISMATCH, id="a longer name"),
    pytest.param({"client_id": None},                                     COLORS,          why.MISSING_PARAMETER,      id="no client"),
    pytest.param({"client_id": "c0105000-0000-4000-8000-000000000bad"},   COLORS,          why.CLIENT_NOT_FOUND,       id="an unknown client"),
    pytest.param({},                                                      "petals.example", why.CLIENT_NOT_FOUND,      id="another tenant's application"),
    pytest.param({},                                                      "organizations", why.NOT_MULTI_TENANT,       id="one tenant's application for any organization"),
    pytest.param({"client_id": MULTI, "redirect_uri": MULTI_APP.redirect_uri}, "common",   why.BAD_REQUEST,            id="/common names no organization on v2.0"),
    pytest.param({},                                                      "nowhere.example", why.TENANT_NOT_FOUND,     id="an unknown tenant"),
]
SENT_BACK = [  # what is sent besides, the reason that goes back
    pytest.param({"scope": None},                       why.MISSING_PARAMETER,      id="no scope"),
    pytest.param({"scope": "Mail.Fly"},                 why.SCOPE_NOT_FOUND,        id="a scope that does not exist"),
    pytest.param({"scope": "api://nobody/.default"},    why.RESOURCE_NOT_FOUND,     id="an API that does not exist"),
    pytest.param({"response_mode": "form_post", "scope": 'a"b'}, why.INVALID_SCOPE, id="by query, whatever mode is asked"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "tenant", "reason"), SHOWN)
def test_shown_on_a_page_before_the_redirect_uri_is_vouched_for(
    shared: InProcess, untouched: None, changes: Form, tenant: str, reason: Reason
) -> None:
    browser = shared.browser()
    page = browser.open(url(changes, tenant))
    assert (browser.left_to, code_of(page)[:1]) == (None, [reason.code])


@pytest.mark.parametrize(("changes", "reason"), SENT_BACK)
def test_sent_back_with_the_mark_and_without_a_tenant(
    shared: InProcess, untouched: None, changes: Form, reason: Reason
) -> None:
    browser = shared.browser()
    browser.open(url(changes))
    answer = fields_of(browser.left_to)
    assert (browser.left_to or "").startswith(f"{REPSYS_APP.redirect_uri}?")
    assert {"admin_consent": "True", "state": "s-1", "error": reason.error}.items() <= answer.items()
    assert list(answer) == ["error", "error_description", "error_uri", "admin_consent", "state"]
    assert answer["error_description"].startswith(f"{reason.aadsts}: ")
    assert answer["error_uri"].endswith(f"/error?code={reason.code}")
    assert "tenant" not in answer


@pytest.mark.parametrize("path", ["v2.0/adminconsent", "adminconsent"])
def test_a_registration_without_permissions_is_sent_back(in_process: InProcess, path: str) -> None:
    store = in_process.platform.here.store
    client = asyncio.run(store.find_application(ClientId(REPSYS)))
    change(store, client, required_resource_access=())
    browser, _ = asked(in_process, changes={"scope": GRAPH_DEFAULT}, path=path)
    assert fields_of(browser.left_to)["error"] == why.PERMISSIONS_NOT_LISTED.error


@pytest.mark.parametrize("step", ["username", "passwd", "decision"])
def test_whoever_cancels_at_any_step_goes_back_with_nothing_granted(in_process: InProcess, step: str) -> None:
    browser = in_process.browser()
    page = browser.open(url())
    if step != "username":
        page = browser.submit(page, "username", username=ADA)
    if step == "decision":
        page = browser.submit(page, "passwd", passwd=PASSWORD)
        browser.submit(page, "decision", decision="cancel")
    else:
        browser.submit(page, step, cancel="1")
    answer = fields_of(browser.left_to)
    assert (answer["error"], answer["admin_consent"], answer["state"]) == ("access_denied", "True", "s-1")
    assert answer["error_description"].startswith(f"{why.CONSENT_DECLINED.aadsts}: ")
    assert granted(in_process) == set()


# ---- who may not ----


def test_a_member_is_told_to_fetch_an_administrator(in_process: InProcess) -> None:
    browser, page = asked(in_process, BEN)
    assert why.MAY_NOT_CONSENT_FOR_ALL.aadsts in page.text
    assert ACCEPT not in page.text
    stepped_in = signed_in(browser, browser.submit(page, "decision", decision="other"), ADA)
    browser.submit(stepped_in, "decision", decision="accept")
    assert granted(in_process) == for_all("User.Read")


@pytest.mark.parametrize("pressed", ["return", "cancel", "accept"])
def test_a_member_presses_any_button_and_grants_nothing(in_process: InProcess, pressed: str) -> None:
    browser, page = asked(in_process, BEN)
    again = browser.submit(page, "decision", decision=pressed)
    if pressed == "accept":
        assert why.MAY_NOT_CONSENT_FOR_ALL.aadsts in again.text
    else:
        assert fields_of(browser.left_to)["error_description"].startswith("AADSTS90093: ")
    assert granted(in_process) == set()


@pytest.mark.parametrize(
    ("role", "roles_of_graph", "may"),
    [
        ("Application Administrator", (), True),
        ("Application Administrator", ("Directory.Read.All",), False),
        ("Privileged Role Administrator", ("Directory.Read.All",), True),
        ("User Administrator", (), False),
    ],
)
def test_app_roles_of_graph_take_more_than_an_application_administrator(
    in_process: InProcess, role: str, roles_of_graph: tuple[str, ...], may: bool
) -> None:
    register(in_process, *roles_of_graph)
    give_role(in_process, role)
    _, page = asked(in_process, changes={"scope": GRAPH_DEFAULT})
    assert (ACCEPT in page.text) == may


def test_another_tenants_administrator_is_nobody_here(in_process: InProcess) -> None:
    _, page = asked(in_process, EVA)
    assert code_of(page)[:1] == [why.ACCOUNT_NOT_IN_TENANT.code]
    assert granted(in_process) == set()


# ---- guests ----

GUEST: Final = UserId("c0105000-0000-4000-8000-0000000000f9")


def invite_fay(there: InProcess, *roles: str) -> None:
    home = HomeAccount(tenant_id=TenantId(PETALS), user_id=UserId("9e7a1500-0000-4000-8000-0000000000f1"))
    guest = User(
        id=GUEST,
        tenant_id=TenantId(COLORS),
        user_principal_name="fay_petals.example#EXT#@colors.example",
        display_name="Fay Fern",
        user_type="Guest",
        home=home,
        directory_roles=frozenset(TEMPLATE_IDS[name] for name in roles),
    )
    commit(there.platform.here.store, PutEntity(guest))


def test_a_guests_roles_here_count_and_only_here(in_process: InProcess) -> None:
    invite_fay(in_process, "Global Administrator")
    assert accepted(in_process, FAY)["tenant"] == COLORS
    assert granted(in_process) == for_all("User.Read")
    where = {"client_id": MULTI, "redirect_uri": MULTI_APP.redirect_uri}
    _, at_home = asked(in_process, FAY, changes=where, tenant="organizations")
    assert why.MAY_NOT_CONSENT_FOR_ALL.aadsts in at_home.text


def test_a_guests_own_consent_is_the_guest_objects(in_process: InProcess) -> None:
    invite_fay(in_process)
    seat = Seat(in_process, evolve(REPSYS_APP, username=FAY))
    page = signed_in(seat.browser, seat.open({"scope": "openid Mail.Read"}), FAY)
    seat.browser.submit(page, "decision", decision="accept")
    assert granted(in_process) == {(GUEST, scope) for scope in ("openid", "Mail.Read", "offline_access")}
    token = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()["access_token"]
    assert (claims_of(token)["tid"], set(claims_of(token)["scp"].split())) == (COLORS, {"openid", "Mail.Read"})


# ---- what changes between the page and its button ----


@pytest.fixture
def shown(in_process: InProcess) -> tuple[InProcess, FormBrowser, Page]:
    """Ada sees the page; whatever happens next, nothing was granted yet."""
    register(in_process)
    browser, page = asked(in_process, changes={"scope": GRAPH_DEFAULT})
    assert ACCEPT in page.text
    return in_process, browser, page


Shown = tuple[InProcess, FormBrowser, Page]


def test_another_browser_cannot_press_it(shown: Shown) -> None:
    there, _, page = shown
    stranger, own = asked(there, ADA)  # signed in as Ada as well
    stolen = page.form_with("decision").fields
    answer = stranger.client.post(f"/{COLORS}/adminconsent", data={**stolen, "decision": "accept"})
    assert (answer.status_code, granted(there)) == (400, set())
    assert why.INTERACTION_STALE.aadsts in answer.text
    assert ACCEPT in own.text


def test_it_grows_old(shown: Shown) -> None:
    there, browser, page = shown
    there.clock.advance(3 * 3600)
    again = browser.submit(page, "decision", decision="accept")
    assert (code_of(again)[:1], granted(there)) == ([why.INTERACTION_STALE.code], set())


def test_what_was_registered_meanwhile_is_shown_first(shown: Shown) -> None:
    there, browser, page = shown
    register(there, scopes=("Mail.Read", "Mail.Send"))
    again = browser.submit(page, "decision", decision="accept")
    assert (again.status, granted(there)) == (200, set())
    browser.submit(again, "decision", decision="accept")
    assert granted(there) == for_all("Mail.Read", "Mail.Send")


def test_an_administrator_who_is_none_any_more(shown: Shown) -> None:
    there, browser, page = shown
    give_role(there)
    again = browser.submit(page, "decision", decision="accept")
    assert why.MAY_NOT_CONSENT_FOR_ALL.aadsts in again.text
    assert granted(there) == set()


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (disable_application, why.CLIENT_DISABLED),
        (disable_tenant, why.TENANT_NOT_FOUND),
    ],
)
def test_whatever_is_switched_off_stops_it(shown: Shown, deed: Any, reason: Reason) -> None:
    there, browser, page = shown
    deed(there)
    again = browser.submit(page, "decision", decision="accept")
    assert (code_of(again)[:1], granted(there)) == ([reason.code], set())


def test_an_application_that_the_tenant_switched_off_is_not_consented_to(in_process: InProcess) -> None:
    accepted(in_process)
    disable_service_principal(in_process)
    before = granted(in_process)
    page = in_process.browser().open(url({"scope": "Mail.Read"}))
    assert (code_of(page)[:1], granted(in_process)) == ([why.CLIENT_DISABLED.code], before)


def test_a_form_of_an_ordinary_sign_in_grants_nothing_here(in_process: InProcess) -> None:
    seat = Seat(in_process, evolve(REPSYS_APP, username=ADA))
    page = signed_in(seat.browser, seat.open({"scope": "openid User.Read"}), ADA)
    stolen = page.form_with("decision").fields
    answer = seat.browser.client.post(f"/{COLORS}/adminconsent", data={**stolen, "decision": "accept"})
    assert (answer.status_code, granted(in_process)) == (200, set())
    assert "For everyone" not in answer.text


@pytest.mark.parametrize("errand", [one for one in Errand if one is not Errand.ADMIN_CONSENT])
def test_a_form_of_another_errand_grants_nothing_here(shown: Shown, errand: Errand) -> None:
    there, browser, page = shown
    here = there.platform.here
    Seat(there, evolve(REPSYS_APP, username=ADA)).sign_in()  # for herself: nothing is left to ask at other doors
    before = granted(there)
    sealed = here.open(page.form_with("decision").fields["ctx"], purpose=purposes.INTERACTION, lifetime=Seconds(60))
    other = evolve(unpack_interaction(sealed.payload), errand=errand)
    form = {"ctx": here.seal(pack_interaction(other), purpose=purposes.INTERACTION), "decision": "accept"}
    browser.client.post(f"/{COLORS}/adminconsent", data=form)
    assert granted(there) == before


def test_its_form_grants_nothing_at_the_ordinary_consent(shown: Shown) -> None:
    there, browser, page = shown
    answer = browser.client.post(
        f"/{COLORS}/consent", data={**page.form_with("decision").fields, "decision": "accept", "on_behalf": "1"}
    )
    assert (answer.status_code, granted(there)) == (200, set())


def test_only_get_starts_it_and_a_bare_post_is_nothing(shared: InProcess, untouched: None) -> None:
    answer = shared.client.post(f"/{COLORS}/v2.0/adminconsent", data={"client_id": REPSYS})
    assert answer.status_code == 405
    bare = shared.client.post(f"/{COLORS}/adminconsent", data={"decision": "accept"})
    assert why.INTERACTION_STALE.aadsts in bare.text


def test_only_the_shown_roles_are_assigned_and_to_the_client_alone(shown: Shown) -> None:
    there, browser, page = shown
    store = there.platform.here.store
    before = asyncio.run(store.list_entities(AppRoleAssignment, TenantId(COLORS)))
    browser.submit(page, "decision", decision="accept")
    new = set(asyncio.run(store.list_entities(AppRoleAssignment, TenantId(COLORS)))) - set(before)
    client = asyncio.run(store.find_service_principal(TenantId(COLORS), ClientId(REPSYS)))
    assert isinstance(client, ServicePrincipal)
    assert {one.principal_id for one in new} == {client.id}
    assert len(new) == 1

"""No scope without a grant that allows it, whatever the tenant's settings: asked of the tokens, not of the pages."""

import asyncio
import itertools
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory.application import Application, PreAuthorizedApplication
from entrada.core.directory.ids import ClientId, PermissionId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from entrada.core.jose.json_object import parse_object
from entrada.core.protocol.effects import RemoveEntity
from tests.drivers.form_browser import PASSWORD, Page
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    CLI,
    CLI_APP,
    COLORS,
    COLORS_API,
    MULTI_APP,
    PETALS,
    REPSYS,
    REPSYS_APP,
    App,
    Seat,
    assign,
    change,
    code_of,
    commit,
    expected,
    fields_of,
    installed,
    reason_of,
    require_assignment,
)

MIDDLE: Final = "c0105000-0000-4000-8000-00000000b0b0"
ADA, BEN, FAY = "ada@colors.example", "ben@colors.example", "fay@petals.example"
BASIC, MAIL, READ, DEFAULT = (
    "openid offline_access User.Read",
    "openid Mail.Read",
    f"openid api://{COLORS_API}/Colors.Read",
    f"openid api://{COLORS_API}/.default",
)
ALL, LOW, NONE = UserConsent.ALL, UserConsent.LOW_IMPACT, UserConsent.NONE
ACCEPT: Final = 'value="accept"'
APPROVAL: Final = why.ADMIN_CONSENT_REQUIRED.aadsts


def set_policy(there: InProcess, setting: UserConsent, tenant: str = COLORS) -> None:
    store = there.platform.here.store
    found = asyncio.run(store.find_tenant(TenantId(tenant)))
    change(store, found, policies=Policies(user_consent=setting))


def classify(there: InProcess, api: str, *values: str) -> None:
    store = there.platform.here.store
    change(store, installed(store, ClientId(api), TenantId(COLORS)), low_impact_scopes=frozenset(values))


def application(there: InProcess, client_id: str) -> Application:
    found = asyncio.run(there.platform.here.store.find_application(ClientId(client_id)))
    assert found is not None
    return found


def grants(there: InProcess, tenant: str = COLORS) -> tuple[PermissionGrant, ...]:
    return asyncio.run(there.platform.here.store.list_entities(PermissionGrant, TenantId(tenant)))


def granted(there: InProcess, client_id: str, resource_id: str, user: str | None) -> set[str]:
    store = there.platform.here.store
    client, resource = (installed(store, ClientId(one), TenantId(COLORS)) for one in (client_id, resource_id))
    found = [one for one in grants(there) if (one.client_id, one.resource_id) == (client.id, resource.id)]
    return {value for one in found if one.principal_id in (user, None) for value in one.scopes}


def after_password(seat: Seat, **changes: str) -> Page:
    page = seat.open(changes)
    if 'id="username"' in page.text:
        page = seat.browser.submit(page, "username", username=seat.app.username)
    return seat.browser.submit(page, "passwd", passwd=PASSWORD) if 'id="passwd"' in page.text else page


def token_claims(seat: Seat) -> dict[str, Any]:
    answer = seat.redeem(fields_of(seat.browser.left_to)["code"])
    assert answer.status_code == 200, answer.text
    return parse_object(base64url.decode(answer.json()["access_token"].split(".")[1]))


# fmt: off
PAGES = [  # the setting, whose application, who, the scope, what is low on the Colors API; what is shown
    pytest.param(ALL,  REPSYS_APP, BEN, MAIL,  (),               ACCEPT,   id="all: anything that is not for administrators"),
    pytest.param(ALL,  MULTI_APP,  FAY, MAIL,  (),               ACCEPT,   id="all: of anybody's application"),
    pytest.param(LOW,  REPSYS_APP, BEN, BASIC, (),               ACCEPT,   id="low: to sign in"),
    pytest.param(LOW,  REPSYS_APP, BEN, MAIL,  (),               APPROVAL, id="low: mail is not low"),
    pytest.param(LOW,  REPSYS_APP, BEN, READ,  (),               APPROVAL, id="low: an API's, unclassified"),
    pytest.param(LOW,  REPSYS_APP, BEN, READ,  ("Colors.Read",), ACCEPT,   id="low: an API's, classified"),
    pytest.param(LOW,  MULTI_APP,  FAY, BASIC, (),               APPROVAL, id="low: another tenant's application of nobody verified"),
    pytest.param(LOW,  REPSYS_APP, ADA, MAIL,  (),               ACCEPT,   id="low: an administrator"),
    pytest.param(NONE, REPSYS_APP, BEN, BASIC, (),               APPROVAL, id="none: not even to sign in"),
    pytest.param(NONE, REPSYS_APP, ADA, MAIL,  (),               ACCEPT,   id="none: an administrator"),
]
# fmt: on


@pytest.mark.parametrize(("setting", "app", "user", "scope", "low", "shown"), PAGES)
def test_who_is_asked_and_who_is_sent_to_an_administrator(
    in_process: InProcess, setting: UserConsent, app: App, user: str, scope: str, low: tuple[str, ...], shown: str
) -> None:
    set_policy(in_process, setting, PETALS if user == FAY else COLORS)
    classify(in_process, COLORS_API, *low)
    seat = Seat(in_process, evolve(app, username=user, tenant=PETALS if user == FAY else COLORS))
    page = after_password(seat, scope=scope)
    assert shown in page.text
    assert (ACCEPT in page.text) == (shown == ACCEPT)


def test_a_verified_publisher_is_trusted_with_what_is_low(in_process: InProcess) -> None:
    set_policy(in_process, LOW, PETALS)
    change(
        in_process.platform.here.store, application(in_process, MULTI_APP.client_id), verified_publisher="Colors Ltd"
    )
    assert ACCEPT in after_password(Seat(in_process, evolve(MULTI_APP, username=FAY, tenant=PETALS)), scope=BASIC).text


def test_no_token_carries_a_scope_that_no_grant_allows(in_process: InProcess) -> None:
    """Settings × users × scopes × prompts: press Accept where it stands, and look at what comes out."""
    seen = set()
    for setting, user, scope, prompt in itertools.product(
        UserConsent, (ADA, BEN), (BASIC, MAIL, READ, DEFAULT), ("select_account", "consent")
    ):
        commit(in_process.platform.here.store, *map(RemoveEntity, grants(in_process)))
        set_policy(in_process, setting)
        seat = Seat(in_process, evolve(REPSYS_APP, username=user))
        page = after_password(seat, scope=scope, prompt=prompt)
        if ACCEPT in page.text:
            seat.browser.submit(page, "decision", decision="accept")
        elif seat.browser.left_to is None:
            # What stands behind the other button is a refusal, and nothing was written.
            seat.browser.submit(page, "decision", decision="return")
            assert fields_of(seat.browser.left_to)["error"] == "access_denied"
            assert grants(in_process) == ()
            seen.add((setting, "refused"))
            continue
        claims = token_claims(seat)
        resource = APP_ID if claims["aud"] not in (COLORS_API, f"api://{COLORS_API}") else COLORS_API
        assert set(claims["scp"].split()) <= granted(in_process, REPSYS, resource, claims["oid"])
        seen.add((setting, "granted"))
    assert {(ALL, "granted"), (NONE, "refused"), (LOW, "refused"), (LOW, "granted"), (NONE, "granted")} == seen


def test_prompt_none_says_that_consent_is_missing(in_process: InProcess) -> None:
    seat = Seat(in_process)
    seat.sign_in()
    set_policy(in_process, NONE)
    seat.open({"prompt": "none", "scope": MAIL})
    assert fields_of(seat.browser.left_to)["error"] == why.CONSENT_REQUIRED.error


# ---- assignment ----


def test_where_assignment_is_required_only_administrators_consent(in_process: InProcess) -> None:
    seat = Seat(in_process)
    seat.sign_in()  # installs repsys in the tenant
    require_assignment(in_process)
    assert code_of(seat.open({"scope": MAIL}))[:1] == [why.ASSIGNMENT_REQUIRED.code]
    seat.open({"scope": MAIL, "prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == why.ASSIGNMENT_REQUIRED.error
    assign(in_process)
    page = seat.open({"scope": MAIL})
    assert APPROVAL in page.text
    assert ACCEPT not in page.text


# ---- what is shown again is not given ----


def test_who_is_shown_an_administrators_permissions_again_does_not_get_them_for_good(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    admin = Seat(in_process, evolve(REPSYS_APP, username=ADA))
    write = f"openid offline_access api://{COLORS_API}/Colors.Write"
    page = after_password(admin, scope=write)
    admin.browser.submit(page, "decision", decision="accept", on_behalf="1")

    seat = Seat(in_process)
    page = after_password(seat, scope=write, prompt="consent")
    seat.browser.submit(page, "decision", decision="accept")
    tokens = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()
    assert {one.principal_id for one in grants(in_process)} == {None}

    commit(store, *(RemoveEntity(one) for one in grants(in_process) if "Colors.Write" in one.scopes))
    assert reason_of(seat.refresh(tokens["refresh_token"], {"scope": write})) == expected(why.CONSENT_MISSING)


# ---- .default ----


def test_default_without_anything_registered_is_refused_at_once(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    change(store, application(in_process, REPSYS), required_resource_access=())
    seat = Seat(in_process)
    after_password(seat, scope=DEFAULT)
    assert fields_of(seat.browser.left_to)["error"] == why.PERMISSIONS_NOT_LISTED.error
    v1 = f"/{COLORS}/oauth2/authorize?client_id={REPSYS}&response_type=code&resource={COLORS_API}"
    seat.browser.open(v1)
    assert fields_of(seat.browser.left_to)["error"] == why.RESOURCE_NOT_LISTED.error


def test_an_api_that_the_tenant_switched_off_is_not_consented_to_over_and_over(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    change(store, installed(store, ClientId(COLORS_API), TenantId(COLORS)), account_enabled=False)
    seat = Seat(in_process)
    after_password(seat, scope=READ)
    assert fields_of(seat.browser.left_to)["error"] == why.RESOURCE_DISABLED.error


@pytest.mark.parametrize("scope", [f"{CLI}/.default", CLI])
def test_an_application_that_is_its_own_api(in_process: InProcess, scope: str) -> None:
    api = application(in_process, COLORS_API)
    own = evolve(api.scopes[0], id=PermissionId(api.id), value="Own.Use")
    change(in_process.platform.here.store, application(in_process, CLI), scopes=(own,))
    seat = Seat(in_process, CLI_APP)
    page = after_password(seat, scope=f"openid offline_access {scope}")
    seat.browser.submit(page, "decision", decision="accept")
    answer = seat.redeem(fields_of(seat.browser.left_to)["code"], {"scope": None})
    assert answer.status_code == 200, answer.text
    claims = parse_object(base64url.decode(answer.json()["access_token"].split(".")[1]))
    assert (claims["aud"], claims["scp"]) == (CLI, "Own.Use")
    assert scope in answer.json()["scope"].split()  # MSAL finds the token by what it asked


def test_default_of_several_apis_is_one_page(in_process: InProcess) -> None:
    seat = Seat(in_process)
    page = after_password(seat, scope=f"openid {COLORS_API}/.default https://graph.microsoft.com/.default")
    assert "Read your mail" in page.text
    assert "Read your colors" in page.text
    seat.browser.submit(page, "decision", decision="accept")
    assert token_claims(seat)["scp"] == "Colors.Read"  # the API named first


# ---- pre-authorization and known client applications ----


def test_pre_authorization_covers_what_it_names_and_nothing_else(in_process: InProcess) -> None:
    api = application(in_process, COLORS_API)
    read = next(one.id for one in api.scopes if one.value == "Colors.Read")
    entry = PreAuthorizedApplication(app_id=ClientId(REPSYS), permission_ids=frozenset({read}))
    change(in_process.platform.here.store, api, pre_authorized=(entry,))
    seat = Seat(in_process)
    page = after_password(seat, scope="openid")
    seat.browser.submit(page, "decision", decision="accept")
    set_policy(in_process, NONE)
    seat.open({"scope": READ, "prompt": "none"})
    assert token_claims(seat)["scp"] == "Colors.Read"
    assert granted(in_process, REPSYS, COLORS_API, None) == set()
    assert APPROVAL in seat.open({"scope": f"openid api://{COLORS_API}/Colors.Write"}).text


ITS_DEFAULT = f"openid offline_access api://{MIDDLE}/.default"


def test_one_page_covers_the_client_and_the_api_that_knows_it(in_process: InProcess) -> None:
    seat = Seat(in_process, CLI_APP)
    page = after_password(seat, scope=ITS_DEFAULT)
    _, _, behind = page.text.partition("<bdi>Sample middle tier</bdi>, which it works with,")
    assert "Read your colors" in behind
    seat.browser.submit(page, "decision", decision="accept")
    ben = token_claims(seat)["oid"]
    assert granted(in_process, CLI, MIDDLE, ben) == {"access_as_user"}
    assert granted(in_process, MIDDLE, COLORS_API, ben) == {"Colors.Read"}
    assert granted(in_process, MIDDLE, APP_ID, ben) == {"User.Read", "openid", "profile", "offline_access"}


def test_an_api_that_does_not_know_the_client_gets_nothing_by_its_consent(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    change(store, application(in_process, MIDDLE), known_client_applications=frozenset())
    seat = Seat(in_process, CLI_APP)
    page = after_password(seat, scope=ITS_DEFAULT)
    assert "which it works with" not in page.text
    seat.browser.submit(page, "decision", decision="accept")
    assert granted(in_process, MIDDLE, COLORS_API, token_claims(seat)["oid"]) == set()


def test_what_the_api_needs_from_an_administrator_stops_the_whole(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    api, middle = application(in_process, COLORS_API), application(in_process, MIDDLE)
    listed = tuple(
        evolve(one, scopes=tuple(scope.id for scope in api.scopes)) if one.resource_app_id == api.app_id else one
        for one in middle.required_resource_access
    )
    change(store, middle, required_resource_access=listed)
    page = after_password(Seat(in_process, CLI_APP), scope=ITS_DEFAULT)
    assert APPROVAL in page.text
    assert ACCEPT not in page.text

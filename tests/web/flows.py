"""Every flow as a list of steps, so that something may be switched off between any two of them.

A step says whether it got what it wanted: a page to go on with, or, where it *issues*, a code or a token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from attrs import define, evolve, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from entrada.core.protocol.effects import EndSession, PutEntity, RemoveEntity, RevokeSessionFamilies
from tests.drivers.authenticator import Authenticator
from tests.drivers.form_browser import PASSWORD, Page
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    BEN,
    CLI_APP,
    COLORS,
    COLORS_API,
    DAEMON,
    REPSYS_APP,
    SPA_APP,
    App,
    Seat,
    change,
    commit,
    fields_of,
    grant,
    installed,
)

GRAPH: Final = "00000003-0000-0000-c000-000000000000"
MIDDLE: Final = "c0105000-0000-4000-8000-00000000b0b0"
MIDDLE_APP: Final = App(client_id=MIDDLE, redirect_uri="", secret="middle-dev-secret")
DAEMON_APP: Final = App(client_id=DAEMON, redirect_uri="", secret="daemon-dev-secret")
TENANT: Final = TenantId(COLORS)


@define
class Walk:
    """One person with one application, somewhere in a flow."""

    seat: Seat
    scope: str = "openid profile offline_access User.Read"
    page: Page | None = None
    got: dict[str, Any] = field(factory=dict)

    @property
    def there(self) -> InProcess:
        return self.seat.there

    def submits(self, holding: str, **values: str) -> bool:
        assert self.page is not None
        self.page = self.seat.browser.submit(self.page, holding, **values)
        return self.page.status in (0, 200)


@frozen
class Step:
    name: str
    take: Callable[[Walk], bool]
    issues: bool = False


# ---- the steps at the authorization endpoint ----


def opens(walk: Walk) -> bool:
    walk.page = walk.seat.open({"scope": walk.scope})
    return 'id="username"' in walk.page.text


def names_oneself(walk: Walk) -> bool:
    return walk.submits("username", username=walk.seat.app.username) and 'id="passwd"' in seen(walk)


def proves_oneself(walk: Walk) -> bool:
    return walk.submits("passwd", passwd=PASSWORD) and 'value="accept"' in seen(walk)


def consents(walk: Walk) -> bool:
    walk.submits("decision", decision="accept")
    return has_code(walk)


def authorizes_silently(walk: Walk) -> bool:
    walk.seat.open({"scope": walk.scope, "prompt": "none"})
    return has_code(walk)


def has_code(walk: Walk) -> bool:
    walk.got |= fields_of(walk.seat.browser.left_to)
    return "code" in fields_of(walk.seat.browser.left_to)


def seen(walk: Walk) -> str:
    return walk.page.text if walk.page else ""


# ---- the steps at the token endpoint ----


def answered(walk: Walk, answer: Any) -> bool:
    if answer.status_code == 200:
        walk.got |= answer.json()
    return bool(answer.status_code == 200)


def redeems(walk: Walk) -> bool:
    return answered(walk, walk.seat.redeem(walk.got["code"], {"scope": None}))


def refreshes(walk: Walk) -> bool:
    return answered(walk, walk.seat.refresh(walk.got["refresh_token"], {"scope": None}))


def calls_graph(walk: Walk) -> bool:
    bearer = {"authorization": f"Bearer {walk.got['access_token']}"}
    return bool(walk.there.client.get("/v1.0/me", headers=bearer).status_code == 200)


def acts_on_behalf(walk: Walk) -> bool:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "client_id": MIDDLE,
        "client_secret": MIDDLE_APP.secret,
        "assertion": walk.got["access_token"],
        "requested_token_use": "on_behalf_of",
        "scope": f"api://{COLORS_API}/Colors.Read openid offline_access",
    }
    return answered(walk, walk.seat.post(form))


def refreshes_on_behalf(walk: Walk) -> bool:
    scope = {"scope": f"api://{COLORS_API}/Colors.Read"}
    return answered(walk, Seat(walk.there, MIDDLE_APP).refresh(walk.got["refresh_token"], scope))


def asks_for_itself(walk: Walk) -> bool:
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "client_secret": DAEMON_APP.secret}
    return answered(walk, walk.seat.post({**form, "scope": f"api://{COLORS_API}/.default"}))


# ---- the steps of a second factor ----


def proves_oneself_half(walk: Walk) -> bool:
    return walk.submits("passwd", passwd=PASSWORD) and 'id="otc"' in seen(walk)


def sets_an_authenticator_up(walk: Walk) -> bool:
    assert walk.page is not None
    return walk.submits(
        "otc", otc=Authenticator.of(walk.page.text).code(walk.there.clock())
    ) and 'name="saved"' in seen(walk)


def keeps_the_recovery_codes(walk: Walk) -> bool:
    return walk.submits("saved", saved="1") and 'value="accept"' in seen(walk)


# ---- the steps of a device, and of an application that takes passwords ----


def starts_on_the_device(walk: Walk) -> bool:
    form = {"client_id": walk.seat.app.client_id, "scope": walk.scope}
    return answered(walk, walk.there.client.post(f"/{COLORS}/oauth2/v2.0/devicecode", data=form))


def types_the_code(walk: Walk) -> bool:
    walk.page = walk.seat.browser.open(f"/{COLORS}/oauth2/deviceauth")
    asked = 'id="user_code"' in seen(walk)
    return asked and walk.submits("user_code", user_code=walk.got["user_code"]) and 'id="username"' in seen(walk)


def consents_for_the_device(walk: Walk) -> bool:
    return walk.submits("decision", decision="accept") and 'value="approve"' in seen(walk)


def approves(walk: Walk) -> bool:
    return walk.submits("decision", decision="approve") and "You are signed in" in seen(walk)


def polls(walk: Walk) -> bool:
    form = {"grant_type": "device_code", "client_id": walk.seat.app.client_id, "device_code": walk.got["device_code"]}
    return answered(walk, walk.seat.post(form))


def hands_the_password_over(walk: Walk) -> bool:
    form = {"grant_type": "password", "client_id": walk.seat.app.client_id, "scope": walk.scope}
    return answered(walk, walk.seat.post({**form, "username": walk.seat.app.username, "password": PASSWORD}))


# ---- the flows ----

SIGN_IN: Final = (
    Step("opens", opens),
    Step("names oneself", names_oneself),
    Step("proves oneself", proves_oneself),
    Step("consents", consents, issues=True),
)
CODE: Final = (*SIGN_IN, Step("redeems", redeems, issues=True), Step("refreshes", refreshes, issues=True))
FIRST_SESSION: Final = "consents"  # before this step somebody is signed in
FIRST_CONSENT: Final = "redeems"  # before this step, and from there on, the consent counts


@frozen(kw_only=True)
class Flow:
    name: str
    app: App
    steps: tuple[Step, ...]
    scope: str = "openid profile offline_access User.Read"
    client: str  # whose standing counts
    resource: str = GRAPH
    consent_from: str | None = FIRST_CONSENT
    session_from: str | None = FIRST_SESSION
    prepare: Callable[[InProcess], None] | None = None

    def walk(self, there: InProcess) -> Walk:
        if self.prepare:
            self.prepare(there)
        return Walk(Seat(there, self.app), self.scope)

    def index(self, name: str) -> int:
        return [step.name for step in self.steps].index(name)


def middle_tier_consented(there: InProcess) -> None:
    grant(there, MIDDLE, COLORS_API, "Colors.Read")
    grant(there, MIDDLE, GRAPH, "openid profile offline_access")


def passwords_allowed(there: InProcess) -> None:
    store = there.platform.here.store
    tenant = asyncio.run(store.find_tenant(TENANT))
    assert tenant is not None
    change(store, tenant, policies=evolve(tenant.policies, password_grant=True))
    grant(there, CLI_APP.client_id, GRAPH, "openid profile offline_access User.Read")


def second_factor_wanted(there: InProcess) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TENANT, BEN)), second_factor_required=True)


FLOWS: Final = (
    Flow(
        name="a web app",
        app=REPSYS_APP,
        client=REPSYS_APP.client_id,
        steps=(*CODE, Step("calls Graph", calls_graph, issues=True)),
    ),
    Flow(name="a single-page app", app=SPA_APP, client=SPA_APP.client_id, steps=CODE),
    Flow(name="a desktop app", app=CLI_APP, client=CLI_APP.client_id, steps=CODE),
    Flow(
        name="signed in before",
        app=REPSYS_APP,
        client=REPSYS_APP.client_id,
        steps=(*SIGN_IN, Step("authorizes silently", authorizes_silently, issues=True), CODE[-2], CODE[-1]),
        consent_from="authorizes silently",
    ),
    Flow(
        name="with a second factor",
        app=REPSYS_APP,
        client=REPSYS_APP.client_id,
        steps=(
            *SIGN_IN[:2],
            Step("proves oneself", proves_oneself_half),
            Step("sets an authenticator up", sets_an_authenticator_up),
            Step("keeps the recovery codes", keeps_the_recovery_codes),
            *CODE[3:],
        ),
        prepare=second_factor_wanted,
    ),
    Flow(
        name="on behalf of",
        app=CLI_APP,
        client=MIDDLE,
        resource=COLORS_API,
        scope=f"openid offline_access api://{MIDDLE}/access_as_user",
        steps=(
            *CODE[:-1],
            Step("acts on behalf", acts_on_behalf, issues=True),
            Step("refreshes on behalf", refreshes_on_behalf, issues=True),
        ),
        consent_from="acts on behalf",
        prepare=middle_tier_consented,
    ),
    Flow(
        name="on behalf of, seen from the client in front",
        app=CLI_APP,
        client=CLI_APP.client_id,
        resource=MIDDLE,
        scope=f"openid offline_access api://{MIDDLE}/access_as_user",
        steps=(
            *CODE[:-1],
            Step("acts on behalf", acts_on_behalf, issues=True),
            Step("refreshes on behalf", refreshes_on_behalf, issues=True),
        ),
        consent_from=None,
        prepare=middle_tier_consented,
    ),
    Flow(
        name="a device",
        app=CLI_APP,
        client=CLI_APP.client_id,
        steps=(
            Step("starts", starts_on_the_device),
            Step("types the code", types_the_code),
            Step("names oneself", names_oneself),
            Step("proves oneself", proves_oneself),
            Step("consents", consents_for_the_device),
            Step("approves", approves),
            Step("polls", polls, issues=True),
            Step("refreshes", refreshes, issues=True),
        ),
        consent_from="approves",
    ),
    Flow(
        name="an app that takes passwords",
        app=CLI_APP,
        client=CLI_APP.client_id,
        steps=(
            Step("asks", hands_the_password_over, issues=True),
            Step("asks again", hands_the_password_over, issues=True),
            Step("refreshes", refreshes, issues=True),
        ),
        consent_from="asks",
        session_from=None,
        prepare=passwords_allowed,
    ),
    Flow(
        name="a daemon",
        app=DAEMON_APP,
        client=DAEMON,
        resource=COLORS_API,
        steps=(Step("asks", asks_for_itself, issues=True), Step("asks again", asks_for_itself, issues=True)),
        consent_from=None,
        session_from=None,
    ),
)


# ---- what may be switched off ----

Deed = Callable[[InProcess, Flow], None]


def user_disabled(there: InProcess, _flow: Flow) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TENANT, BEN)), account_enabled=False)


def user_deleted(there: InProcess, _flow: Flow) -> None:
    store = there.platform.here.store
    found = asyncio.run(store.find_user(TENANT, BEN))
    assert found is not None
    commit(store, RemoveEntity(found))


def sessions_revoked(there: InProcess, _flow: Flow) -> None:
    """As revokeSignInSessions and a password change do."""
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TENANT, BEN)), sign_in_sessions_valid_from=there.clock() + 1)


def session_ended(there: InProcess, _flow: Flow) -> None:
    """As the account page does: the session and what hangs on it."""
    store, now = there.platform.here.store, there.clock()
    for one in asyncio.run(store.list_sessions(TENANT, BEN)):
        commit(store, EndSession(TENANT, one.id, now), RevokeSessionFamilies(TENANT, one.id, now))


def application_disabled(there: InProcess, flow: Flow) -> None:
    change(there.platform.here.store, application(there, flow.client), enabled=False)


def principal_disabled(there: InProcess, flow: Flow) -> None:
    store = there.platform.here.store
    change(store, installed(store, ClientId(flow.client), TENANT), account_enabled=False)


def resource_disabled(there: InProcess, flow: Flow) -> None:
    change(there.platform.here.store, application(there, flow.resource), enabled=False)


def resource_principal_disabled(there: InProcess, flow: Flow) -> None:
    store = there.platform.here.store
    change(store, installed(store, ClientId(flow.resource), TENANT), account_enabled=False)


def tenant_disabled(there: InProcess, _flow: Flow) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_tenant(TENANT)), enabled=False)


def assignment_required(there: InProcess, flow: Flow) -> None:
    store = there.platform.here.store
    change(store, installed(store, ClientId(flow.client), TENANT), app_role_assignment_required=True)


def consent_revoked(there: InProcess, flow: Flow) -> None:
    store = there.platform.here.store
    client = installed(store, ClientId(flow.client), TENANT)
    grants = asyncio.run(store.list_entities(PermissionGrant, TENANT))
    commit(store, *(RemoveEntity(one) for one in grants if one.client_id == client.id))


def second_factor_required(there: InProcess, _flow: Flow) -> None:
    second_factor_wanted(there)


def second_factor_taken_away(there: InProcess, _flow: Flow) -> None:
    """As an administrator does for somebody whose phone was stolen."""
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TENANT, BEN)), authenticator=None, recovery_codes=())


def application(there: InProcess, app_id: str) -> Application:
    found = asyncio.run(there.platform.here.store.find_application(ClientId(app_id)))
    assert found is not None
    return found


def roles_taken(there: InProcess, flow: Flow) -> None:
    store = there.platform.here.store
    client = installed(store, ClientId(flow.client), TENANT)
    found = asyncio.run(store.list_entities(AppRoleAssignment, TENANT))
    commit(store, *(RemoveEntity(one) for one in found if one.principal_id == client.id))


__all__ = ["FLOWS", "Flow", "PutEntity", "Step", "Walk", "evolve"]

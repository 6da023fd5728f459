"""One good sign-in, request by request, so that a row may spoil any one of them; and what the store held before.

`Seat` is a browser together with the application it comes from: it signs in, redeems, refreshes and calls Graph.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from attrs import define, evolve, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import ClientId, PermissionId, SessionId, TenantId, UserId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors.reason import Reason
from entrada.core.protocol.consent.give import install
from entrada.core.protocol.effects import EndSession, PutEntity, RemoveEntity
from entrada.server.store.port import Store
from tests.drivers.form_browser import FormBrowser, Page
from tests.drivers.live_server import CLI, COLORS, COLORS_API, MULTI, PETALS, REPSYS, SPA
from tests.plugins.platforms import InProcess

__all__ = ["CLI", "COLORS", "COLORS_API", "MULTI", "PETALS", "REPSYS", "SPA"]

# RFC 7636 appendix B.
VERIFIER: Final = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE: Final = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
BEN: Final = UserId("c0105000-0000-4000-8000-0000000000b1")
DAEMON: Final = "c0105000-0000-4000-8000-0000000dae01"
SCOPE: Final = "openid profile offline_access User.Read"
Form = Mapping[str, str | None]


@frozen(kw_only=True)
class App:
    client_id: str
    redirect_uri: str
    secret: str | None = None
    origin: str | None = None
    username: str = "ben@colors.example"
    tenant: str = COLORS


REPSYS_APP: Final = App(
    client_id=REPSYS, redirect_uri="http://localhost:5000/auth/callback", secret="repsys-dev-secret"
)
SPA_APP: Final = App(client_id=SPA, redirect_uri="http://localhost:3000", origin="http://localhost:3000")
CLI_APP: Final = App(client_id=CLI, redirect_uri="http://localhost")
MULTI_APP: Final = App(client_id=MULTI, redirect_uri="http://localhost:5000/multi/callback", secret="multi-dev-secret")


def sent(values: Form) -> dict[str, str]:
    """None leaves a parameter out."""
    return {name: value for name, value in values.items() if value is not None}


def fields_of(url: str | None) -> dict[str, str]:
    parts = urlsplit(url or "")
    return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}


def code_of(page: Page) -> list[int]:
    """The AADSTS numbers a page shows."""
    return [int(word[6:].rstrip(":")) for word in page.text.replace("<", " ").split() if word.startswith("AADSTS")]


def reason_of(answer: httpx2.Response) -> tuple[int, str, list[int], str | None]:
    body = answer.json()
    return answer.status_code, body["error"], body["error_codes"], body.get("suberror")


def expected(reason: Reason) -> tuple[int, str, list[int], str | None]:
    return reason.status, reason.error, [reason.code], reason.suberror


@define
class Seat:
    there: InProcess
    app: App = REPSYS_APP
    browser: FormBrowser = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.browser = self.there.browser()

    # ---- authorize ----

    def asked(self, changes: Form | None = None) -> dict[str, str]:
        return sent(
            {
                "client_id": self.app.client_id,
                "response_type": "code",
                "redirect_uri": self.app.redirect_uri,
                "scope": SCOPE,
                "state": "s-1",
                "nonce": "n-1",
                "code_challenge": CHALLENGE,
                "code_challenge_method": "S256",
                **(changes or {}),
            }
        )

    def authorize_url(self, changes: Form | None = None, tenant: str | None = None) -> str:
        query = urlencode(self.asked(changes))
        return f"/{tenant or self.app.tenant}/oauth2/v2.0/authorize?{query}"

    def open(self, changes: Form | None = None, tenant: str | None = None) -> Page:
        self.browser.left_to = None
        return self.browser.open(self.authorize_url(changes, tenant))

    def sign_in(self, changes: Form | None = None, **values: str) -> dict[str, str]:
        """The fields of the authorization response."""
        self.browser.sign_in(self.open(changes), self.app.username, **values)
        return fields_of(self.browser.left_to)

    # ---- token ----

    def post(self, form: Form, tenant: str | None = None, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        by_script = {"origin": self.app.origin} if self.app.origin else {}
        return self.there.client.post(
            f"/{tenant or self.app.tenant}/oauth2/v2.0/token",
            content=urlencode(sent(form)),
            headers={"content-type": "application/x-www-form-urlencoded", **by_script, **(headers or {})},
        )

    def redemption(self, code: str, changes: Form | None = None) -> dict[str, str]:
        return sent(
            {
                "grant_type": "authorization_code",
                "client_id": self.app.client_id,
                "client_secret": self.app.secret,
                "redirect_uri": self.app.redirect_uri,
                "code": code,
                "code_verifier": VERIFIER,
                **(changes or {}),
            }
        )

    def refreshment(self, token: str, changes: Form | None = None) -> dict[str, str]:
        return sent(
            {
                "grant_type": "refresh_token",
                "client_id": self.app.client_id,
                "client_secret": self.app.secret,
                "refresh_token": token,
                "scope": SCOPE,
                **(changes or {}),
            }
        )

    def redeem(self, code: str, changes: Form | None = None) -> httpx2.Response:
        return self.post(self.redemption(code, changes))

    def refresh(self, token: str, changes: Form | None = None) -> httpx2.Response:
        return self.post(self.refreshment(token, changes))

    def tokens(self, changes: Form | None = None) -> dict[str, Any]:
        answer = self.redeem(self.sign_in(changes)["code"])
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


# ---- what the store holds, and changes behind everybody's back ----


def contents(store: Any) -> dict[str, Any]:
    """A copy of everything a memory store remembers."""
    tables = vars(store._tables)
    kept = {name: value for name, value in tables.items() if isinstance(value, dict)}
    return {
        name: copy.copy(value) if name != "_entities" else {kind: dict(of) for kind, of in value.items() if of}
        for name, value in kept.items()
    }


def commit(store: Store, *effects: Any) -> None:
    assert asyncio.run(store.commit(effects))


def change(store: Store, entity: Entity | None, **changes: Any) -> None:
    assert entity is not None
    commit(store, PutEntity(evolve(entity, **changes)))


def disable_user(there: InProcess) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TenantId(COLORS), BEN)), account_enabled=False)


def enable_user(there: InProcess) -> None:
    store = there.platform.here.store
    change(store, asyncio.run(store.find_user(TenantId(COLORS), BEN)), account_enabled=True)


def change_password(there: InProcess) -> None:
    store = there.platform.here.store
    user: User | None = asyncio.run(store.find_user(TenantId(COLORS), BEN))
    change(store, user, sign_in_sessions_valid_from=there.clock() + 1)


def disable_application(there: InProcess) -> None:
    store = there.platform.here.store
    found: Application | None = asyncio.run(store.find_application(ClientId(REPSYS)))
    change(store, found, enabled=False)


def disable_service_principal(there: InProcess) -> None:
    store = there.platform.here.store
    found: ServicePrincipal | None = asyncio.run(store.find_service_principal(TenantId(COLORS), ClientId(REPSYS)))
    change(store, found, account_enabled=False)


def require_assignment(there: InProcess) -> None:
    store = there.platform.here.store
    found: ServicePrincipal | None = asyncio.run(store.find_service_principal(TenantId(COLORS), ClientId(REPSYS)))
    change(store, found, app_role_assignment_required=True)


def assign(there: InProcess) -> None:
    """Ben to repsys, with the default role."""
    store = there.platform.here.store
    found: ServicePrincipal | None = asyncio.run(store.find_service_principal(TenantId(COLORS), ClientId(REPSYS)))
    assert found is not None
    default = PermissionId("00000000-0000-0000-0000-000000000000")
    assignment = AppRoleAssignment(
        tenant_id=TenantId(COLORS), principal_id=BEN, resource_id=found.id, app_role_id=default
    )
    commit(store, PutEntity(assignment))


def disable_tenant(there: InProcess) -> None:
    store = there.platform.here.store
    found: Tenant | None = asyncio.run(store.find_tenant(TenantId(COLORS)))
    change(store, found, enabled=False)


def revoke_consent(there: InProcess) -> None:
    store = there.platform.here.store
    grants: tuple[PermissionGrant, ...] = asyncio.run(store.list_entities(PermissionGrant, TenantId(COLORS)))
    own = [grant for grant in grants if grant.principal_id == BEN]
    commit(store, *map(RemoveEntity, own))


def end_sessions(there: InProcess) -> None:
    store: Any = there.platform.here.store
    keys: list[tuple[TenantId, SessionId]] = list(store._tables.sessions)
    commit(store, *(EndSession(tenant, session, there.clock()) for tenant, session in keys))


Deed = Callable[[InProcess], None]


def grant(there: InProcess, client_id: str, resource_id: str, scope: str, tenant: str = COLORS) -> None:
    """As if an administrator had consented for everybody."""
    store = there.platform.here.store
    client, resource = (installed(store, ClientId(one), TenantId(tenant)) for one in (client_id, resource_id))
    given = PermissionGrant(
        tenant_id=TenantId(tenant),
        client_id=client.id,
        resource_id=resource.id,
        principal_id=None,
        scopes=frozenset(scope.split()),
    )
    commit(store, PutEntity(given))


def installed(store: Store, app_id: ClientId, tenant_id: TenantId) -> ServicePrincipal:
    """The application's service principal in the tenant; made when there is none."""
    found = asyncio.run(store.find_service_principal(tenant_id, app_id))
    if found is not None:
        return found
    made = install(tenant_id, app_id, service_principal_id)
    commit(store, PutEntity(made))
    return made

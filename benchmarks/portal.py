"""Every page of the portal in a large directory: 100,000 users and 10,000 applications, each beside its limit.

Asked through the ASGI application in this process, as an administrator who is signed in, on SQLite.  One group has half
the users in it, one application is assigned to 2,000 of them, a fifth of the applications have a secret that ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from attrs import evolve
from starlette.testclient import TestClient

from benchmarks import directory
from entrada.core.directory.application import Application, ClientSecret
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.directory_audit import AuditTarget, DirectoryAudit, Initiator, OperationType
from entrada.core.directory.graph.app_role_assignment_json import DEFAULT_ACCESS
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import GroupId, ServicePrincipalId, TenantId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.story import Kind, Story
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, PutEntity, RecordAudit
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from entrada.testing import ORIGIN, START, platform
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import COLORS

LIMIT: Final = 300.0  # milliseconds
OVERVIEW_LIMIT: Final = 100.0
STORIES: Final = 100_000
_TENANT: Final = TenantId(COLORS)
_TIMES: Final = 4  # the first time, nothing is in any cache
_BATCH: Final = 2_000
_DAY: Final = 86_400
_GROUPS: Final = 2_000
_ADA: Final = "c0105000-0000-4000-8000-0000000000a1"
_NOBODY: Final = "nobody goes by that"

E = TypeVar("E", Application, ServicePrincipal, User)


def _ours(made: E) -> E:
    return evolve(made, tenant_id=_TENANT)


def _application(number: int) -> Application:
    end = NumericDate(START + (number % 400 - 40) * _DAY)
    secret = ClientSecret(
        key_id=derived_id("bench secret", str(number)),
        display_name="nightly",
        digest="0" * 64,
        hint="abc",
        not_before=NumericDate(0),
        expires_at=end,
    )
    return evolve(_ours(directory.application(number)), client_secrets=(secret,) if number % 2 else ())


def _group(number: int) -> Group:
    return Group(
        id=GroupId(derived_id("bench group", str(number))), tenant_id=_TENANT, display_name=f"Painters {number}"
    )


_USER, _APP, _PRINCIPAL = directory.user(7), _application(7), directory.principal(7)
_LARGE: Final = _group(0).id


def _objects() -> Iterator[Effect]:
    for number in range(directory.APPLICATIONS):
        yield PutEntity(_application(number))
        yield PutEntity(_ours(directory.principal(number)))
    for number in range(directory.USERS):
        yield PutEntity(_ours(directory.user(number)))
    for number in range(_GROUPS):
        yield PutEntity(_group(number))


def _links() -> Iterator[Effect]:
    for number in range(directory.USERS // 2):
        yield PutEntity(GroupMember(tenant_id=_TENANT, group_id=_LARGE, member_id=directory.user(number).id))
    for number in range(1, 100):
        yield PutEntity(GroupMember(tenant_id=_TENANT, group_id=_group(number).id, member_id=_USER.id))
    for number in range(2_000):
        yield PutEntity(
            AppRoleAssignment(
                tenant_id=_TENANT,
                principal_id=directory.user(number).id,
                resource_id=_PRINCIPAL.id,
                app_role_id=DEFAULT_ACCESS,
            )
        )
        yield PutEntity(_grant(number))


def _grant(number: int) -> PermissionGrant:
    """Of one user to one application."""
    return PermissionGrant(
        tenant_id=_TENANT,
        client_id=_PRINCIPAL.id,
        principal_id=directory.user(number).id,
        resource_id=ServicePrincipalId(directory.principal(8).id),
        scopes=frozenset({"Colors.Read"}),
    )


def _audits() -> Iterator[Effect]:
    who = Initiator(via="portal", user_id=_ADA, user_principal_name="ada@colors.example")
    for number in range(20_000):
        target = AuditTarget(id=directory.user(number % 1000).id, type="User", display_name=f"User {number}")
        yield RecordAudit(
            DirectoryAudit(
                tenant_id=_TENANT,
                id=derived_id("bench audit", str(number)),
                at=NumericDate(START - number),
                activity="Update user",
                category="UserManagement",
                operation=OperationType.UPDATE,
                correlation_id=derived_id("bench correlation", str(number)),
                initiated_by=who,
                targets=(target,),
            )
        )


def _stories() -> Iterator[Story]:
    """Nobody is refused but once, long ago: what takes longest to find."""
    for number in range(STORIES):
        user = directory.user(number % 1000)
        yield Story(
            tenant_id=_TENANT,
            trace_id=derived_id("bench trace", str(number)),
            at=NumericDate(START - number),
            correlation_id=derived_id("bench attempt", str(number)),
            kind=Kind.INTERACTIVE,
            event="authorize",
            granted=number != STORIES - 1,
            aadsts=None if number != STORIES - 1 else 50126,
            user_id=user.id,
            user_principal_name=user.user_principal_name,
            client_id=_APP.app_id,
        )


# fmt: off
_OF_APPLICATION: Final = ("", "/authentication", "/credentials", "/claims", f"/claims?user={_USER.id}", "/permissions",
                          "/permissions/add", f"/permissions/add?api={_APP.app_id}", "/permissions/grant", "/expose",
                          "/expose/scopes/new", "/roles", "/roles/new", "/owners", "/manifest", "/properties",
                          "/endpoints", "/configuration", "/delete")
_OF_PRINCIPAL: Final = ("", "/properties", "/users", "/users?find=hed", "/permissions", "/owners", "/owners?find=hed",
                        "/consent", "/delete")
_OF_USER: Final = ("", "/profile", "/sign-in", "/groups", "/groups?find=paint", "/roles", "/applications", "/delete")
_OF_GROUP: Final = ("", "/members", "/members?find=hed", "/owners", "/applications", "/delete")
PAGES: Final = (
    "/portal", "/portal/search?q=hed", f"/portal/search?q={_USER.id}", "/portal/search?q=user777@bench",
    "/portal/search?q=nobody+at+all",
    "/portal/applications", "/portal/applications?filter=serv", f"/portal/applications?filter={_NOBODY}",
    "/portal/applications?show=expiring", "/portal/applications?show=expired&filter=baker",
    "/portal/applications/owned", "/portal/applications/deleted", "/portal/applications/new",
    *(f"/portal/applications/{_APP.id}{page}" for page in _OF_APPLICATION),
    "/portal/enterprise", "/portal/enterprise?filter=serv", f"/portal/enterprise?filter={_NOBODY}",
    "/portal/enterprise?show=disabled", "/portal/enterprise?show=here", "/portal/enterprise/new",
    *(f"/portal/enterprise/{_PRINCIPAL.id}{page}" for page in _OF_PRINCIPAL),
    "/portal/users", "/portal/users?filter=hed", "/portal/users?filter=user777@bench",
    f"/portal/users?filter={_NOBODY}",
    "/portal/users?show=guests", "/portal/users?show=disabled", "/portal/users?show=administrators&filter=ad",
    "/portal/users/new",
    *(f"/portal/users/{_USER.id}{page}" for page in _OF_USER),
    "/portal/groups", "/portal/groups?filter=paint", "/portal/groups/new",
    *(f"/portal/groups/{_LARGE}{page}" for page in _OF_GROUP),
    "/portal/roles", "/portal/roles/62e90394-69f5-4237-9190-012177145e10",
    "/portal/settings", "/portal/branding", "/portal/security", "/portal/keys", "/portal/keys/rotate",
    "/portal/deleted", "/portal/deleted?filter=painter",
    "/portal/sign-ins", "/portal/sign-ins?status=failure", "/portal/sign-ins?user=nobody",
    "/portal/sign-ins?app=serv", "/portal/sign-ins?app=serv+777", "/portal/sign-ins?code=50011",
    f"/portal/sign-ins?user={_USER.id}",
    f"/portal/stories/{derived_id('bench trace', '5')}",
    "/portal/audits", "/portal/audits?who=nobody", f"/portal/audits?object={_USER.id}", "/portal/audits?what=Add",
    f"/portal/audits/{derived_id('bench audit', '5')}",
)
# fmt: on


def pages() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'portal.sqlite3'}"
        migrate(url)
        store = open_store(url)
        made = asyncio.run(platform(store))
        began = time.perf_counter()
        asyncio.run(_fill(store))
        print(
            f"The portal on SQLite, {directory.USERS:,} users and {directory.APPLICATIONS:,} applications"
            f" (filled in {time.perf_counter() - began:.0f} s)"
        )
        with TestClient(made.app, base_url=ORIGIN, follow_redirects=False) as client:
            browser = FormBrowser(client, ORIGIN)
            browser.sign_in(browser.open("/portal"), "ada@colors.example")
            for path in PAGES:
                print(_measured(browser, path), flush=True)
        asyncio.run(store.close())


async def _fill(store: Store) -> None:
    for effects in (_objects(), _links(), _audits()):
        batch = list[Effect]()
        for effect in effects:
            batch.append(effect)
            if len(batch) == _BATCH:
                assert await store.commit(batch)
                batch.clear()
        assert not batch or await store.commit(batch)
    told = list(_stories())
    for start in range(0, len(told), _BATCH):
        await store.write_journal(told[start : start + _BATCH], ())


def _measured(browser: FormBrowser, path: str) -> str:
    took, status, limit = list[float](), 0, OVERVIEW_LIMIT if path == "/portal" else LIMIT
    for _ in range(_TIMES):
        start = time.perf_counter()
        answer = browser.client.get(path)
        took.append(1000 * (time.perf_counter() - start))
        status = answer.status_code
    worst, median = max(took), sorted(took)[_TIMES // 2]
    verdict = "" if worst < limit else "   TOO SLOW"
    shown = path if len(path) <= 74 else f"{path[:71]}..."
    odd = "" if status == 200 else f"   {status}"
    return f"  {shown:<76}median {median:6.1f}  first {took[0]:6.1f} ms (limit {limit:.0f}){verdict}{odd}"


if __name__ == "__main__":
    pages()

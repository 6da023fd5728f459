"""What a program that administers the directory asks Graph for."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from attrs import frozen

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ClientId, PermissionId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID, APP_ROLES
from entrada.core.directory.presence import presence
from entrada.core.directory.query.condition import AnyElement, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.jose import base64url
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.port import Store
from entrada.server.store.sql.postgresql_numbers import CEILING
from entrada.server.usecases.lookup import find_application
from tests.drivers.live_server import COLORS
from tests.stress.cluster import Cluster
from tests.stress.connection import Answer, Connection, post

TENANT: Final = TenantId(COLORS)
DAEMON: Final = ClientId("c0105000-0000-4000-8000-0000000dae01")
OBJECTS: Final = "https://graph.microsoft.com/v1.0/directoryObjects/"
_ROLES: Final = {
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
}
_SIGN_IN: Final = {
    "grant_type": "client_credentials",
    "client_id": DAEMON,
    "client_secret": "daemon-dev-secret",
    "scope": "https://graph.microsoft.com/.default",
}


@frozen
class Graph:
    """One administrator's requests."""

    token: str

    def request(self, method: str, path: str, body: object | None = None, seen: str | None = None) -> bytes:
        """*path* begins after /v1.0; *seen* is an ETag."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [
            f"{method} /v1.0{path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *([f"If-Match: {seen}"] if seen else []),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + content

    async def do(self, connection: Connection, method: str, path: str, body: object | None = None) -> dict[str, Any]:
        """What has to go well."""
        answer = await connection.ask(self.request(method, path, body))
        assert answer.status < 300, answer
        return answer.json if answer.body else {}


async def administrator(cluster: Cluster) -> Graph:
    """The daemon, which may administer from now on."""
    async with cluster.inside() as inside, cluster.connections(len(cluster.servers)) as connections:
        await let_administer(inside.here.store)
        async with asyncio.timeout(2 * CEILING):
            tokens = [await _token(one) for one in connections]
    return Graph(tokens[0])


async def _token(connection: Connection) -> str:
    while not may_administer(answer := await connection.ask(daemons_request())):
        pass  # until the server has heard of it; the question is the wait
    return str(answer.json["access_token"])


def daemons_request(scope: str = _SIGN_IN["scope"]) -> bytes:
    return post(f"/{COLORS}/oauth2/v2.0/token", {**_SIGN_IN, "scope": scope})


def may_administer(answer: Answer) -> bool:
    if answer.status != 200:
        return False
    claims = json.loads(base64url.decode(answer.json["access_token"].split(".")[1]))
    return set(claims.get("roles", ())) >= _ROLES


async def let_administer(store: Store) -> None:
    daemon, graph = await _stored(store, DAEMON), await _stored(store, APP_ID)
    for role in APP_ROLES:
        held = AppRoleAssignment(
            tenant_id=TENANT, principal_id=daemon.id, resource_id=graph.id, app_role_id=PermissionId(role.id)
        )
        if role.value in _ROLES:
            await store.commit([PutEntity(held)])  # fails where an earlier test did it


async def _stored(store: Store, app_id: ClientId) -> ServicePrincipal:
    found = await store.find_service_principal(TENANT, app_id)
    if found is None:
        application = await find_application(store, app_id)
        assert application is not None
        found = presence(application, None, TENANT)
        assert found is not None
        await store.commit([PutEntity(found)])
    return found


async def rows_about(store: Store, object_id: str) -> list[DirectoryAudit]:
    """Of the audit log."""
    query = Query(where=AnyElement("target_id", Op.EQ, object_id), top=999)
    return list((await store.list_page(DirectoryAudit, TENANT, query)).items)

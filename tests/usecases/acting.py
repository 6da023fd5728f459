"""People and programs that administer the development directory, each through a door that lets all of them in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from attrs import evolve

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ServicePrincipalId, TenantId, UserId
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from tests.drivers.live_server import COLORS

T = TypeVar("T")
TENANT: Final = TenantId(COLORS)
ADA: Final = UserId("c0105000-0000-4000-8000-0000000000a1")
CAI: Final = UserId("c0105000-0000-4000-8000-0000000000c1")

OPERATOR: Final = Actor(tenant_id=TENANT, via=Via.COMMAND_LINE, correlation_id="c", operator=True)
_BEN: Final = User(
    id=UserId("c0105000-0000-4000-8000-0000000000b1"),
    tenant_id=TENANT,
    user_principal_name="ben@colors.example",
    display_name="Ben Blue",
)


def ben(*roles: str, permissions: frozenset[str] = AS_THE_USER) -> Actor:
    """Who holds these directory roles, for this once."""
    user = evolve(_BEN, directory_roles=frozenset(roles))
    return Actor(tenant_id=TENANT, via=Via.PORTAL, correlation_id="c", user=user, permissions=permissions)


def program(*permissions: str, principal_id: str = "c0105000-0000-4000-8000-0000000f0f0f") -> Actor:
    """An application that acts by itself, with these app roles of Microsoft Graph."""
    return Actor(
        tenant_id=TENANT,
        via=Via.GRAPH,
        correlation_id="c",
        principal_id=ServicePrincipalId(principal_id),
        permissions=frozenset(permissions),
    )


def run(work: Coroutine[Any, Any, T | Problem]) -> T:
    """What was done; a problem fails the test."""
    done = asyncio.run(work)
    assert not isinstance(done, Problem), done
    return done


def refused(work: Coroutine[Any, Any, Any]) -> tuple[int, str | None]:
    """Why not: the status, and the member at fault."""
    done = asyncio.run(work)
    assert isinstance(done, Problem), done
    return done.status, done.target


def audits(here: Any) -> list[DirectoryAudit]:
    """The rows of the audit log, but for those of the file that the directory came from."""
    query = Query(where=Compare("via", Op.NE, Via.FILE.value))
    return list(asyncio.run(here.store.list_page(DirectoryAudit, TENANT, query)).items)


def activities(here: Any) -> list[str]:
    return sorted(one.activity for one in audits(here))

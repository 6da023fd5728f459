"""Pages of a large directory: 100,000 users and 10,000 applications, each kind of page beside its limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

from attrs import evolve, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Not, Op
from entrada.core.directory.query.query import Order, Page, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, PutEntity
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate

LIMIT: Final = 300.0  # milliseconds
USERS: Final = 100_000
APPLICATIONS: Final = 10_000
TENANT: Final = TenantId("be9c4000-0000-4000-8000-000000000001")
_TIMES: Final = 5
_BATCH: Final = 2_000
_FIRST: Final = ("Ada", "Ben", "Cai", "Dee", "Eva", "Fay", "Gus", "Hedwig", "Ives", "Jorinde")
_LAST: Final = ("Ångström", "Baker", "Čapek", "Dyer", "Eliot", "Färber", "Grün", "Holz", "Indigo", "Jade")


def user(number: int) -> User:
    name = f"{_FIRST[number % 10]} {_LAST[number // 10 % 10]} {number}"
    return User(
        id=UserId(derived_id("bench user", str(number))),  # in no order: as ids are
        tenant_id=TENANT,
        user_principal_name=f"user{number}@bench.example",
        display_name=name,
        given_name=_FIRST[number % 10],
        surname=_LAST[number // 10 % 10],
        mail=f"{_FIRST[number % 10].lower()}.{number}@mail.bench.example",
        job_title="Painter" if number % 3 else "Dyer",
        department=f"Department {number % 50}",
        account_enabled=number % 10 != 0,
        password=PasswordCredential(hash="$argon2id$v=19$m=65536,t=3,p=4$" + "x" * 65, changed_at=NumericDate(1)),
        created_at=NumericDate(1_700_000_000 + number),
    )


def application(number: int) -> Application:
    return Application(
        id=ApplicationId(derived_id("bench app", str(number))),
        app_id=ClientId(derived_id("bench appId", str(number))),
        tenant_id=TENANT,
        display_name=f"{_LAST[number % 10]} service {number}",
        identifier_uris=(f"api://bench-{number}",),
        created_at=NumericDate(1_700_000_000 + number),
    )


def principal(number: int) -> ServicePrincipal:
    app_id = application(number).app_id
    return ServicePrincipal(id=ServicePrincipalId(derived_id("sp", app_id)), tenant_id=TENANT, app_id=app_id)


def _everything() -> Iterator[Effect]:
    yield PutEntity(Tenant(id=TENANT, display_name="Bench", domains=("bench.example",)))
    for number in range(APPLICATIONS):
        yield PutEntity(application(number))
        yield PutEntity(principal(number))
    for number in range(USERS):
        yield PutEntity(user(number))


@frozen
class Asked:
    name: str
    kind: type[Any]
    query: Query
    deep: bool = False  # from the middle of the collection on


_BY_NAME: Final = Order("display_name")
_NEWEST: Final = Order("created_at", descending=True)
_NO_ROLE: Final = AnyElement("directory_roles", Op.EQ, GLOBAL_ADMINISTRATOR)
_DISABLED: Final = Both((Not(Compare("account_enabled", Op.EQ, value=True)), Compare("surname", Op.NE, "baker")))


def _is(field: str, value: str) -> Query:
    return Query(where=Compare(field, Op.EQ, value))


def _has(field: str, value: str) -> Query:
    return Query(where=AnyElement(field, Op.EQ, value))


def _named(op: Op, value: str, field: str = "display_name") -> Query:
    return Query(where=Compare(field, op, value), order=_BY_NAME, count=True)


# fmt: off
PAGES: Final = (
    Asked("users, first page", User, Query()),
    Asked("users by name", User, Query(order=_BY_NAME)),
    Asked("users by name, backwards", User, Query(order=Order("display_name", descending=True))),
    Asked("users by name, deep", User, Query(order=_BY_NAME), deep=True),
    Asked("users by surname, deep (no index)", User, Query(order=Order("surname")), deep=True),
    Asked("users, with count", User, Query(order=_BY_NAME, count=True)),
    Asked("users whose name starts with", User, _named(Op.STARTS_WITH, "hedwig g")),
    Asked("users by user principal name", User, _is("user_principal_name", "USER77777@bench.example")),
    Asked("users by mail, exactly", User, _is("mail", "ada.50000@mail.bench.example")),
    Asked("users, search one word", User, _named(Op.SEARCH, "777")),
    Asked("users, search two words", User, _named(Op.SEARCH, "hed 5")),
    Asked("users, search finds nobody", User, _named(Op.SEARCH, "nobody")),
    Asked("users, unindexed filter, many", User, _named(Op.EQ, "Department 7", "department")),
    Asked("users, unindexed filter, nobody", User, _named(Op.CONTAINS, "astronaut", "job_title")),
    Asked("users, a filter of several, negated", User, Query(where=_DISABLED, order=_NEWEST, count=True)),
    Asked("users of a directory role: nobody", User, Query(where=_NO_ROLE, count=True)),
    Asked("applications by name", Application, Query(order=_BY_NAME, count=True)),
    Asked("applications, search", Application, _named(Op.SEARCH, "serv 99")),
    Asked("applications of an identifier URI", Application, _has("identifier_uris", "api://bench-9999")),
    Asked("applications by any id in them", Application, _has("part_ids", "nothing")),
    Asked("service principals by name", ServicePrincipal, Query(order=_BY_NAME, count=True)),
    Asked("service principals by name, deep", ServicePrincipal, Query(order=_BY_NAME), deep=True),
    Asked("service principals, search", ServicePrincipal, _named(Op.SEARCH, "serv 99")),
)
# fmt: on


def pages(name: str, database: str) -> None:
    migrate(database)
    asyncio.run(_pages(name, database))


async def _pages(name: str, database: str) -> None:
    store = open_store(database)
    try:
        seconds = await _fill(store)
        print(
            f"{name}: pages of 100 among {USERS:,} users and {APPLICATIONS:,} applications (filled in {seconds:.0f} s)"
        )
        for asked in PAGES:
            print(await _measured(store, asked), flush=True)
    finally:
        await store.close()


async def _fill(store: Store) -> float:
    start, batch = time.perf_counter(), list[Effect]()
    for effect in _everything():
        batch.append(effect)
        if len(batch) == _BATCH:
            assert await store.commit(batch)
            batch.clear()
    assert await store.commit(batch)
    return time.perf_counter() - start


async def _measured(store: Store, asked: Asked) -> str:
    query = await _from_the_middle(store, asked) if asked.deep else asked.query
    took, page = list[float](), Page[Any]((), None)
    for _ in range(_TIMES):
        start = time.perf_counter()
        page = await store.list_page(asked.kind, TENANT, query)
        took.append(1000 * (time.perf_counter() - start))
    worst = max(took)
    verdict = "" if worst < LIMIT else "   TOO SLOW"
    shown = f"{len(page.items):3d} of {page.count if page.count is not None else '?':>6}"
    median = sorted(took)[_TIMES // 2]
    return f"  {asked.name:<40}{shown}   median {median:6.1f}  worst {worst:6.1f} ms (limit {LIMIT:.0f}){verdict}"


async def _from_the_middle(store: Store, asked: Asked) -> Query:
    after = None
    for _ in range(50 if asked.kind is User else 5):
        page = await store.list_page(asked.kind, TENANT, evolve(asked.query, top=999, after=after))
        after = page.more
    assert after is not None
    return evolve(asked.query, after=after)

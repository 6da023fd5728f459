"""One contract, five places: memory, SQLite, PostgreSQL, Redis, Django's ORM."""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import evolve

from entrada.client.errors import StorageError
from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import Row, SessionStore
from entrada.client.web_sign_in.sessions.redis import RedisSessions
from entrada.client.web_sign_in.sessions.sql import SqlSessions
from entrada.core.jose.numeric_date import NumericDate
from tests.drivers import django_project

NOW, LATER = NumericDate(1_800_000_000), NumericDate(1_800_003_600)
RACERS = 8

Another = Callable[[], SessionStore]  # what another process of the application would have


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres), "redis", "django"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Another]:
    made = list[SqlSessions]()

    def sql(url: str) -> Another:
        def make() -> SessionStore:
            made.append(SqlSessions(url))
            return made[-1]

        return make

    match request.param:
        case "memory":
            store = MemorySessions()
            yield lambda: store
        case "sqlite":
            yield sql(f"sqlite:///{tmp_path / 'sessions.db'}")
        case "postgresql":
            yield sql(request.getfixturevalue("postgres_url"))
        case "django":
            yield django_store()
        case _:
            url = request.getfixturevalue("redis_url")
            yield lambda: RedisSessions(url)
    for one in made:
        one.engine.dispose()


def django_store() -> Another:
    django_project.start()
    from django.db import connections

    from entrada.django.models import SessionMark, StoredSession
    from entrada.django.sessions import DjangoSessions

    for kind in (StoredSession, SessionMark):
        kind.objects.all().delete()
    connections.close_all()
    return DjangoSessions


@pytest.fixture
def store(another: Another) -> SessionStore:
    return another()


def row(key: str, **changes) -> Row:
    return evolve(
        Row(key=key, sealed=b"\x00sealed\xff", expires_at=LATER, ends_at=NumericDate(LATER + 3600)), **changes
    )


def race(another: Another, work: Callable[[SessionStore, int], object]) -> list[object]:
    barrier = threading.Barrier(RACERS, timeout=30)

    def run(number: int) -> object:
        mine = another()
        mine.find("nobody", NOW)  # connected, and its tables made
        barrier.wait()
        try:
            return work(mine, number)
        finally:
            if type(mine).__module__.startswith("entrada.django"):  # which has a connection for each thread
                sys.modules["django.db"].connections.close_all()

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(RACERS)))


def test_what_was_added_is_found(another):
    another().add(row("found", names=frozenset({"a"})), NOW)
    found = another().find("found", NOW)
    assert (found.sealed, found.version, found.expires_at) == (b"\x00sealed\xff", 1, LATER)
    assert another().find("another", NOW) is None


def test_what_has_expired_is_gone(store):
    store.add(row("expiring", names=frozenset({"of the expiring"})), NOW)
    assert store.find("expiring", LATER - 1) is not None
    assert store.find("expiring", LATER) is None
    assert store.named("of the expiring", LATER) == ()
    assert not store.replace(row("expiring", version=2), LATER)


def test_a_replacement_needs_the_version_before(store):
    store.add(row("changing"), NOW)
    assert not store.replace(row("changing", version=3), NOW)
    assert store.replace(row("changing", version=2, sealed=b"new", expires_at=LATER + 60), NOW)
    assert not store.replace(row("changing", version=2, sealed=b"late"), NOW)
    found = store.find("changing", LATER + 59)
    assert (found.sealed, found.version) == (b"new", 2)


def test_what_is_removed_stays_gone(store):
    store.add(row("removed", names=frozenset({"of the removed"})), NOW)
    store.remove("removed")
    store.remove("removed")
    assert store.find("removed", NOW) is None
    assert not store.replace(row("removed", version=2), NOW)
    assert store.named("of the removed", NOW) == ()


def test_a_name_finds_all_of_its_sessions_and_outlives_a_change(store):
    store.add(row("first", names=frozenset({"shared", "own"})), NOW)
    store.add(row("second", names=frozenset({"shared"})), NOW)
    assert store.replace(row("first", version=2), NOW)
    assert store.named("shared", NOW) == ("first", "second")
    assert store.named("own", NOW) == ("first",)
    assert store.named("nobody's", NOW) == ()


def test_a_mark_is_made_once_until_its_time_is_over(store):
    assert store.mark("spent", LATER, NOW)
    assert not store.mark("spent", LATER, NOW)
    assert store.mark("another mark", LATER, NOW)


def test_a_mark_is_known_until_its_time_is_over(another):
    store = another()
    assert not store.marked(["known"], NOW)
    store.mark("known", LATER, NOW)
    assert another().marked(["unknown", "known"], LATER - 1)
    assert not store.marked(["known"], LATER)
    assert not store.marked(["unknown"], NOW)
    assert not store.marked([], NOW)


def test_of_several_replacements_one_wins(another):
    another().add(row("raced"), NOW)
    assert (
        race(another, lambda store, one: store.replace(row("raced", version=2, sealed=b"%d" % one), NOW)).count(True)
        == 1
    )
    assert another().find("raced", NOW).version == 2


def test_of_several_marks_one_wins(another):
    assert race(another, lambda store, _: store.mark("raced mark", LATER, NOW)).count(True) == 1


def test_a_session_that_is_removed_meanwhile_is_not_brought_back(another):
    another().add(row("racing its end"), NOW)

    def work(store: SessionStore, one: int) -> object:
        if one != 0:
            return store.replace(row("racing its end", version=2), NOW)
        store.remove("racing its end")
        return None

    race(another, work)
    assert another().find("racing its end", NOW) is None


def test_tables_may_be_made_by_several_at_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    race(lambda: SqlSessions(url), lambda store, one: store.add(row(f"row {one}"), NOW))
    assert SqlSessions(url).find("row 7", NOW) is not None


# ---- one store's own ----


def test_memory_has_room_for_so_many_and_forgets_the_oldest():
    store = MemorySessions(most=3)
    for number in range(5):
        store.add(row(f"{number}", names=frozenset({f"of {number}"})), NOW)
    assert [store.find(f"{number}", NOW) is not None for number in range(5)] == [False, False, True, True, True]
    assert store.named("of 0", NOW) == ()


def test_memory_keeps_what_is_used_when_it_makes_room():
    store = MemorySessions(most=2)
    store.add(row("used"), NOW)
    store.add(row("idle"), NOW)
    assert store.replace(row("used", version=2), NOW)
    store.add(row("new"), NOW)
    assert store.find("used", NOW) is not None
    assert store.find("idle", NOW) is None


def test_sql_deletes_what_has_expired_as_sessions_begin(tmp_path):
    store = SqlSessions(f"sqlite:///{tmp_path / 'swept.db'}")
    for number in range(3):
        store.add(row(f"{number}", names=frozenset({"name"})), NOW)
    store.mark("old", LATER, NOW)
    store.add(row("new", expires_at=LATER + 60), LATER + 1)
    with store.engine.connect() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM entrada_web_session{table}").scalar_one()
            for table in ("s", "_names", "_marks")
        ]
    assert counts == [1, 0, 0]


def test_redis_forgets_by_itself(redis_url):
    store = RedisSessions(redis_url)
    store.add(row("ttl", names=frozenset({"its name"})), NOW)
    store.mark("m", LATER, NOW)
    lives = [store.client.ttl(f"entrada:web:{name}") for name in ("session:ttl", "name:its name", "mark:m")]
    assert lives == pytest.approx([3600, 7200, 3600], abs=5)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: SqlSessions("sqlite:////nowhere/at/all.db"), id="sql"),
        pytest.param(lambda: RedisSessions("redis://127.0.0.1:1/0"), id="redis"),
    ],
)
def test_a_store_that_is_away_says_so_and_quotes_nothing(make):
    with pytest.raises(StorageError) as caught:
        make().add(row("secret key", sealed=b"secret"), NOW)
    assert "secret" not in str(caught.value)

"""The tables: what the migrations make is what the code expects, and what the kept dumps say.

After a change of the tables, look at the difference and write the dumps anew:

    WRITE_SCHEMA_DUMPS=1 python -m pytest tests/store/test_schema.py
"""

import os
import re
import sqlite3
import stat
import subprocess
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from attrs import evolve
from sqlalchemy import Engine, create_engine, inspect, make_url, text

from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.user import HomeAccount, User
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.sql.engine import open_store, write_engine
from entrada.server.store.sql.migrate import HEAD, migrate, pending, revision
from entrada.server.store.sql.rows import family_row, session_row, sign_in_row
from entrada.server.store.sql.schema import METADATA
from tests.plugins.postgres import PostgresServer
from tests.store.known import ADA, BEN, FAMILY, OTHER_TENANT, SESSION, SIGN_IN, TENANT, remember
from tests.store.places import Place

DUMPS = Path(__file__).parent / "schema"


def is_compared(name: str | None, kind: str, parents: object) -> bool:
    """PostgreSQL's partitions, and the index that only SQLite has, are no part of what Alembic compares."""
    return name is None or re.fullmatch(r"families_(default|w\d+)", name) is None


def dump_sqlite(url: str) -> str:
    with sqlite3.connect(make_url(url).database or "") as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name")
        statements = [f"{sql.strip()};\n" for (sql,) in rows]
    connection.close()
    return "\n".join(line.rstrip() for line in "\n".join(statements).splitlines()) + "\n"


def dump_postgresql(server: PostgresServer, url: str) -> str:
    program = server.programs.initdb.with_name("pg_dump")
    parsed = make_url(url)
    target = ["-h", "127.0.0.1", "-p", str(parsed.port), "-U", str(parsed.username), str(parsed.database)]
    command = [str(program), "--schema-only", "--no-owner", "--no-privileges", *target]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # What names versions and settings of the server is left out.
    telling = [line for line in dump.splitlines() if line and not line.startswith(("--", "SET ", "SELECT ", "\\"))]
    return "\n".join(telling) + "\n"


@pytest.fixture
def dump(database: Place, request: pytest.FixtureRequest, postgres_fresh) -> str:
    if database.kind == "sqlite":
        return dump_sqlite(database.url)
    return dump_postgresql(request.getfixturevalue("postgres_server"), postgres_fresh)


@pytest.fixture
def postgres_fresh(database: Place, request: pytest.FixtureRequest):
    """A database in which no test has made partitions."""
    if database.kind != "postgresql":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.make_database()
    yield server.url(name)
    server.drop_database(name)


def test_the_tables_are_as_the_kept_dump_says(database, dump):
    kept = DUMPS / f"{database.kind}.sql"
    if os.environ.get("WRITE_SCHEMA_DUMPS"):
        kept.write_text(dump)
    assert dump == kept.read_text()


def test_migrations_make_what_the_code_expects(database):
    engine = create_engine(database.url)
    options = {"compare_type": True, "include_name": is_compared}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    if database.kind == "postgresql":
        differences = [(what, thing) for what, thing in differences if thing.name != "ix_families_end_day"]
    assert differences == []


def test_migrations_make_what_the_metadata_would(tmp_path, sqlite_url):
    """Alembic compares names and types; this compares everything, where the database keeps the statements."""
    engine = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    METADATA.create_all(engine)
    engine.dispose()
    made = re.sub(r"(?s)CREATE TABLE alembic_version.*?;\n\n", "", dump_sqlite(sqlite_url))
    assert re.sub(r"\s+", " ", made) == re.sub(r"\s+", " ", dump_sqlite(f"sqlite:///{tmp_path / 'other.db'}"))


def test_every_key_starts_with_the_tenant(database):
    engine = create_engine(database.url)
    inspector = inspect(engine)
    keys = {
        table: inspector.get_pk_constraint(table)["constrained_columns"][0]
        for table in METADATA.tables
        if table != "signing_keys"  # of the installation
    }
    engine.dispose()
    assert set(keys.values()) == {"tenant_id"}


def steps() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("entrada.server.store.sql") / "migrations"))
    return config


def test_the_newest_step_is_known_without_alembic():
    assert ScriptDirectory.from_config(steps()).get_heads() == [HEAD]


def test_a_new_file_is_migrated_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert revision(url) is None
    assert pending(url)
    migrate(url)
    assert revision(url) == HEAD
    assert not pending(url)


async def test_migrating_again_keeps_what_is_there(database):
    store = database.open()
    await remember(store, TENANT)
    await store.close()
    migrate(database.url)
    store = database.open()
    assert await store.find_tenant(TENANT.id) == TENANT
    await store.close()


# ---- from one step to the next ----

NOT_KNOWN_YET = (
    "home", "second_factor_required", "authenticator", "recovery_codes", "usage_location", "preferred_language",
    "mail_nickname", "department", "company_name", "employee_id", "office_location", "mobile_phone",
    "business_phones", "other_mails", "created_at",
)  # fmt: skip
OLD_USER = {
    name: value for name, value in msgspec.to_builtins(evolve(ADA, version=1)).items() if name not in NOT_KNOWN_YET
}
YESTERDAY = {  # what the version before wrote, and goes on writing while it runs beside this one
    "users": {"tenant_id": TENANT.id, "id": ADA.id, "upn": "ada@colors.example", "seed": False, "version": 1,
              "document": msgspec.json.encode(OLD_USER).decode()},
    "sessions": session_row(SESSION),
    "sign_ins": sign_in_row(SIGN_IN),
    "families": family_row(FAMILY),
}  # fmt: skip


def insert_as_before(engine: Engine, **changed: str) -> None:
    for name, row in YESTERDAY.items():
        columns = ", ".join(f'"{column}"' for column in row)
        values = ", ".join(f":{column}" for column in row)
        with engine.begin() as connection:
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({values})"), {**row, **changed})


def take_first_step(url: str) -> None:
    engine, config = write_engine(url), steps()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


@pytest.fixture
def url_of_the_first_step(database: Place, request: pytest.FixtureRequest, tmp_path: Path):
    """An installation of revision 0001."""
    if database.kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        take_first_step(url)
        yield url
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.make_database("template0")
    take_first_step(server.url(name))
    yield server.url(name)
    server.drop_database(name)


async def test_an_installation_of_the_first_step_is_brought_up_to_date(url_of_the_first_step):
    url = url_of_the_first_step
    assert revision(url) == "0001"
    assert pending(url)
    engine = write_engine(url)
    insert_as_before(engine)
    migrate(url)
    assert not pending(url)
    insert_as_before(engine, tenant_id=OTHER_TENANT.id)  # by a process of yesterday that still runs
    engine.dispose()
    store = open_store(url)
    assert await store.find_user(TENANT.id, ADA.id) == ADA
    assert await store.find_session(TENANT.id, SESSION.id) == SESSION
    assert await store.list_sign_ins(TENANT.id, top=9) == (SIGN_IN,)
    assert await store.find_family(FAMILY.key) == FAMILY
    assert await store.find_user_by_name(OTHER_TENANT.id, ADA.user_principal_name) is not None
    named = Query(where=Compare("display_name", Op.SEARCH, "ångström"), count=True)
    assert await store.list_page(User, TENANT.id, named) == Page((ADA,), None, 1)
    assert (await store.list_page(User, OTHER_TENANT.id, named)).count == 0  # not noted yet
    await store.sweep(SIGN_IN.at, limit=10)
    assert (await store.list_page(User, OTHER_TENANT.id, named)).count == 1
    home = HomeAccount(tenant_id=OTHER_TENANT.id, user_id=BEN.id)
    assert await store.commit([PutEntity(evolve(ADA, version=1, home=home))])
    assert (await store.find_guest(TENANT.id, BEN.id)).id == ADA.id
    await store.close()


async def test_what_a_process_of_yesterday_changes_and_removes_is_noted(database):
    store, engine = database.open(), write_engine(database.url)
    await remember(store, ADA, BEN)
    renamed = msgspec.json.encode(evolve(ADA, display_name="Countess", version=2)).decode()
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE users SET document = :document, version = 2 WHERE id = :id"),
            {"document": renamed, "id": ADA.id},
        )
        connection.execute(text("DELETE FROM users WHERE id = :id"), {"id": BEN.id})
    engine.dispose()
    assert [one.id for one in (await store.list_page(User, TENANT.id, Query())).items] == [ADA.id]
    await store.sweep(SIGN_IN.at, limit=10)
    page = await store.list_page(User, TENANT.id, Query(where=Compare("display_name", Op.EQ, "countess"), count=True))
    assert (page.count, [one.version for one in page.items]) == (1, [2])
    assert (await store.list_page(User, TENANT.id, Query(count=True))).count == 1
    await store.close()


# ---- SQLite's file ----


async def test_only_its_owner_reads_the_file(tmp_path):
    file = tmp_path / "private.db"
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}")
    await remember(store, TENANT)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    await store.close()
    assert modes == {"private.db": 0o600, "private.db-wal": 0o600, "private.db-shm": 0o600}


def test_the_file_is_durable(sqlite_url):
    engine = write_engine(sqlite_url)
    with engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert settings == ["wal", 2, 1]


def test_readers_cannot_write(sqlite_url):
    store = open_store(sqlite_url)
    with store._reads._engine.connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DELETE FROM tenants")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._numbers._connection.execute("DELETE FROM tenants")
    store._close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_where_nothing_can_be_kept(url):
    with pytest.raises(ValueError, match=r"SQLite file|no store"):
        open_store(url)


@pytest.mark.postgres
async def test_the_driver_need_not_be_named(empty_postgres_url):
    store = open_store(empty_postgres_url.replace("+psycopg", ""))
    await remember(store, TENANT)
    await store.close()

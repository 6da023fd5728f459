"""A PostgreSQL server for the tests: started once, on a free loopback port, in a temporary folder, with fsync on.

`postgres_url` is a database of one's own per test module, its tables made.  Where no server is installed the tests that
need one are skipped, and the run says so; in CI they fail.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
from attrs import define, field, frozen
from psycopg import sql

MISSING = "no PostgreSQL server is installed (on Debian: apt-get install postgresql)"
TEMPLATE = "entrada_template"
USER = "postgres"
PATIENCE = 60.0


@frozen
class Programs:
    initdb: Path
    postgres: Path


def find_programs() -> Programs | None:
    """Debian keeps the server's programs off the PATH, a folder per version: the newest one."""
    by_version = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for folder in [*reversed(by_version), *on_path]:
        programs = Programs(folder / "initdb", folder / "postgres")
        if programs.initdb.exists() and programs.postgres.exists():
            return programs
    return None


def as_ordinary_user(*command: str | Path) -> list[str]:
    """PostgreSQL refuses to run as root.  It ends with us, even if we are killed, where `setpriv` can arrange that."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "INT"] if setpriv else []
    if os.geteuid() == 0:
        prefix = [setpriv or "setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--pdeathsig", "INT"]
    return [*prefix, *map(str, command)]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@define
class PostgresServer:
    programs: Programs
    folder: Path
    port: int = field(factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    numbers: Iterator[int] = field(factory=count)

    def make(self) -> None:
        self._run(
            self.programs.initdb, "-D", self.folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"
        )

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "port": str(self.port),
            "fsync": "on",
            "synchronous_commit": "on",
            "max_connections": "200",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = as_ordinary_user(self.programs.postgres, "-D", self.folder / "data", *options)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": ends connections, then writes everything down
            self.process.wait(PATIENCE)
            self.process = None

    def admin(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def make_database(self, template: str = TEMPLATE) -> str:
        """The name of a new database whose tables are made, or which is as *template* is."""
        name = f"entrada_{next(self.numbers)}"
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.admin(make.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        self.admin(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname={database} connect_timeout=5"

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(as_ordinary_user(*command), cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
            except psycopg.OperationalError:
                assert self.process is not None
                log = (self.folder / "log").read_text(errors="replace")
                assert self.process.poll() is None, log
                assert time.monotonic() < until, log
                time.sleep(0.05)
            else:
                return


def make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="entrada-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER, USER)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    from entrada.server.store.sql.migrate import migrate

    programs = find_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    server = PostgresServer(programs, make_folder())
    try:
        server.make()
        server.start()
        server.admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        migrate(server.url(TEMPLATE))
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder)


@pytest.fixture(scope="module")
def postgres_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a database for this module alone."""
    name = postgres_server.make_database()
    yield name
    postgres_server.drop_database(name)


@pytest.fixture(scope="module")
def postgres_url(postgres_server: PostgresServer, postgres_database: str) -> str:
    return postgres_server.url(postgres_database)


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if missed := sum(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", f"{missed} tests did not run: {MISSING}", red=True, bold=True)

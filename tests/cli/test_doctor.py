"""`entrada doctor`: well is well, and each illness is found, with a cure and exit code 1."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from entrada.server import local_ca
from entrada.server.app import clock
from entrada.server.settings import Settings
from tests.cli.conftest import KEY, Entrada, Production


def remember(folder: Path, origin: str) -> None:
    (folder / "origin").write_text(origin)


def test_a_healthy_development_folder(entrada: Entrada, development: Path):
    remember(development, "https://localhost:1")
    said = entrada("doctor", "--data-dir", development)
    assert said.exit_code == 0, said.stdout
    assert "BAD" not in said.stdout
    assert "warn" not in said.stdout
    assert "signs" in said.stdout


def test_no_installation_is_no_illness(entrada: Entrada, tmp_path: Path):
    remember(tmp_path, "https://localhost:1")
    assert entrada("doctor", "--data-dir", tmp_path).exit_code == 0
    assert not (tmp_path / "entrada.sqlite3").exists()


def open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def open_database(folder: Path) -> None:
    (folder / "entrada.sqlite3").chmod(0o644)


def open_master_key(folder: Path) -> None:
    (folder / "master.key").chmod(0o640)


def no_master_key(folder: Path) -> None:
    (folder / "master.key").unlink()


def other_master_key(folder: Path) -> None:
    (folder / "master.key").write_text(KEY)


def old_tables(folder: Path) -> None:
    change(folder, "UPDATE alembic_version SET version_num = '0000'")


def torn_database(folder: Path) -> None:
    (folder / "entrada.sqlite3").write_bytes(b"no database, and long enough to be looked at as one" * 100)


def keys_of_the_future(folder: Path) -> None:
    change(folder, "UPDATE signing_keys SET published_at = published_at + 7200")


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "entrada.sqlite3")) as database, database:
        database.execute(statement)


def other_certificate(folder: Path) -> None:
    shutil.copytree(folder / "tls", folder / "other")
    local_ca.ensure(folder / "other", ("x.example",), clock())
    shutil.copy(folder / "other" / "leaf-key.pem", folder / "tls" / "leaf-key.pem")


def ended_certificate(folder: Path) -> None:
    shutil.rmtree(folder / "tls")
    local_ca.ensure(folder / "tls", (), clock().__class__(1_600_000_000))


def certificate_for_others(folder: Path) -> None:
    remember(folder, "https://entrada.test:1")


# fmt: off
ILLNESSES = [
    pytest.param(open_folder, "chmod 700", id="data folder open to others"),
    pytest.param(open_database, "chmod 600", id="database open to others"),
    pytest.param(open_master_key, "chmod 600", id="master key open to others"),
    pytest.param(no_master_key, "cannot be read", id="master key missing"),
    pytest.param(other_master_key, "sealed under another master key", id="another master key"),
    pytest.param(old_tables, "entrada migrate", id="tables behind"),
    pytest.param(torn_database, "cannot be used", id="no database"),
    pytest.param(keys_of_the_future, "in the future", id="clock went back"),
    pytest.param(other_certificate, "does not belong", id="another certificate's key"),
    pytest.param(ended_certificate, "the certificate ended", id="certificate ended"),
    pytest.param(certificate_for_others, "not for entrada.test", id="certificate of another name"),
]
# fmt: on


@pytest.mark.parametrize(("fall_ill", "found"), ILLNESSES)
def test_an_illness(fall_ill: Callable[[Path], None], found, entrada: Entrada, development: Path):
    remember(development, "https://localhost:1")
    fall_ill(development)
    said = entrada("doctor", "--quiet", "--data-dir", development)
    assert said.exit_code == 1
    assert found in said.stdout
    assert "Traceback" not in said.output


def test_something_else_on_the_port(entrada: Entrada, development: Path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        taken.settimeout(0)
        remember(development, f"https://localhost:{taken.getsockname()[1]}")
        said = entrada("doctor", "--quiet", "--data-dir", development)
    assert said.exit_code == 1
    assert "something that is not this installation" in said.stdout


def test_a_server_that_answers(entrada: Entrada, live):
    said = entrada("doctor", "--data-dir", live.folder)
    assert f"the server on 127.0.0.1:{live.port} answers and is ready" in said.stdout


# ---- the variables of this shell ----


def test_variables_that_lead_there(entrada: Entrada, development: Path):
    remember(development, "https://localhost:1")
    bundle = str(development / "tls" / "bundle.pem")
    said = entrada("doctor", "--data-dir", development, SSL_CERT_FILE=bundle)
    assert said.exit_code == 0
    assert "SSL_CERT_FILE leads to this platform's authority" in said.stdout


@pytest.mark.parametrize(("elsewhere", "code"), [("/nowhere.pem", 1), (os.devnull, 0)], ids=["no file", "another file"])
def test_variables_that_lead_elsewhere(elsewhere, code, entrada: Entrada, development: Path):
    remember(development, "https://localhost:1")
    said = entrada("doctor", "--quiet", "--data-dir", development, NODE_EXTRA_CA_CERTS=elsewhere)
    assert said.exit_code == code
    assert f"NODE_EXTRA_CA_CERTS names {elsewhere}" in said.stdout


# ---- production ----


def test_a_new_production_installation(entrada: Entrada, production: Production):
    said = entrada("doctor", **production.environment)
    assert said.exit_code == 0, said.stdout
    assert "entrada tenant create" in said.stdout


def test_every_unsafe_setting_at_once(entrada: Entrada, production: Production):
    unsafe = {"ENTRADA_ORIGIN": "http://login.example.com", "ENTRADA_LISTEN": "x", "ENTRADA_MASTER_KEY": "A" * 43}
    said = entrada("doctor", "--quiet", **{**production.environment, **unsafe})
    assert said.exit_code == 1
    for cure in ("https://login.example.com", "host:port", "no random one"):
        assert cure in said.stdout


def test_seeds_in_production(entrada: Entrada, production: Production, development: Path):
    shutil.copy(development / "entrada.sqlite3", production.folder / "entrada.sqlite3")
    shutil.copy(development / "master.key", production.folder / "key")
    given = {**production.environment, "ENTRADA_MASTER_KEY_FILE": str(production.folder / "key")}
    del given["ENTRADA_MASTER_KEY"]
    said = entrada("doctor", "--quiet", **given)
    assert said.exit_code == 1
    assert "as the documentation prints it" in said.stdout


def test_the_default_origin_is_looked_at_where_none_is_remembered(development: Path):
    from entrada.cli.places import place

    assert place(None, development, {}).settings.origin == Settings().origin

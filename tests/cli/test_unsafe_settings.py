"""Each unsafe setting is refused by `entrada serve`: one line that says how to mend it, exit code 2, nothing begun."""

import os
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Entrada, Production

# fmt: off
ROWS = [  # what is set otherwise (None: not at all), what the line must say
    pytest.param({"MASTER_KEY": None}, "entrada keys master > master.key", id="no master key"),
    pytest.param({"MASTER_KEY": "too short"}, "32 random bytes", id="a master key that is none"),
    pytest.param({"MASTER_KEY": "A" * 43}, "no random one", id="a master key by hand"),
    pytest.param({"MASTER_KEY": "", "MASTER_KEY_FILE": "/nowhere/key"}, "cannot be read", id="master key file missing"),
    pytest.param({"MASTER_KEY_FILE": "/etc/hostname"}, "remove one", id="two master keys"),
    pytest.param({"ORIGIN": "http://login.example.com"}, "set it to https://login.example.com", id="public http origin"),
    pytest.param({"ORIGIN": "https://login.example.com/"}, "without a path", id="origin with a path"),
    pytest.param({"ORIGIN": "https://login.example.com:443"}, "without the usual port", id="origin with the usual port"),
    pytest.param({"ORIGIN": "https://Login.example.com"}, "lower case", id="origin in capitals"),
    pytest.param({"ORIGIN": "https://me@login.example.com"}, "as browsers write it", id="origin with a user"),
    pytest.param({"ORIGIN": "https://login.example.com:port"}, "as browsers write it", id="origin with a bad port"),
    pytest.param({"ORIGIN": "login.example.com"}, "as browsers write it", id="origin without a scheme"),
    pytest.param({"LISTEN": "8443"}, "host:port", id="listen without a host"),
    pytest.param({"LISTEN": "::1:8443"}, "[::]:8443", id="IPv6 without brackets"),
    pytest.param({"LISTEN": "127.0.0.1:99999"}, "host:port", id="listen on no port"),
    pytest.param({"LISTEN": "127.0.0.1:²"}, "host:port", id="a digit that is no number"),
    pytest.param({"TRUSTED_PROXIES": None}, "TLS: set ENTRADA_TLS_CERTIFICATE", id="https that nothing ends"),
    pytest.param({"TLS_CERTIFICATE": "/nowhere.pem"}, "both ENTRADA_TLS", id="a certificate without a key"),
    pytest.param({"TLS_CERTIFICATE": "/nowhere.pem", "TLS_KEY": "/no.pem"}, "/nowhere.pem", id="no such certificate"),
    pytest.param({"TLS_CERTIFICATE": "/etc/hosts", "TLS_KEY": "/etc/hosts"}, "belong together", id="no certificate"),
    pytest.param({"ORIGIN": "http://localhost:1", "TLS_CERTIFICATE": "/etc/hosts", "TLS_KEY": "/etc/hosts"}, "take the certificate away", id="TLS for an http origin"),
    pytest.param({"TRUSTED_PROXIES": "10.0.0.0.1"}, "no address or network", id="a proxy that is none"),
    pytest.param({"TRUSTED_PROXIES": "127.0.0.1,0.0.0.0/0"}, "half the world", id="everybody a proxy"),
    pytest.param({"TRUSTED_PROXIES": "::/1"}, "half the world", id="everybody a proxy, IPv6"),
    pytest.param({"EGRESS_ALLOW": "https://issuer.internal"}, "no host, address or network", id="a URL to fetch keys from"),
    pytest.param({"EGRESS_ALLOW": "issuer.internal, 0.0.0.0/0"}, "half the world", id="keys from everywhere"),
    pytest.param({"DATABASE": "mysql://root:hunter2@db/entrada"}, "postgresql://", id="another database"),
    pytest.param({"DATABASE": "postgresql://u:hunter2@h:port/x"}, "postgresql://user", id="a URL that is none"),
    pytest.param({"DATABASE": "postgresql://u:hunter2@127.0.0.1:1/x"}, "does not answer", id="database unreachable"),
    pytest.param({"DATABASE": "sqlite:////etc/hosts"}, "not a database", id="a file that is no database"),
    pytest.param({"DATABASE": "sqlite:////nowhere/x.db"}, "entrada migrate", id="a database that was never made"),
    pytest.param({"WORKERS": "0"}, "from 1 up", id="no workers"),
    pytest.param({"WORKERS": "many"}, "whole number", id="workers in words"),
    pytest.param({"WORKERS": "1000"}, "from 1 to", id="too many workers"),
    pytest.param({"THROTTLE_ADDRESS": "-1"}, "from 0 up", id="a limit below none"),
    pytest.param({"THROTTLE_CLIENT": "some"}, "whole number", id="a limit in words"),
    pytest.param({"LOG_LEVEL": "loud"}, "debug, info", id="a log level that is none"),
    pytest.param({"LOG_FORMAT": "xml"}, "json or text", id="a log format that is none"),
    pytest.param({"GATEWAY_LISTEN": "8444"}, "ENTRADA_GATEWAY_LISTEN must be host:port", id="a gateway on no address"),
    pytest.param({"GATEWAY_ENGINE": "nginx"}, "auto, envoy or python", id="another engine"),
    pytest.param({"GATEWAY_ORIGIN": "api.example.com"}, "as browsers write it", id="a gateway's origin without a scheme"),
    pytest.param({"GATEWAY_ORIGIN": "http://api.example.com"}, "set it to https://api.example.com", id="a public gateway by http"),
    pytest.param({"GATEWAY_ORIGIN": "https://login.example.com", "GATEWAY_TENANT": "c0105000-0000-4000-8000-000000000001"}, "a port of its own", id="a gateway where the platform is"),
    pytest.param({"GATEWAY_ORIGIN": "https://api.example.com"}, "entrada tenant list", id="a gateway of nobody's"),
    pytest.param({"GATEWAY_ORIGIN": "https://api.example.com", "GATEWAY_TENANT": "colors.example"}, "the id of a tenant", id="a gateway of a domain"),
    pytest.param({"CONFIG": "/nowhere.toml"}, "cannot be read", id="no such settings file"),
    pytest.param({"DATA_DIR": "/proc/entrada"}, "--data-dir", id="a data folder that cannot be made"),
]
# fmt: on


def refusal(entrada: Entrada, environment: dict[str, str]) -> str:
    said = entrada("serve", **environment)
    assert said.exit_code == 2, said.output
    assert said.stdout == ""
    assert said.stderr.startswith("entrada: ")
    assert said.stderr.count("\n") == 1
    assert "hunter2" not in said.stderr
    return said.stderr


@pytest.mark.parametrize(("changed", "mends"), ROWS)
def test_an_unsafe_setting(changed, mends, entrada, production: Production):
    names = {f"ENTRADA_{name}": value for name, value in changed.items()}
    given = {name: value for name, value in {**production.environment, **names}.items() if value is not None}
    assert mends in refusal(entrada, given)


@pytest.fixture
def safe(production: Production) -> dict[str, str]:
    return production.environment


def test_tables_that_are_behind(entrada, safe, production: Production):
    with closing(sqlite3.connect(production.folder / "entrada.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    assert "entrada migrate" in refusal(entrada, safe)


def test_tables_that_were_never_made(entrada, safe, production: Production):
    (production.folder / "entrada.sqlite3").write_bytes(b"")
    assert "entrada migrate" in refusal(entrada, safe)


def test_a_credential_of_the_documentation(entrada, safe, development: Path, production: Production):
    shutil.copy(development / "entrada.sqlite3", production.folder / "entrada.sqlite3")
    assert "as the documentation prints it: change it" in refusal(entrada, safe)


def test_another_master_key(entrada, safe, development: Path, production: Production):
    shutil.copy(development / "entrada.sqlite3", production.folder / "entrada.sqlite3")
    with closing(sqlite3.connect(production.folder / "entrada.sqlite3")) as database, database:
        database.execute("DELETE FROM users")
        database.execute("DELETE FROM applications")
    assert "sealed under another master key" in refusal(entrada, safe)


def test_a_port_that_is_taken(entrada, safe):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert "--listen" in refusal(entrada, {**safe, "ENTRADA_LISTEN": address})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_folder_of_somebody_else(entrada, safe, production: Production):
    production.folder.chmod(0o500)
    assert "cannot be written to" in refusal(entrada, safe)


def test_a_certificate_with_another_key(entrada, safe, development: Path, tmp_path: Path):
    shutil.copytree(development / "tls", tmp_path / "other")
    from entrada.server import local_ca
    from entrada.server.app import clock

    local_ca.ensure(tmp_path / "other", ("another.example",), clock())
    files = {
        "ENTRADA_TLS_CERTIFICATE": str(development / "tls" / "leaf.pem"),
        "ENTRADA_TLS_KEY": str(tmp_path / "other" / "leaf-key.pem"),
    }
    assert "must belong together" in refusal(entrada, {**safe, **files})


def test_a_setting_nobody_knows(entrada, safe, tmp_path: Path):
    file = tmp_path / "entrada.toml"
    file.write_text('orign = "https://login.example.com"\n')
    assert "'orign', which is no setting" in refusal(entrada, {**safe, "ENTRADA_CONFIG": str(file)})


def test_the_master_key_is_no_option(entrada, safe):
    said = entrada("serve", "--master-key", KEY, **safe)
    assert said.exit_code == 2
    assert "No such option" in said.stderr


def test_an_option_is_stronger_than_the_environment_and_that_than_the_file(entrada, safe, tmp_path: Path):
    file = tmp_path / "entrada.toml"
    file.write_text('log_level = "file"\nlog_format = "file"\norigin = "file"\n')
    given = {**safe, "ENTRADA_LOG_LEVEL": "environment", "ENTRADA_CONFIG": str(file)}
    del given["ENTRADA_ORIGIN"]
    assert "not 'file'" in refusal(entrada, given)
    said = entrada("serve", "--origin", "https://login.example.com", **given)
    assert "not 'environment'" in said.stderr

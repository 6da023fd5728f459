"""migrate, tenant, keys, trust: each on the development folder and on a production installation."""

import stat
from pathlib import Path

import pytest

from entrada.core.sealing.keys import MasterKey
from entrada.server.settings import is_guessable
from tests.cli.conftest import Entrada, Production

EXAMPLE = ("tenant", "create", "--name", "Example", "--domain", "example.com", "--admin", "you@example.com")


# ---- migrate ----


def test_migrate_makes_the_tables_once(entrada: Entrada, production: Production, tmp_path: Path):
    given = {**production.environment, "ENTRADA_DATA_DIR": str(tmp_path / "new")}
    first, second = entrada("migrate", **given), entrada("migrate", **given)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "it was empty" in first.stdout
    assert "is up to date" in second.stdout
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "entrada.sqlite3").stat().st_mode) == 0o600


def test_migrate_never_shows_a_password(entrada: Entrada, production: Production):
    given = {**production.environment, "ENTRADA_DATABASE": "postgresql://u:hunter2@127.0.0.1:1/x"}
    said = entrada("migrate", **given)
    assert said.exit_code == 2
    assert "hunter2" not in said.output


# ---- tenant ----


def test_a_tenant_is_made_once(entrada: Entrada, production: Production):
    made = entrada(*EXAMPLE, **production.environment)
    assert made.exit_code == 0
    assert made.stdout.splitlines()[-1].startswith("https://login.example.com/enrol?token=")
    again = entrada(*EXAMPLE, **production.environment)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "belongs to a tenant already" in again.stderr
    listed = entrada("tenant", "list", **production.environment).stdout
    assert listed.count("example.com") == 1


def test_a_tenant_needs_the_master_key(entrada: Entrada, production: Production):
    del production.environment["ENTRADA_MASTER_KEY"]
    refused = entrada(*EXAMPLE, **production.environment)
    assert refused.exit_code == 2
    assert "entrada keys master" in refused.stderr


# fmt: off
BAD = [
    pytest.param({"--domain": "localhost"}, "no domain", id="a domain without a dot"),
    pytest.param({"--domain": "example.com/x"}, "no domain", id="a path"),
    pytest.param({"--domain": "-a.com"}, "no domain", id="a label that begins with a hyphen"),
    pytest.param({"--domain": "a" * 64 + ".com"}, "no domain", id="a label that is too long"),
    pytest.param({"--admin": "you"}, "no user principal name", id="an administrator without a domain"),
    pytest.param({"--admin": "you@example.org"}, "must end in @example.com", id="an administrator of another domain"),
    pytest.param({"--admin": "you@sub.example.com"}, "must end in @example.com", id="an administrator of a subdomain"),
    pytest.param({"--name": " "}, "one line", id="no name"),
    pytest.param({"--name": "a\nb"}, "one line", id="two lines"),
    pytest.param({"--admin-name": "x" * 257}, "256", id="a name that is too long"),
]
# fmt: on


@pytest.mark.parametrize(("changed", "fault"), BAD)
def test_a_tenant_that_is_refused(changed, fault, entrada: Entrada, production: Production):
    good = {"--name": "Example", "--domain": "example.com", "--admin": "you@example.com"}
    args = [word for pair in {**good, **changed}.items() for word in pair]
    refused = entrada("tenant", "create", *args, **production.environment)
    assert refused.exit_code == 1
    assert fault in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "no tenant yet" in entrada("tenant", "list", **production.environment).stderr


def test_another_link(entrada: Entrada, production: Production):
    entrada(*EXAMPLE, **production.environment)
    made = entrada("tenant", "link", "you@example.com", **production.environment)
    assert made.stdout.splitlines()[-1].startswith("https://login.example.com/enrol?token=")
    refused = entrada("tenant", "link", "nobody@example.com", **production.environment)
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_no_link_for_who_is_disabled(entrada: Entrada, development: Path):
    refused = entrada("tenant", "link", "dee@colors.example", "--data-dir", development)
    assert refused.exit_code == 1
    assert "disabled" in refused.stderr


GUEST = """
tenants:
  - id: c0105000-0000-4000-8000-000000000001
    displayName: Colors
    domains: [colors.example]
    users:
      - {userPrincipalName: fay_petals.example#EXT#@colors.example, displayName: Fay, home: fay@petals.example}
"""


def test_no_link_for_a_guest(entrada: Entrada, development: Path):
    assert entrada("apply", "-f", "-", "--yes", "--data-dir", development, stdin=GUEST).exit_code == 0
    refused = entrada("tenant", "link", "fay_petals.example#EXT#@colors.example", "--data-dir", development)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "guest" in refused.stderr


def test_the_development_folder_is_meant_without_settings(entrada: Entrada, development: Path):
    listed = entrada("tenant", "list", "--data-dir", development).stdout
    assert "colors.example" in listed
    assert "petals.example" in listed


def test_nothing_is_made_where_nothing_was_started(entrada: Entrada, tmp_path: Path):
    for command in (("tenant", "list"), ("keys", "list"), ("export",)):
        refused = entrada(*command, "--data-dir", tmp_path / "nowhere")
        assert refused.exit_code == 2
        assert "entrada up" in refused.stderr
    assert not (tmp_path / "nowhere").exists()


# ---- keys ----


def states(listed: str) -> list[str]:
    return [line.split()[1] for line in listed.splitlines()[1:]]


def test_keys_are_listed_and_rotated(entrada: Entrada, development: Path):
    here = ("--data-dir", development)
    assert states(entrada("keys", "list", *here).stdout) == ["signing", "next"]
    refused = entrada("keys", "rotate", *here)
    assert refused.exit_code == 1
    assert "may sign from" in refused.stderr
    assert states(entrada("keys", "list", *here).stdout) == ["signing", "next"]
    rotated = entrada("keys", "rotate", "--now", *here)
    assert rotated.exit_code == 0
    assert "Key 2 signs now" in rotated.stdout
    assert states(entrada("keys", "list", *here).stdout) == ["retired", "signing", "next"]


def test_no_rotation_under_another_master_key(entrada: Entrada, development: Path):
    (development / "master.key").write_text(entrada("keys", "master").stdout)
    refused = entrada("keys", "rotate", "--now", "--data-dir", development)
    assert refused.exit_code == 1
    assert "another master key" in refused.stderr
    assert states(entrada("keys", "list", "--data-dir", development).stdout) == ["signing", "next"]


def test_no_keys_before_the_first_start(entrada: Entrada, production: Production):
    listed = entrada("keys", "list", **production.environment)
    assert (listed.exit_code, listed.stdout) == (0, "")
    assert "first start" in listed.stderr


def test_master_keys_are_new_each_time(entrada: Entrada):
    made = {entrada("keys", "master").stdout for _ in range(20)}
    assert len(made) == 20
    assert not any(is_guessable(MasterKey.parse(one)) for one in made)


# ---- trust ----


def test_trust_explains(entrada: Entrada, development: Path):
    said = entrada("trust", "--data-dir", development).stdout
    assert f"export NODE_EXTRA_CA_CERTS={development}/tls/ca.pem" in said
    assert "Firefox" in said


def test_trust_for_a_shell(entrada: Entrada, development: Path):
    lines = entrada("trust", "--shell", "--data-dir", development).stdout.splitlines()
    assert f"export REQUESTS_CA_BUNDLE={development}/tls/bundle.pem" in lines
    assert all(line.startswith("export ") for line in lines)


def test_trust_before_there_is_anything_to_trust(entrada: Entrada, tmp_path: Path):
    refused = entrada("trust", "--data-dir", tmp_path)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "entrada up" in refused.stderr


# ---- on PostgreSQL ----


def test_the_same_on_postgresql(entrada: Entrada, production: Production, postgres_url: str):
    given = {**production.environment, "ENTRADA_DATABASE": postgres_url.replace("+psycopg", "")}
    assert entrada("migrate", **given).exit_code == 0
    assert entrada(*EXAMPLE, **given).exit_code == 0
    assert entrada(*EXAMPLE, **given).exit_code == 1
    assert "example.com" in entrada("tenant", "list", **given).stdout
    assert entrada("doctor", **given).exit_code == 0


def test_a_database_that_is_not_there(entrada: Entrada, production: Production, postgres_url: str):
    given = {**production.environment, "ENTRADA_DATABASE": postgres_url.rpartition("/")[0] + "/nowhere"}
    for command in ("serve", "migrate", "export"):
        refused = entrada(command, **given)
        assert refused.exit_code == 2
        assert 'database "nowhere" does not exist' in refused.stderr
        assert refused.stderr.count("\n") == 1


def test_a_lost_authenticator(entrada: Entrada, development: Path):
    for name in ("flo@colors.example", "nobody@colors.example"):  # one has none yet, the other is nobody
        refused = entrada("user", "reset-second-factor", name, "--data-dir", development)
        assert (refused.exit_code, refused.stdout) == (1, "")

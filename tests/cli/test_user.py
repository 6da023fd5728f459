"""entrada user: help people who cannot sign in."""

import asyncio
import re
from pathlib import Path

import pytest

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.protocol.effects import PutAttempts
from entrada.server.argon2_hasher import Argon2Hasher
from entrada.server.store.sql.engine import open_store
from tests.cli.conftest import Entrada

COLORS, BEN = TenantId("c0105000-0000-4000-8000-000000000001"), UserId("c0105000-0000-4000-8000-0000000000b1")
NAME = "ben@colors.example"


def ben(folder: Path) -> User:
    async def find() -> User | None:
        store = open_store(f"sqlite:///{folder / 'entrada.sqlite3'}")
        try:
            return await store.find_user(COLORS, BEN)
        finally:
            await store.close()

    found = asyncio.run(find())
    assert found is not None
    return found


def failures(folder: Path, put: bool) -> Attempts | None:
    async def look() -> Attempts | None:
        store = open_store(f"sqlite:///{folder / 'entrada.sqlite3'}")
        try:
            if put:
                attempts = Attempts(tenant_id=COLORS, user_id=BEN, counter=Counter.UNFAMILIAR, failures=3)
                assert await store.commit((PutAttempts(attempts),))
            return await store.find_attempts(COLORS, BEN, Counter.UNFAMILIAR)
        finally:
            await store.close()

    return asyncio.run(look())


def test_a_temporary_password_is_printed_once_and_must_be_changed(entrada: Entrada, development: Path):
    failures(development, put=True)
    made = entrada("user", "reset-password", NAME, "--temporary", "--data-dir", development)
    assert made.exit_code == 0, made.output
    password = made.stdout.splitlines()[-1]
    assert re.fullmatch(r"[a-z2-9-]{19}", password)
    credential = ben(development).password
    assert credential is not None
    assert credential.must_change
    assert asyncio.run(Argon2Hasher("x").verify(credential.hash, password))
    assert failures(development, put=False) is None


@pytest.mark.parametrize("option", [["--link"], []], ids=["asked for", "by default"])
def test_a_link_takes_the_password_away(option, entrada: Entrada, development: Path):
    made = entrada("user", "reset-password", NAME, *option, "--data-dir", development)
    assert made.exit_code == 0, made.output
    assert "/enrol?token=" in made.stdout.splitlines()[-1]
    assert ben(development).password is None


def test_not_both(entrada: Entrada, development: Path):
    refused = entrada("user", "reset-password", NAME, "--link", "--temporary", "--data-dir", development)
    assert refused.exit_code == 2
    assert ben(development).password is not None


def test_unlock_forgets_failures_and_nothing_else(entrada: Entrada, development: Path):
    before = ben(development)
    assert failures(development, put=True) is not None
    done = entrada("user", "unlock", NAME, "--data-dir", development)
    assert (done.exit_code, done.stdout) == (0, "ben@colors.example may try again.\n")
    assert failures(development, put=False) is None
    assert ben(development) == before


# fmt: off
REFUSED = [
    pytest.param("nobody@colors.example",   "No tenant has a user", id="nobody"),
    pytest.param("ben@nowhere.example",     "No tenant has a user", id="nowhere"),
    pytest.param("dee@colors.example",      "is disabled",          id="a disabled account"),
]
# fmt: on


@pytest.mark.parametrize(("upn", "fault"), REFUSED)
@pytest.mark.parametrize("command", ["reset-password", "unlock"])
def test_who_cannot_be_helped(command, upn, fault, entrada: Entrada, development: Path):
    refused = entrada("user", command, upn, "--data-dir", development)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert fault in refused.stderr
    assert refused.stderr.count("\n") == 1

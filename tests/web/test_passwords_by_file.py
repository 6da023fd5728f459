"""A password that a file changes ends what was signed in by the old one.  RFC 9700 §4.14.2; reference section 19."""

import asyncio
from typing import Final

import pytest

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.apply_directory import FileRefused, Plan, apply_directory, commit_plan, plan_directory
from entrada.server.usecases.settle_credentials import Credentials
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, COLORS, Seat, expected, reason_of

NEW: Final = "four unrelated curtains"
FILE: Final = """
tenants:
  - id: c0105000-0000-4000-8000-000000000001
    displayName: Colors
    domains: [colors.example]
    users:
      - {{userPrincipalName: ben@colors.example, displayName: Ben Blue{}}}
"""


def file(password: str = "", more: str = "") -> str:
    return FILE.format((f", password: {password}" if password else "") + more)


def credentials(there: InProcess) -> Credentials:
    hasher = there.platform.here.hasher
    return Credentials(
        hash_password=hasher.hash, verify_password=lambda password, hashed: hasher.verify(hashed, password)
    )


def applied(there: InProcess, document: str, *, prune: bool = False) -> Plan:
    here = there.platform.here
    plan = asyncio.run(apply_directory(document, here.store, here.clock(), credentials(there), prune=prune))
    assert not isinstance(plan, FileRefused), plan
    return plan


def ben(there: InProcess):
    user = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), UserId(BEN)))
    assert user is not None
    return user


def live(there: InProcess) -> int:
    return len(asyncio.run(there.platform.here.store.list_sessions(TenantId(COLORS), UserId(BEN))))


def test_another_password_ends_sessions_and_refresh_tokens(in_process: InProcess) -> None:
    seat = Seat(in_process)
    tokens = seat.tokens()
    in_process.clock.advance(5)
    plan = applied(in_process, file(f"{{value: {NEW}}}"))
    assert plan.diff.changed[-1].members[-2:] == (
        "password",
        "signInSessionsValidFromDateTime (signs out everywhere)",
    )
    assert ben(in_process).sign_in_sessions_valid_from == in_process.clock()
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    assert 'id="username"' in seat.open().text


# fmt: off
CHANGES = [
    pytest.param(file(f"{{value: {NEW}}}"),               False, id="a plain one"),
    pytest.param(file("{hash: $argon2id$1$abc}"),         False, id="a hash"),
    pytest.param(file(),                                  True,  id="taken away by pruning"),
    pytest.param(file("", ", home: fay@petals.example, id: c0105000-0000-4000-8000-0000000000b1"), False, id="a guest from now on"),
]
# fmt: on


@pytest.mark.parametrize(("document", "prune"), CHANGES)
def test_within_the_same_second_too(in_process: InProcess, document: str, *, prune: bool) -> None:
    seat = Seat(in_process)
    tokens = seat.tokens()
    applied(in_process, document, prune=prune)
    assert live(in_process) == 0
    assert seat.refresh(tokens["refresh_token"]).status_code == 400


# fmt: off
KEPT = [
    pytest.param(file("{value: Entrada-dev-2026}"),                   id="the same"),
    pytest.param(file("{stored: true}"),                              id="the stored one"),
    pytest.param(file(),                                              id="none in the file"),
    pytest.param(file("", ", jobTitle: Painter"),                     id="something else"),
    pytest.param(file("{value: Entrada-dev-2026, seed: true}"),       id="the same, marked"),
]
# fmt: on


@pytest.mark.parametrize("document", KEPT)
def test_what_changes_no_password_ends_nothing(in_process: InProcess, document: str) -> None:
    seat = Seat(in_process)
    tokens = seat.tokens()
    in_process.clock.advance(5)
    applied(in_process, document)
    assert ben(in_process).sign_in_sessions_valid_from == NumericDate(0)
    assert live(in_process) == 1
    assert seat.refresh(tokens["refresh_token"]).status_code == 200


def test_a_first_password_ends_nothing_and_the_file_applied_again_neither(in_process: InProcess) -> None:
    applied(in_process, file(), prune=True)
    in_process.clock.advance(5)
    since = ben(in_process).sign_in_sessions_valid_from
    for _ in range(2):
        applied(in_process, file(f"{{value: {NEW}}}"))
        in_process.clock.advance(5)
    assert ben(in_process).sign_in_sessions_valid_from == since


def test_a_sign_in_between_plan_and_answer_ends_too(in_process: InProcess) -> None:
    here, seat = in_process.platform.here, Seat(in_process)
    document = file(f"{{value: {NEW}}}")
    plan = asyncio.run(plan_directory(document, here.store, here.clock(), credentials(in_process)))
    assert isinstance(plan, Plan)
    in_process.clock.advance(60)  # somebody reads the plan, and says yes
    tokens = seat.tokens()
    assert asyncio.run(commit_plan(plan, here.store, here.clock()))
    assert live(in_process) == 0
    assert reason_of(seat.refresh(tokens["refresh_token"]))[1] == "invalid_grant"
    assert ben(in_process).sign_in_sessions_valid_from == in_process.clock()

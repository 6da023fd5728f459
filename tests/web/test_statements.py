"""What each step of a sign-in costs the database, through the whole application.  Design section 4."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest

from entrada.core.directory.ids import ClientId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from entrada.testing import platform
from tests.drivers.authenticator import set_up
from tests.plugins.platforms import InProcess, new_client
from tests.store.statements import Statements, counting
from tests.web.devices import Device, let_in, to_confirmation
from tests.web.seats import CLI_APP, COLORS_API, DAEMON, Seat, change
from tests.web.test_password_grant import allow_passwords, by_password
from tests.web.test_second_factor import require, to_code


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    file = tmp_path_factory.mktemp("statements") / "entrada.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def there(migrated, tmp_path, signing_keys) -> Iterator[InProcess]:
    store = open_store(f"sqlite:///{shutil.copy(migrated, tmp_path / 'entrada.db')}")
    made = asyncio.run(platform(store, keys=signing_keys))
    yield InProcess(made, new_client(made))
    asyncio.run(store.close())


@pytest.fixture
def statements() -> Iterator[Statements]:
    with counting() as found:
        yield found


def written(statements: Statements) -> list[list[str]]:
    """Per transaction, what was done to which table."""
    return [
        [" ".join(one.split()[: 3 if one.startswith(("INSERT", "DELETE")) else 2]) for one in commit]
        for commit in statements.commits
        if commit
    ]


def consented(there: InProcess, app=None) -> Seat:
    seat = Seat(there, app) if app else Seat(there)
    assert seat.sign_in()["code"]
    return seat


def test_a_new_sign_in_is_one_transaction_and_a_first_consent_another(there, statements):
    seat = Seat(there)
    page = seat.open()
    page = seat.browser.submit(page, "username", username="ben@colors.example")
    assert written(statements) == []
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    assert written(statements) == [["INSERT INTO sessions", "INSERT INTO sign_ins"]]
    statements.clear()
    seat.browser.submit(page, "decision", decision="accept")
    assert seat.browser.left_to
    assert len(written(statements)) == 1
    tables = {one.split()[-1] for one in written(statements)[0]}
    assert tables <= {"directory_versions", "service_principals", "permission_grants", "directory_audits"}
    assert "directory_audits" in tables


def test_a_silent_authorization_writes_nothing(there, statements):
    seat = consented(there)
    statements.clear()
    seat.open({"state": "s-2"})
    assert "code=" in seat.browser.left_to
    assert statements.writes == 0
    assert written(statements) == []


def test_a_redemption_is_one_insert(there, statements):
    seat = consented(there)
    seat.redeem(seat.sign_in()["code"])  # what is read once is known now
    code = seat.sign_in()["code"]
    statements.clear()
    assert seat.redeem(code).status_code == 200
    assert statements.writes == 1
    assert written(statements)[0][0].startswith("INSERT INTO")


def test_a_rotating_refresh_is_one_update(there, statements):
    seat = Seat(there, CLI_APP)
    token = seat.tokens()["refresh_token"]
    statements.clear()
    assert seat.refresh(token).status_code == 200
    assert statements.writes == 1
    assert written(statements)[0][0].startswith("UPDATE")


def test_a_confidential_refresh_writes_nothing(there, statements):
    seat = Seat(there)
    token = seat.tokens()["refresh_token"]
    statements.clear()
    assert seat.refresh(token).status_code == 200
    assert statements.writes == 0


def test_a_lost_answer_asked_again_writes_nothing(there, statements):
    seat = Seat(there, CLI_APP)
    token = seat.tokens()["refresh_token"]
    seat.refresh(token)
    statements.clear()
    assert seat.refresh(token).status_code == 200
    assert statements.writes == 0


def test_refusals_write_nothing(there, statements):
    seat = consented(there)
    code = seat.sign_in()["code"]
    statements.clear()
    assert seat.redeem(code, {"code_verifier": None}).status_code == 400
    assert seat.redeem(code, {"client_secret": "wrong"}).status_code == 401
    assert seat.open({"prompt": "maybe"})
    assert statements.writes == 0


def test_graph_and_userinfo_write_nothing(there, statements):
    bearer = {"authorization": f"Bearer {Seat(there).tokens()['access_token']}"}
    statements.clear()
    for path in ("/v1.0/me", "/oidc/userinfo"):
        assert there.client.get(path, headers=bearer).status_code == 200
    assert statements.writes == 0


def test_client_credentials_write_nothing_and_soon_read_nothing(there, statements):
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "client_secret": "daemon-dev-secret"}
    asked = {**form, "scope": f"api://{COLORS_API}/.default"}
    for _ in range(3):  # whose a client id is, what it says, and then it is known
        statements.clear()
        assert Seat(there).post(asked).status_code == 200
        assert statements.writes == 0
    assert statements.reads == 0


def test_a_device_flow_is_a_write_to_start_to_decide_and_to_redeem(there, statements):
    device, browser = Device(there), there.browser()
    let_in(browser, known := Device(there, started=Device(there).start()))
    known.poll()  # what is read once is known now
    statements.clear()
    device.start()
    assert written(statements) == [["INSERT INTO device_flows"]]
    page = to_confirmation(browser, device)
    assert len(written(statements)) == 1
    statements.clear()
    browser.submit(page, "decision", decision="approve")
    assert written(statements) == [["UPDATE device_flows"]]
    statements.clear()
    assert device.poll().status_code == 200
    assert statements.writes == 1
    assert written(statements)[0][0].startswith("INSERT INTO")


def test_a_poll_is_one_read(there, statements):
    device = Device(there)
    device.start()
    device.poll()  # what is read once is known now
    statements.clear()
    assert device.poll().status_code == 400
    assert (statements.writes, statements.reads) == (0, 1)


def test_a_late_poll_reads_nothing(there, statements):
    device = Device(there)
    device.start()
    device.poll()
    there.clock.advance(900)
    statements.clear()
    assert device.poll().status_code == 400
    assert (statements.writes, statements.reads) == (0, 0)


def test_a_password_is_one_transaction(there, statements):
    consented(there, CLI_APP)
    allow_passwords(there)
    statements.clear()
    assert by_password(there).status_code == 200
    [transaction] = written(statements)
    assert transaction[0].startswith("INSERT INTO families")
    assert transaction[1:] == ["INSERT INTO sign_ins"]


def test_a_second_factor_is_two_transactions_between_password_and_session(there, statements):
    consented(there)
    require(there)
    seat = Seat(there)
    phone, _, _ = set_up(seat.browser, to_code(seat), there.clock())
    there.clock.advance(60)
    seat = Seat(there)
    statements.clear()
    page = to_code(seat)
    assert written(statements) == []
    seat.browser.enter_code(page, phone.code(there.clock()))
    counted, spent, opened = written(statements)
    assert counted == ["INSERT INTO attempts"]  # a guess counts before it is looked at
    assert sorted(spent) == ["DELETE FROM attempts", "INSERT INTO factor_steps"]
    assert opened == ["INSERT INTO sessions", "INSERT INTO sign_ins"]


def redeemed(there, statements, seat: Seat) -> list[str]:
    code = seat.sign_in()["code"]
    statements.clear()
    assert seat.redeem(code).status_code == 200
    return list(statements.sent)


def test_groups_are_read_only_where_a_token_tells_them_and_then_known(there, statements):
    seat = consented(there)
    redeemed(there, statements, seat)  # what is read once is known now
    usual = redeemed(there, statements, seat)
    assert not any("group_members" in one for one in usual)
    store = there.platform.here.store
    app = asyncio.run(store.find_application(ClientId(seat.app.client_id)))
    change(store, app, group_membership_claims=frozenset({"SecurityGroup"}))
    assert any("group_members" in one for one in redeemed(there, statements, seat))
    assert redeemed(there, statements, seat) == usual


def test_the_address_costs_one_read_where_a_token_tells_it(there, statements):
    seat = consented(there)
    redeemed(there, statements, seat)
    usual = redeemed(there, statements, seat)
    store = there.platform.here.store
    app = asyncio.run(store.find_application(ClientId(seat.app.client_id)))
    change(store, app, optional_claims=OptionalClaims(id_token=(OptionalClaim(name="ipaddr"),)))
    redeemed(there, statements, seat)
    assert len(redeemed(there, statements, seat)) == len(usual) + 1

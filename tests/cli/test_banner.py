"""The screen of `entrada up`: true, whole, and fit for the terminal it is shown in."""

import asyncio
import hashlib

import click
import pytest
from attrs import evolve

from entrada.cli.banner import SEED_PASSWORD, SEED_SECRETS, Situation, banner, columns
from entrada.core.directory.application import Application
from entrada.core.directory.user import User
from entrada.server.usecases.settle_credentials import MadeCredential, SeedCredential
from entrada.testing import START


@pytest.fixture
def situation(in_process) -> Situation:
    store = in_process.platform.here.store

    async def look() -> Situation:
        tenants = [
            (one, await store.list_entities(User, one.id), await store.list_entities(Application, one.id))
            for one in await store.list_tenants()
        ]
        return Situation(
            origin="https://localhost:8443",
            tenants=sorted(tenants, key=lambda one: one[0].display_name),
            samples=[("repsys", "http://localhost:5000"), ("Colors API", "http://localhost:5001")],
            trust=[("Node", "export NODE_EXTRA_CA_CERTS=/home/somebody/.local/share/entrada/development/tls/ca.pem")],
            made=(),
            exposed=(),
            new_certificate=False,
            plain_http=False,
            folder="/home/somebody/.local/share/entrada/development",
            now=START,
        )

    return asyncio.run(look())


def plain(situation: Situation, width: int = 1_000) -> str:
    return click.unstyle(banner(situation, width))


def test_it_names_everything(situation):
    said = plain(situation)
    for tenant, users, apps in situation.tenants:
        assert tenant.display_name in said
        for user in users:
            assert user.user_principal_name in said
        for app in apps:
            assert app.app_id in said
    for word in (SEED_PASSWORD, *SEED_SECRETS, "https://localhost:8443", "http://localhost:5000", "entrada trust"):
        assert word in said


def test_a_call_through_the_gateway_is_shown_where_there_is_one(situation):
    assert "call an API" not in plain(situation)
    shown = plain(evolve(situation, gateway="https://localhost:9444"))
    assert "entrada curl https://localhost:9444/colors\n" in shown
    assert shown.count("\n") < 51


def test_it_is_one_screen(situation):
    assert plain(situation).count("\n") < 48


def test_the_secrets_on_it_are_those_of_the_directory(situation):
    known = {secret.digest for _, _, apps in situation.tenants for app in apps for secret in app.client_secrets}
    assert {hashlib.sha256(secret.encode()).hexdigest() for secret in SEED_SECRETS} == known


def test_a_secret_that_was_changed_is_not_shown(situation):
    without = [
        (tenant, users, [evolve(app, client_secrets=()) for app in apps]) for tenant, users, apps in situation.tenants
    ]
    said = plain(evolve(situation, tenants=without))
    assert not [secret for secret in SEED_SECRETS if secret in said]


def test_a_password_that_was_changed_is_not_shown(situation):
    def changed(user: User) -> User:
        assert user.password is not None
        return evolve(user, password=evolve(user.password, seed=False))

    all_of_them = [(tenant, [*map(changed, users)], apps) for tenant, users, apps in situation.tenants]
    assert SEED_PASSWORD not in plain(evolve(situation, tenants=all_of_them))
    tenant, users, apps = situation.tenants[0]
    one = [(tenant, [changed(users[0]), *users[1:]], apps), *situation.tenants[1:]]
    assert f"where it was not changed: {SEED_PASSWORD}" in plain(evolve(situation, tenants=one))


def test_exposed_it_shows_what_was_made_and_nothing_known(situation):
    seed = SeedCredential(kind="password", owner="ben@colors.example", owner_id="b1", name="")
    exposed = evolve(situation, exposed=("entrada.test",), made=[MadeCredential(seed, "made-now")], tenants=())
    said = plain(exposed)
    assert "made-now" in said
    assert "entrada.test" in said
    assert SEED_PASSWORD not in said


@pytest.mark.parametrize("width", [40, 60, 80, 100, 1_000])
def test_nothing_is_cut_and_no_label_is_lost(width, situation):
    words = plain(situation).split()
    assert plain(situation, width).split() == words


@pytest.mark.parametrize("width", [60, 80])
def test_lines_fit_but_for_what_must_be_copied_whole(width, situation):
    long = [line for line in plain(situation, width).splitlines() if len(line) > width]
    assert all(
        "export" in line or "authority" in line or "https://" in line or "tenant" in line or "Data:" in line
        for line in long
    )


def test_columns_align_though_colours_take_no_room():
    rows = [(click.style("a", fg="red"), "bb", "c"), ("aaa", "b", "c")]
    assert [click.unstyle(line) for line in columns(rows, 80)] == ["  a    bb  c", "  aaa  b   c"]


def test_plain_http_says_what_it_costs(situation):
    said = plain(evolve(situation, plain_http=True, trust=()))
    assert "MSAL will not" in said


def test_how_to_get_a_token(situation):
    assert "  print one   entrada get-token\n" in plain(situation)
    elsewhere = plain(evolve(situation, usual_folder=False, folder="/a folder"))
    assert "  ENTRADA_DATA_DIR='/a folder' entrada get-token\n" in elsewhere.replace("print one ", "")


def test_it_is_ascii(situation):
    assert banner(situation, 80).isascii()

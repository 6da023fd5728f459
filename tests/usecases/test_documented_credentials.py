"""What stands in the documentation is a seed wherever it turns up, and a chosen password is long enough in a file too."""

import asyncio

import pytest

from entrada.cli.endings import CannotBegin
from entrada.cli.seed_credentials import replacement
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.settle_credentials import Credentials
from entrada.testing.in_process import START, WeakHasher

FILE = """
tenants:
  - id: 11111111-2222-4333-8444-555555555555
    displayName: Example
    domains: [example.org]
    users:
      - id: 11111111-2222-4333-8444-666666666666
        userPrincipalName: ada@example.org
        displayName: Ada
        password: {{value: "{password}"}}
"""


def apply(password):
    store, hasher = MemoryStore(), WeakHasher()
    credentials = Credentials(
        hash_password=hasher.hash, verify_password=lambda plain, hashed: hasher.verify(hashed, plain)
    )
    return store, asyncio.run(apply_directory(FILE.format(password=password), store, START, credentials))


def test_the_documented_password_is_a_seed_without_being_marked_so():
    store, plan = apply("Entrada-dev-2026")
    assert not isinstance(plan, FileRefused), plan
    assert asyncio.run(store.find_seed()) == "the password of ada@example.org"


@pytest.mark.parametrize("password", ["short", "ada is my name", "aaaaaaaaaaaaaa"])
def test_a_poor_password_is_refused_with_its_place(password):
    store, plan = apply(password)
    assert isinstance(plan, FileRefused)
    assert plan.faults[0].at.line == 10
    assert asyncio.run(store.list_tenants()) == ()


LEANS = """
tenants:
  - id: 11111111-2222-4333-8444-555555555555
    displayName: Umbrella Works
    domains: [example.org]
    policies: {{bannedPasswords: [quince]}}
    users:
      - userPrincipalName: ada@example.org
        displayName: Ada Lindqvist
        givenName: Annika
        password: {}
"""
LEANING = ["quince-quince-9", "Umbrella-2026!!", "lindqvist-1815-", "annika-annika-1"]


def settled(document, environment=None, replace_seed=None, store=None):
    hasher = WeakHasher()
    credentials = Credentials(
        hash_password=hasher.hash,
        verify_password=lambda plain, hashed: hasher.verify(hashed, plain),
        environment=environment or {},
        replace_seed=replace_seed,
    )
    return asyncio.run(apply_directory(document, store or MemoryStore(), START, credentials))


@pytest.mark.parametrize("password", LEANING)
def test_what_the_tenant_bans_and_guessers_know_is_refused_in_a_file_too(password):
    assert not isinstance(apply(password)[1], FileRefused)  # of somebody else it is good enough
    for document in (LEANS.format(f'{{value: "{password}"}}'), LEANS.format("{environment: ADAS}")):
        plan = settled(document, {"ADAS": password})
        assert isinstance(plan, FileRefused)
        assert "guessers" in plan.faults[0].message


@pytest.mark.parametrize("password", LEANING)
def test_and_in_place_of_a_seed(password):
    document = LEANS.format("{value: Entrada-dev-2026, seed: true}")
    with pytest.raises(CannotBegin, match="ENTRADA_PASSWORD_ADA is not good enough"):
        settled(document, replace_seed=replacement({"ENTRADA_PASSWORD_ADA": password}))


def test_what_is_banned_later_stays_where_it_is():
    store, document = MemoryStore(), LEANS.format('{value: "quince-quince-9"}')
    assert not isinstance(settled(document.replace("[quince]", "[medlar]"), store=store), FileRefused)
    assert not isinstance(settled(document, store=store), FileRefused)


def test_a_good_one_is_taken():
    store, plan = apply("four unrelated curtains")
    assert not isinstance(plan, FileRefused), plan
    assert asyncio.run(store.find_seed()) is None

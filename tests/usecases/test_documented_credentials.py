"""What stands in the documentation is a seed wherever it turns up, and a chosen password is long enough in a file too."""

import asyncio

import pytest

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


def test_a_good_one_is_taken():
    store, plan = apply("four unrelated curtains")
    assert not isinstance(plan, FileRefused), plan
    assert asyncio.run(store.find_seed()) is None

"""Tokens in the vault: the same comes back, over processes and versions, and reading one loads little."""

import os
import subprocess
import sys

import pytest
from attrs import evolve

from entrada.client.errors import StorageError
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import AccessToken, Account
from entrada.core.jose.numeric_date import NumericDate
from tests.client.vault.places import environment, keep, vault_in

HERE = Partition("https://localhost:8443/colors", "app", "issuer ben")
BEN = Account(issuer="issuer", tenant_id="colors", user_id="ben", username="ben@colors.example", name="Ben")
PLAIN = AccessToken(value="plain", scopes=frozenset({"a", "b"}), expires_at=NumericDate(1))
WHOLE = evolve(PLAIN, value="whole", asked=frozenset({"c/.default"}), refresh_at=NumericDate(2), token_type="DPoP")
KEPT = Kept(account=BEN, access=(PLAIN, WHOLE), refresh_token="refresh", id_token="id")


@pytest.fixture
def cache(tmp_path):
    return EncryptedFileCache(vault_in(tmp_path))


@pytest.mark.parametrize("kept", [KEPT, Kept()], ids=["everything", "nothing"])
def test_what_is_kept_comes_back(tmp_path, cache, kept):
    assert cache.change(HERE, lambda _: kept) == kept
    assert EncryptedFileCache(vault_in(tmp_path)).read(HERE) == kept


# fmt: off
OTHERS = [
    pytest.param(evolve(HERE, authority="https://localhost:8444/colors"), id="another port"),
    pytest.param(evolve(HERE, client_id="another"),                       id="another application"),
    pytest.param(evolve(HERE, account="issuer cai"),                      id="another account"),
    pytest.param(evolve(HERE, account=""),                                id="the application itself"),
]
# fmt: on


@pytest.mark.parametrize("other", OTHERS)
def test_partitions_know_nothing_of_each_other(cache, other):
    cache.change(HERE, lambda _: KEPT)
    assert cache.read(other) is None
    give_up = cache.claim(HERE)
    assert cache.claim(HERE) is None
    assert cache.claim(other) is not None
    give_up()
    cache.change(other, lambda _: Kept())
    assert set(cache.partitions()) == {(HERE, BEN), (other, None)}
    cache.change(HERE, lambda _: None)
    assert cache.read(HERE) is None
    assert cache.partitions() == ((other, None),)


def test_secrets_of_profiles_are_no_tokens(cache):
    keep(cache.vault, "secret/work", b"a secret")
    assert cache.partitions() == ()


@pytest.mark.parametrize(
    "content", [b'{"version":2}', b"[]", b"", b'{"version":1}'], ids=["newer", "list", "none", "less"]
)
def test_what_another_version_wrote_is_told_and_left(cache, content):
    cache.change(HERE, lambda _: KEPT)
    (name,) = cache.vault.names("tokens/")
    keep(cache.vault, name, content)
    with pytest.raises(StorageError, match="another version of entrada"):
        cache.read(HERE)
    with pytest.raises(StorageError, match="another version of entrada"):
        cache.change(HERE, lambda _: KEPT)
    assert cache.vault.read(name) == content


HEAVY = [
    "httpx2",
    "asyncio",
    "ssl",
    "joserfc",
    "click",
    "http.client",
    "email",
    "socket",
    "logging",
    "sqlite3",
    "secretstorage",
    "keyring",
]
READING = """
import sys
from pathlib import Path
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.port import Partition
from entrada.client.vault import open_vault

def none(_):
    raise AssertionError

cache = EncryptedFileCache(open_vault(Path(sys.argv[1]), {"HOME": sys.argv[2]}, entropy=none))
kept = cache.read(Partition("https://localhost:8443/colors", "app", "issuer ben"))
print(kept.access[0].value, *sys.modules)
"""


def test_reading_a_token_loads_neither_a_network_nor_a_signature(tmp_path, cache):
    cache.change(HERE, lambda _: KEPT)
    command = [sys.executable, "-c", READING, str(tmp_path / "vault"), str(tmp_path)]
    there = environment(tmp_path, PATH=os.environ["PATH"])
    value, *loaded = subprocess.run(command, env=there, check=True, capture_output=True, text=True).stdout.split()
    assert value == "plain"
    heavy = [name for name in loaded if name in HEAVY]
    ours = [name for name in loaded if name.startswith("entrada.core.jose.") and not name.endswith(".numeric_date")]
    assert heavy + ours == []

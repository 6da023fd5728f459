"""The client toolkit: a token at hand, an import, a token verified, one renewal for all who ask.  Design section 11.

Whole processes are run in turns with bare Python and with Click alone: their times drift together.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from attrs import define, field
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from entrada.client.api_protection.access_token import verified_principal
from entrada.client.api_protection.fake_authority import FakeAuthority
from entrada.client.api_protection.protected_api import protected_api
from entrada.client.authority import entra_authority
from entrada.client.discovery.provider import Provider
from entrada.client.driver import drive, drive_async
from entrada.client.flow import Call, Flow, Reply
from entrada.client.settings import Settings
from entrada.client.token_cache.async_token_source import AsyncTokenSource
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.memory import MemoryCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.token_cache.token_source import TokenSource
from entrada.client.tokens import AccessToken, Account, Tokens
from entrada.client.vault import open_vault
from entrada.core.jose.numeric_date import NumericDate
from tests.drivers.live_server import CLI, COLORS

AUTHORITY = f"https://localhost:8443/{COLORS}"
SCOPE = "User.Read"
BEN = Account(issuer=f"{AUTHORITY}/v2.0", tenant_id=COLORS, user_id="ben", username="ben@colors.example")
HERE = Partition(AUTHORITY, CLI, BEN.key)
FAR = NumericDate(4_000_000_000)
TURNS = 15
ASKERS = 1_000


def figures() -> None:
    print("The client toolkit")
    _processes()
    _verification()
    print(f"  renewals for {ASKERS} tasks that ask for an expired token    {_renewals_of_tasks()} (target 1)")
    print(
        f"  renewals for {ASKERS} threads that do                        {_renewals_of_threads()} (target 1)\n",
        flush=True,
    )


# ---- whole processes ----


def _processes() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = furnished(Path(home))
        entrada = str(Path(sys.executable).parent / "entrada")
        commands = {
            _PYTHON: ([sys.executable, "-c", "pass"], ""),
            _CLICK: ([sys.executable, "-c", "import click"], ""),
            _STANDS_ON: ([sys.executable, "-c", _GROUND], "what get-token stands on"),
            "  import entrada.client": ([sys.executable, "-c", "import entrada.client"], "target 60"),
            "  from entrada.client import Client": (
                [sys.executable, "-c", "from entrada.client import Client"],
                "target 60",
            ),
            _GET_TOKEN: ([entrada, "get-token"], "target 80"),
            "  entrada --version": ([entrada, "--version"], "what every command stands on"),
            "  entrada config list": ([entrada, "config", "list"], ""),
            "  the name of a profile, completed": ([entrada], ""),
        }
        completing = {"_ENTRADA_COMPLETE": "bash_complete", "COMP_WORDS": "entrada get-token -p b", "COMP_CWORD": "3"}
        environments = [environment] * (len(commands) - 1) + [environment | completing]
        times = _in_turns([command for command, _ in commands.values()], environments)
        for (name, (_, note)), taken in zip(commands.items(), times, strict=True):
            print(
                f"  {name:<44} min {1e3 * min(taken):6.1f}  median {1e3 * median(taken):6.1f} ms   {note}", flush=True
            )
        _ratios(dict(zip(commands, times, strict=True)))


def _ratios(times: dict[str, list[float]]) -> None:
    """Of the same run: what another machine, or this one under load, has in common with this one."""
    for name in (_PYTHON, _CLICK, _STANDS_ON):
        best, middle = (least(times[_GET_TOKEN]) / least(times[name]) for least in (min, median))
        print(f"  get-token / {name.strip():<32} min {best:6.2f}  median {middle:6.2f}", flush=True)


_PYTHON, _CLICK, _STANDS_ON = "python -c pass", "  import click", "  import attrs, click, AESGCM"
_GET_TOKEN = "  entrada get-token, from the sealed file"
_GROUND = "import attrs, click; from cryptography.hazmat.primitives.ciphers.aead import AESGCM"


def furnished(home: Path) -> dict[str, str]:
    """A home with one profile and its token in the vault."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "ENTRADA_VAULT": "key-file", "NO_COLOR": "1"}
    create = ["config", "create", "bench", "--authority", AUTHORITY, "--client-id", CLI, "--scope", SCOPE]
    entrada = Path(sys.executable).parent / "entrada"
    subprocess.run([entrada, *create], env=environment, check=True, capture_output=True)
    folder = home / ".local" / "share" / "entrada" / "vault"
    vault = open_vault(folder, environment, entropy=os.urandom, say=lambda _: None)
    kept = Kept(account=BEN, access=(_token("x" * 1800),), refresh_token="r" * 1200, id_token="i" * 1200)
    EncryptedFileCache(vault).change(HERE, lambda _: kept)
    return environment


def _in_turns(commands: list[list[str]], environments: list[dict[str, str]]) -> list[list[float]]:
    times = [list[float]() for _ in commands]
    for turn in range(TURNS + 1):
        for command, environment, taken in zip(commands, environments, times, strict=True):
            began = time.perf_counter()
            subprocess.run(command, env=environment, check=True, capture_output=True)
            if turn:  # the first leaves byte code and a warm disk
                taken.append(time.perf_counter() - began)
    return times


def _token(value: str, *, expires_at: NumericDate = FAR) -> AccessToken:
    return AccessToken(value=value, scopes=frozenset({SCOPE}), expires_at=expires_at)


# ---- verification ----


def _verification() -> None:
    now = NumericDate(int(time.time()))
    api = protected_api(Settings(authority=entra_authority(AUTHORITY), client_id=CLI))
    authority, provider = FakeAuthority(api, lambda: now), Provider(api.authority)
    token = authority.test_token(scopes=["Colors.Read"])
    raw, whole = _best(
        _raw_verification(),
        lambda: drive(verified_principal(token, api=api, provider=provider, now=now), authority),
    )
    name = "an access token verified, every claim"
    print(f"  {name:<44} {1e6 * whole:6.1f} µs (target 60), RS256 alone {1e6 * raw:.1f}")


def _raw_verification() -> Callable[[], object]:
    key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
    data = b"x" * 800
    signature, public = key.sign(data, PKCS1v15(), SHA256()), key.public_key()
    return lambda: public.verify(signature, data, PKCS1v15(), SHA256())


def _best(*works: Callable[[], object]) -> list[float]:
    """Seconds a call, each the least disturbed of many short rounds taken in turns."""
    best = [float("inf")] * len(works)
    for _ in range(60):
        for number, work in enumerate(works):
            began = time.perf_counter()
            for _ in range(100):
                work()
            best[number] = min(best[number], (time.perf_counter() - began) / 100)
    return best


# ---- one renewal ----


@define
class _Authority:
    """Takes a twentieth of a second to renew, and counts."""

    now: NumericDate = NumericDate(1_800_000_000)
    renewals: int = 0
    cache: MemoryCache = field(factory=MemoryCache)
    here: Partition = HERE

    def __attrs_post_init__(self) -> None:
        expired = Kept(account=BEN, access=(_token("old", expires_at=self.now),), refresh_token="refresh")
        self.cache.change(self.here, lambda _: expired)

    def renew(self, kept: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
        self.renewals += 1
        yield Call(url=AUTHORITY)
        return Tokens(access=_token("new"))

    def send(self, _: Call) -> Reply:
        time.sleep(0.05)
        return Reply(status=200, body=b"")

    async def send_async(self, _: Call) -> Reply:
        await asyncio.sleep(0.05)
        return Reply(status=200, body=b"")

    def clock(self) -> NumericDate:
        return self.now


def _renewals_of_tasks() -> int:
    at = _Authority()
    source = AsyncTokenSource(
        cache=at.cache,
        partition=at.here,
        renew=at.renew,
        clock=at.clock,
        drive=lambda flow: drive_async(flow, at.send_async),
    )

    async def ask() -> list[AccessToken]:
        return await asyncio.gather(*(source.token_for([SCOPE]) for _ in range(ASKERS)))

    assert {token.value for token in asyncio.run(ask())} == {"new"}
    return at.renewals


def _renewals_of_threads() -> int:
    at = _Authority()
    source = TokenSource(
        cache=at.cache, partition=at.here, renew=at.renew, clock=at.clock, drive=lambda flow: drive(flow, at.send)
    )
    with ThreadPoolExecutor(ASKERS) as threads:
        answers = list(threads.map(lambda _: source.token_for([SCOPE]), range(ASKERS)))
    assert {token.value for token in answers} == {"new"}
    return at.renewals


if __name__ == "__main__":
    figures()

"""Names are looked up a few at a time, and one that hangs holds up nothing else."""

import asyncio
import socket
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from entrada.server.egress.fetch import Egress, NotFetched
from entrada.server.egress.resolver import AT_ONCE, Resolver

pytestmark = pytest.mark.anyio


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """What the machine's resolver does where no nameserver answers; set, it gives up."""
    goes_on, real = Event(), socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        if not host.endswith(".slow.example"):
            return real(host, *rest, **more)
        goes_on.wait(30)
        raise socket.gaierror("nobody answered")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield goes_on
    goes_on.set()


async def test_an_address_is_its_own() -> None:
    assert await Resolver()("127.0.0.1", 443) == ["127.0.0.1"]


async def test_when_all_threads_hang_a_fetch_fails_at_once_and_later_works_again(hang: Event) -> None:
    resolver = Resolver()
    hanging = [asyncio.ensure_future(resolver(f"{n}.slow.example", 443)) for n in range(AT_ONCE)]
    await asyncio.sleep(0)
    with pytest.raises(NotFetched, match="too many names"):
        await asyncio.wait_for(Egress(resolve=resolver).fetch_json("https://issuer.example/"), 5)
    hang.set()
    assert {type(one) for one in await asyncio.gather(*hanging, return_exceptions=True)} == {socket.gaierror}
    assert await resolver("127.0.0.1", 443) == ["127.0.0.1"]


async def test_whoever_gave_up_still_holds_a_thread(hang: Event) -> None:
    resolver = Resolver()
    for n in range(AT_ONCE):
        with pytest.raises(NotFetched, match="longer than"):
            await Egress(resolve=resolver, patience=0.01).fetch_json(f"https://{n}.slow.example/")
    with pytest.raises(OSError, match="too many names"):
        await resolver("127.0.0.1", 443)


async def test_the_threads_of_others_stay_free(hang: Event) -> None:
    resolver = Resolver()
    hanging = [asyncio.ensure_future(resolver(f"{n}.slow.example", 443)) for n in range(AT_ONCE)]
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 5) == "free"
    hang.set()
    await asyncio.gather(*hanging, return_exceptions=True)

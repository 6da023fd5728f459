"""What lies outside, in process: whoever is asked by origin, and what they were asked."""

from collections.abc import Awaitable, Callable, Sequence

from attrs import define, field, frozen

from entrada.server.egress.answers import Fetched, NotFetched, Sent


@frozen
class Asked:
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for one, value in self.headers if one.lower() == name.lower()), None)


House = Callable[[Asked], Awaitable[Sent]]


@define
class Streets:
    houses: dict[str, House] = field(factory=dict)
    asked: list[Asked] = field(factory=list)

    async def send(self, method: str, url: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> Sent:
        one = Asked(method, url, tuple(headers), body)
        self.asked.append(one)
        for origin, house in self.houses.items():
            if url.startswith(f"{origin}/"):
                return await house(one)
        raise NotFetched("nobody lives there")

    async def fetch_json(self, url: str) -> dict[str, object]:
        raise NotFetched(f"nobody serves {url}")

    async def fetch_text(self, url: str) -> Fetched:
        raise NotFetched(f"nobody serves {url}")


def answering(status: int, body: bytes = b"", *headers: tuple[str, str]) -> House:
    async def house(_: Asked) -> Sent:
        return Sent(status, headers, body)

    return house

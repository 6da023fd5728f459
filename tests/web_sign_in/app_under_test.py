"""What a test sees of the application under test, whichever framework it is made with."""

import json
from typing import Any, Protocol

from attrs import field, frozen


@frozen(kw_only=True)
class Asked:
    method: str
    origin: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(factory=dict)
    cookies: dict[str, str] = field(factory=dict)
    body: bytes = b""

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@frozen(kw_only=True)
class Seen:
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case
    text: str

    @property
    def location(self) -> str:
        return self.header("location")

    @property
    def set_cookies(self) -> list[str]:
        return [value for name, value in self.headers if name == "set-cookie"]

    def header(self, name: str) -> str:
        return next((value for found, value in self.headers if found == name), "")

    def json(self) -> Any:
        return json.loads(self.text)


class AppUnderTest(Protocol):
    def send(self, asked: Asked) -> Seen: ...

    def send_together(self, asked: list[Asked]) -> list[Seen]:
        """At the same time: by threads, or by tasks of one loop."""
        ...

    def close(self) -> None: ...

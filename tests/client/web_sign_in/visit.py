"""A site and a browser of plain values, at an authority that acts: no framework, no network."""

from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from attrs import define, field

from entrada.client.authority import entra_authority
from entrada.client.driver import drive
from entrada.client.flow import Call, Flow, Reply
from entrada.client.web_sign_in.exchange import Request, Response
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.site import Site
from entrada.client.web_sign_in.web_settings import WebSettings
from tests.web_sign_in.authority import CLIENT, SECRET, ActingAuthority

KEY = "k" * 42 + "0"


def entropy_of(start: int) -> Any:
    numbers = count(start)
    return lambda size: next(numbers).to_bytes(size)


@define
class Visit:
    authority: ActingAuthority = field(factory=ActingAuthority)
    changes: dict[str, Any] = field(factory=dict)  # of the settings
    store: SessionStore | None = None
    others: Any = None  # answers calls that are not the authority's
    jar: dict[str, str] = field(factory=dict)
    meanwhile: Any = None  # is done while a code is redeemed
    site: Site = field(init=False)

    def __attrs_post_init__(self) -> None:
        settings = WebSettings(**{
            "authority": entra_authority(self.authority.url), "client_id": CLIENT, "client_secret": SECRET,
            "public_url": "https://app.example", "key": KEY, **self.changes,
        })  # fmt: skip
        more: dict[str, Any] = {"store": self.store} if self.store is not None else {}
        start = 1 << 64 if self.store is None else id(self)  # another process draws other numbers
        self.site = Site(settings, clock=self.authority.clock, entropy=entropy_of(start), **more)

    def request(self, path: str = "/", *, method: str = "GET", form: Any = None, **headers: str) -> Request:
        parts = urlsplit(path)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Request(
            method=method, path=parts.path, query_string=parts.query, form=form or {}, cookies=dict(self.jar),
            headers={"accept": "text/html", **named}, scheme="https", host="app.example",
            client_address="203.0.113.9",
        )  # fmt: skip

    def run(self, flow: Flow[Any]) -> Any:
        return drive(flow, self.send)

    def send(self, call: Call) -> Reply:
        if self.others is not None and not call.url.startswith("https://login.example/"):
            return self.others(call)
        if self.meanwhile is not None and call.url.endswith("/token"):
            self.meanwhile()
        return self.authority(call)

    def keep(self, answer: Response) -> Response:
        for cookie in answer.cookies:
            if cookie.max_age == 0:
                self.jar.pop(cookie.name, None)
            else:
                self.jar[cookie.name] = cookie.value
        return answer

    def go(self, name: str, query: str = "", **changes: Any) -> Response:
        return self.keep(self.run(self.site.answer(name, self.request(f"/auth/{name}?{query}", **changes))))

    def come_back(self, away: Response) -> Response:
        """From the authority, where *away* leads."""
        return self.go("callback", urlencode(self.authority.page(away.headers["Location"]).fields))

    def sign_in(self, query: str = "") -> Response:
        return self.come_back(self.go("login", query))

    def user(self) -> Any:
        return self.run(self.site.user_of(self.request()))

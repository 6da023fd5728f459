"""What a web framework hands in and gets back: plain values, so that every framework behaves alike."""

import json
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve, field, frozen

_MOST_PARAMETERS: Final = 100
_NAVIGATES: Final = "navigate"
SAFE: Final = frozenset({"GET", "HEAD"})


def read_parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is said twice is as good as not said (RFC 6749 §3.1): no two readers must take different ones."""
    found = dict[str, str]()
    twice = set[str]()
    for name, value in pairs:
        twice |= {name} if name in found else set()
        found[name] = value
    return {name: value for name, value in found.items() if name not in twice}


@frozen(kw_only=True)
class Request:
    """One request as the application saw it.  Nothing of it is trusted: whose Host to believe, `whereabouts` says."""

    method: str
    path: str  # below `root_path`, decoded
    query_string: str = field(default="", repr=False)  # raw, without the question mark
    form: Mapping[str, str] = field(factory=dict[str, str], repr=False)  # by `read_parameters`; empty unless posted
    cookies: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)  # names in lower case
    scheme: str = "http"  # of the socket or, where the framework was told of a proxy, what that proxy said
    host: str = ""  # the Host header
    root_path: str = ""  # where the application is mounted: ASGI's root_path, WSGI's SCRIPT_NAME
    client_address: str = ""  # for the log alone; empty where the framework does not tell

    @property
    def query(self) -> dict[str, str]:
        try:
            return read_parameters(
                parse_qsl(self.query_string, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
            )
        except ValueError:
            return {}

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE

    @property
    def navigates(self) -> bool:
        """Is it a person's browser going to a page, rather than a script asking for data?"""
        mode = self.headers.get("sec-fetch-mode")
        if mode is not None:
            return mode == _NAVIGATES
        if self.headers.get("x-requested-with", "").lower() == "xmlhttprequest":
            return False
        return "text/html" in self.headers.get("accept", "")


@frozen(kw_only=True)
class Cookie:
    """Always HttpOnly and for the whole host.  A *max_age* of 0 drops it, None is until the browser closes."""

    name: str
    value: str = field(repr=False)
    max_age: int | None = None
    same_site: str = "Lax"
    secure: bool = True

    def header(self) -> str:
        age = "" if self.max_age is None else f"; Max-Age={self.max_age}"
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={self.value}; Path=/; HttpOnly; SameSite={self.same_site}{age}{secure}"


@frozen(kw_only=True)
class Response:
    status: int
    headers: Mapping[str, str] = field(factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)
    cookies: tuple[Cookie, ...] = ()

    def with_cookies(self, *cookies: Cookie) -> "Response":
        return evolve(self, cookies=(*self.cookies, *cookies))

    def header_list(self) -> list[tuple[str, str]]:
        """With a Set-Cookie for each cookie: all that a framework has to send."""
        return [*self.headers.items(), *(("Set-Cookie", cookie.header()) for cookie in self.cookies)]


_PRIVATE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def redirect(url: str, *, after_post: bool = False) -> Response:
    """303 after a POST, so that no browser posts again (RFC 9110 §15.4.4)."""
    return Response(status=303 if after_post else 302, headers={**_PRIVATE, "Location": url})


def json_answer(status: int, members: Mapping[str, object], **headers: str) -> Response:
    body = json.dumps(members, separators=(",", ":")).encode()
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers={**_PRIVATE, "Content-Type": "application/json", **more}, body=body)


def html_answer(status: int, page: str, *, policy: str) -> Response:
    headers = {**_PRIVATE, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return Response(status=status, headers=headers, body=page.encode())


def empty_answer(status: int = 200) -> Response:
    return Response(status=status, headers={**_PRIVATE, "Content-Type": "text/plain; charset=utf-8"})

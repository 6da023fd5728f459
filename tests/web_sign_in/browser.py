"""A browser as far as cookies go: one jar, and which cookies go with which kind of request.  RFC 6265bis §5.

`SameSite=Lax` goes along from another site only when the person follows a link; `None` always, and only if `Secure`.
"""

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from attrs import define, field, frozen

from tests.web_sign_in.app_under_test import AppUnderTest, Asked, Seen


@frozen(kw_only=True)
class Cookie:
    name: str
    value: str = field(repr=False)
    path: str
    same_site: str  # lax, strict, none
    secure: bool
    http_only: bool


@define
class Browser:
    app: AppUnderTest
    origin: str = "https://app.example"
    headers: dict[str, str] = field(factory=dict)  # of every request: what a proxy adds
    jar: dict[tuple[str, str], Cookie] = field(factory=dict)  # by name and path

    def open(self, path: str, *, from_elsewhere: bool = False) -> Seen:
        """Typed, or a link that is followed: *from_elsewhere*, on a page of another site."""
        return self._send("GET", path, "cross-site" if from_elsewhere else "none", {"accept": "text/html"})

    def fetch(self, path: str, **headers: str) -> Seen:
        """What a page's script asks; it follows redirects, within the origin."""
        mode = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "accept": "application/json"}
        seen = self._send("GET", path, "same-origin", {**mode, **headers})
        return self.fetch(seen.location, **headers) if seen.location.startswith("/") else seen

    def post(self, path: str, fields: dict[str, str], *, from_elsewhere: bool = False) -> Seen:
        site = "cross-site" if from_elsewhere else "same-origin"
        origin = "https://login.example" if from_elsewhere else self.origin
        form = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html", "origin": origin}
        if not from_elsewhere:
            form["referer"] = f"{self.origin}/"
        return self._send("POST", path, site, form, urlencode(fields).encode())

    def frame(self, path: str) -> Seen:
        """In an invisible frame on a page of another site: how the authority tells of a sign-out."""
        return self._send("GET", path, "cross-site", {"accept": "text/html", "sec-fetch-dest": "iframe"}, framed=True)

    def answer(self, answer: Any) -> Seen:
        """Bring back what the authority answered."""
        if answer.posted:
            return self.post(answer.path, answer.fields, from_elsewhere=True)
        return self.open(answer.path, from_elsewhere=True)

    def cookies(self) -> list[Cookie]:
        return list(self.jar.values())

    def sent(self, path: str, site: str = "none", *, follows_link: bool = True) -> dict[str, str]:
        """The cookies that go along."""
        found = {}
        for cookie in self.jar.values():
            below = path == cookie.path or path.startswith(cookie.path.rstrip("/") + "/")
            lax = site != "cross-site" or follows_link
            fits = {"none": cookie.secure, "lax": lax, "strict": site != "cross-site"}[cookie.same_site]
            if below and fits and (not cookie.secure or self.origin.startswith("https:")):
                found[cookie.name] = cookie.value
        return found

    def _send(
        self, method: str, path: str, site: str, headers: dict[str, str], body: bytes = b"", *, framed: bool = False
    ) -> Seen:
        parts = urlsplit(path)
        cookies = self.sent(parts.path, site, follows_link=method == "GET" and not framed)
        fetch = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        asked = Asked(
            method=method,
            origin=self.origin,
            path=parts.path,
            query=parts.query,
            headers={**fetch, **headers, **self.headers},
            cookies=cookies,
            body=body,
        )
        seen = self.app.send(asked)
        for line in seen.set_cookies:
            self._keep(line, parts.path)
        return seen

    def _keep(self, line: str, path: str) -> None:
        for name, said in SimpleCookie(line).items():
            cookie = Cookie(
                name=name,
                value=said.value,
                path=said["path"] or path.rpartition("/")[0] or "/",
                same_site=(said["samesite"] or "lax").lower(),
                secure=bool(said["secure"]),
                http_only=bool(said["httponly"]),
            )
            if name.startswith("__Host-"):
                assert (cookie.secure, cookie.path, said["domain"]) == (True, "/", ""), line
            over = said["max-age"] == "0" or "1970" in said["expires"]
            if over:
                self.jar.pop((name, cookie.path), None)
            elif cookie.same_site != "none" or cookie.secure:
                self.jar[name, cookie.path] = cookie

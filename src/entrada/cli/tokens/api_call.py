"""Call an API with a token, and write what it answers.  RFC 6750 §2.1, §3."""

import base64
import binascii
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO, Final, TypeAlias
from urllib.parse import urljoin, urlsplit

import click
import httpx2
from attrs import evolve, field, frozen

from entrada.cli.endings import FAILED, NO_NETWORK, REFUSED, Ended
from entrada.cli.tokens.chosen import chosen
from entrada.cli.tokens.deadline import deadline
from entrada.cli.tokens.got import found
from entrada.cli.tokens.network import client_over, trusted_too
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.own_roots import roots_for, roots_of
from entrada.cli.tokens.question import Question, question
from entrada.cli.tokens.scope_of_url import scope_of
from entrada.cli.tokens.trace import trace_here
from entrada.cli.unseen import one_line

Begun: TypeAlias = Callable[[], BinaryIO]
"""What the answer is written to, from the moment that there is one."""

_CLAIMS: Final = re.compile(r'\bclaims="([A-Za-z0-9+/_=-]{1,8192})"')
_MOST_REDIRECTS: Final = 10
_REFUSED: Final = 400
_UNAUTHORIZED: Final = 401


@frozen(kw_only=True)
class Request:
    url: str
    method: str | None = None
    headers: list[tuple[str, str]] = field(factory=list[tuple[str, str]], repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def verb(self) -> str:
        return (self.method or ("GET" if self.body is None else "POST")).upper()


@frozen(kw_only=True)
class Shape:
    """What of the answer is written, and when it is a failure."""

    include: bool
    location: bool
    fail: bool
    body_of_failures: bool


def call(options: Options, request: Request, shape: Shape, to: Begun) -> None:
    """Raises Ended for a failure, where those are to be told."""
    asked = _question(options, request)
    ca_file = roots_for(asked) or roots_of(request.url)
    with (
        deadline(options.wishes.timeout),
        client_over(trusted_too(ca_file), request.url) as client,
    ):
        calling = Calling(client=client, options=options, asked=asked, shape=shape, to=to)
        try:
            calling.answered(request)
        except httpx2.InvalidURL as error:
            raise Ended(f"{request.url} is no URL: {error}", REFUSED) from None
        except httpx2.HTTPError as error:
            raise Ended(f"{urlsplit(request.url).netloc} cannot be reached: {error}", NO_NETWORK) from None


def _question(options: Options, request: Request) -> Question:
    parts = urlsplit(request.url)
    picked = options.applied(chosen(options.asked))
    known = scope_of(parts, picked.up)
    if not (known or options.wishes.scopes or (picked.kept and picked.profile.scopes)):
        raise click.UsageError(f"Nobody knows what {parts.netloc} wants a token for. Say it with --scope.")
    return question(picked, options.wishes, known)


@frozen(kw_only=True)
class Calling:
    client: httpx2.Client
    options: Options
    asked: Question
    shape: Shape
    to: Begun

    def answered(self, request: Request) -> None:
        claims = None
        for _ in range(_MOST_REDIRECTS):
            with self._sent(request, claims) as answer:
                challenge = claims_of(answer) if claims is None else None
                onward = None if challenge else self._onward(request, answer)
                if challenge is None and onward is None:
                    self._written(answer)
                    return
            claims, request = challenge or claims, onward or request
        raise Ended(f"{request.url} redirects again and again.", FAILED)

    def _sent(self, request: Request, claims: str | None) -> AbstractContextManager[httpx2.Response]:
        token = found(self._with(claims), self.options).token
        headers = [*request.headers, ("Authorization", f"{token.token_type} {token.value}")]
        if self.options.trace:
            trace_here().note(f"{request.verb} {request.url.partition('?')[0]}, with the token")
        return self.client.stream(request.verb, request.url, headers=headers, content=request.body)

    def _with(self, claims: str | None) -> Question:
        if claims is None:
            return self.asked
        return self.asked._replace(wishes=self.asked.wishes._replace(claims=claims))

    def _onward(self, request: Request, answer: httpx2.Response) -> Request | None:
        """Where it is followed to; the token goes to no other origin."""
        if not self.shape.location or not answer.has_redirect_location:
            return None
        url = _led_to(request.url, answer.headers["location"])
        if urlsplit(url)[:2] != urlsplit(request.url)[:2]:
            raise Ended(f"It redirects to another origin, where the token does not go: {url}", FAILED)
        if answer.status_code in (307, 308):
            return evolve(request, url=url)
        return evolve(request, url=url, method="GET", body=None)

    def _written(self, answer: httpx2.Response) -> None:
        if self.options.trace:
            trace_here().note(f"{answer.status_code} {answer.reason_phrase}")
        refused = answer.status_code >= _REFUSED
        to = self.to()
        if self.shape.include:
            to.write(_head(answer))
        if not refused or self.shape.body_of_failures or not self.shape.fail:
            for chunk in answer.iter_bytes():
                to.write(chunk)
        to.flush()
        if refused and self.shape.fail:
            why = answer.headers.get("www-authenticate", "")
            said = f": {one_line(why)}" if why else ""
            raise Ended(f"The API answered {answer.status_code} {answer.reason_phrase}{said}", FAILED)


def _led_to(url: str, location: str) -> str:
    try:
        found = urljoin(url, location)
        httpx2.URL(found)
    except (ValueError, httpx2.InvalidURL):
        raise Ended(f"It redirects to what is no URL: {location!r}", FAILED) from None
    return found


def claims_of(answer: httpx2.Response) -> str | None:
    """Of a challenge, as JSON; None where there is none."""
    if answer.status_code != _UNAUTHORIZED:
        return None
    told = _CLAIMS.search(answer.headers.get("www-authenticate", ""))
    if told is None:
        return None
    text = told[1].replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _head(answer: httpx2.Response) -> bytes:
    lines = [f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

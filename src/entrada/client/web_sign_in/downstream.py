"""Call an API in the person's name: with their token, to its own origin, and once more when it challenges.

A challenge (401, `insufficient_claims`) is answered with a token for its claims, once; one that stays needs the person.
Reference: claims challenges, continuous access evaluation.
"""

import json
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from attrs import evolve, field, frozen

from entrada.client.authority import LOOPBACK
from entrada.client.errors import BadSettings, InteractionRequired, OAuthError
from entrada.client.flow import Call, Flow, Reply
from entrada.client.tokens import AccessToken
from entrada.client.web_sign_in.web_settings import Api

TokenFor = Callable[[tuple[str, ...], str | None], Flow[AccessToken]]

_CHALLENGE: Final = re.compile(r'\b(error|claims)\s*=\s*"([^"]*)"')
_LONGEST: Final = 16_384


@frozen(kw_only=True)
class ApiReply:
    """Redirects are answers too: a token follows none."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    content: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """Raises ValueError."""
        return json.loads(self.content)


@frozen(kw_only=True)
class ApiRequest:
    method: str = "GET"
    url: str = ""  # below the base URL, or whole and of its origin
    params: Mapping[str, str] = field(factory=dict[str, str])
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    json: object = None
    content: bytes | None = field(default=None, repr=False)


def call_api(api: Api, asked: ApiRequest, token_for: TokenFor) -> Flow[ApiReply]:
    """Raises InteractionRequired, Unreachable, and BadSettings for a URL that must not get the token."""
    call = _call(api, asked)
    reply = yield _with(call, (yield from token_for(api.scopes, None)))
    claims = challenge_in(reply)
    if claims is not None:
        reply = yield _with(call, (yield from token_for(api.scopes, claims)))
        again = challenge_in(reply)
        if again is not None:
            said = OAuthError(error="insufficient_claims", claims=again)
            raise InteractionRequired("The API wants more than a new token can tell", said, scopes=api.scopes)
    return ApiReply(status=reply.status, headers=reply.headers, content=reply.body)


def challenge_in(reply: Reply) -> str | None:
    """The claims that an API asks for, as JSON; base64 with either alphabet, with or without padding."""
    if reply.status != 401:
        return None
    said = dict(_CHALLENGE.findall(reply.headers.get("www-authenticate", "")[:_LONGEST]))
    if said.get("error") != "insufficient_claims" or "claims" not in said:
        return None
    padded = said["claims"].rstrip("=") + "=" * (-len(said["claims"].rstrip("=")) % 4)
    try:
        decode = urlsafe_b64decode if "-" in padded or "_" in padded else b64decode
        claims = decode(padded).decode()
        return claims if isinstance(json.loads(claims), dict) else None
    except ValueError:
        return None


def _call(api: Api, asked: ApiRequest) -> Call:
    base = api.base_url if api.base_url.endswith("/") else api.base_url + "/"
    url = urljoin(base, asked.url.lstrip("/") if not _is_whole(asked.url) else asked.url)
    _require_below(url, base)
    if asked.params:
        url += ("&" if "?" in url else "?") + urlencode(dict(asked.params))
    headers, content = {name.lower(): value for name, value in asked.headers.items()}, asked.content
    if asked.json is not None:
        headers.setdefault("content-type", "application/json")
        content = json.dumps(asked.json).encode()
    return Call(url=url, method=asked.method.upper(), headers=headers, content=content)


def _is_whole(url: str) -> bool:
    return "://" in url.partition("?")[0]


def _require_below(url: str, base: str) -> None:
    try:
        there, ours = urlsplit(url), urlsplit(base)
        same = (there.scheme, there.hostname, there.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        raise BadSettings("That is no URL of the API") from None
    if not same or "@" in there.netloc or "\\" in url:
        raise BadSettings(
            f"{there.netloc or 'That URL'} is not the API at {ours.netloc}: the token goes nowhere else",
            advice="Give a path, or make a client for the other API.",
        )
    steps = re.split(r"[/\\]", unquote(there.path))
    if not there.path.startswith(ours.path) or "." in steps or ".." in steps:
        raise BadSettings(
            f"That URL is not below {ours.path} of the API, where alone the token goes",
            advice="Quote what a user names: urllib.parse.quote(name, safe='').",
        )
    if there.scheme != "https" and not (there.scheme == "http" and there.hostname in LOOPBACK):
        raise BadSettings(f"{base} is not https", advice="Plain http is for localhost alone.")


def _with(call: Call, token: AccessToken) -> Call:
    return evolve(call, headers={**cast("dict[str, str]", call.headers), "authorization": f"Bearer {token.value}"})

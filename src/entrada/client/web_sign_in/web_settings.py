"""What a web application tells its sign-in, in one frozen value: the toolkit's settings and a few of its own."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen

from entrada.client.authority import LOOPBACK
from entrada.client.errors import BadSettings
from entrada.client.settings import Settings
from entrada.core.jose.numeric_date import Seconds

T = TypeVar("T")
HOUR: Final = 60 * 60


@frozen(kw_only=True)
class Api:
    """An API that the application calls in the person's name."""

    base_url: str
    scopes: tuple[str, ...] = field(converter=tuple[str, ...])


@frozen(kw_only=True)
class SessionLimits:
    idle: Seconds = Seconds(8 * HOUR)  # a session that nobody uses for so long ends
    absolute: Seconds = Seconds(24 * HOUR)  # and every one after that, used or not
    ceiling_claim: str | None = None  # a claim of the ID token, as `session_expiry`: the id provider's own end


def _web_url(_: object, attribute: "Attribute[Any]", url: str | None) -> None:
    if url is None:
        return
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment or url.endswith("/"):
        raise BadSettings(
            f"{attribute.name} is {url!r}", advice="Give https://host, with a path where there is one, and no slash."
        )


def _prefix(_: object, __: "Attribute[str]", prefix: str) -> None:
    if not prefix.startswith("/") or prefix.endswith("/") or "//" in prefix:
        raise BadSettings(f"The prefix is {prefix!r}", advice="Give a path as /auth.")


def _mode(_: object, __: "Attribute[str]", mode: str) -> None:
    if mode not in ("query", "form_post"):
        raise BadSettings(f"The response mode is {mode!r}", advice="Take query or form_post.")


def _limits(given: SessionLimits | Mapping[str, Any]) -> SessionLimits:
    """A table of TOML will do too."""
    return given if isinstance(given, SessionLimits) else _made(SessionLimits, given)


def _apis(given: Mapping[str, Api | Mapping[str, Any]]) -> Mapping[str, Api]:
    return {name: one if isinstance(one, Api) else _made(Api, one) for name, one in given.items()}


def _made(kind: Callable[..., T], members: Mapping[str, Any]) -> T:
    try:
        return kind(**members)
    except TypeError as error:
        raise BadSettings(f"The settings hold something that is none ({error})") from None


@frozen(kw_only=True)
class WebSettings(Settings):
    public_url: str | None = field(default=None, validator=_web_url)  # where browsers reach it; required off loopback
    forwarded_hosts: frozenset[str] = frozenset()  # names for which X-Forwarded-Host, -Proto and -Prefix are believed
    prefix: str = field(default="/auth", validator=_prefix)
    after_logout: str | None = None  # a path; registered with the authority as a redirect URI, or it stays there
    response_mode: str = field(default="query", validator=_mode)  # or form_post
    key: str | None = field(default=None, repr=False)  # seals cookies and sessions: 32 bytes as base64url or hex
    old_keys: tuple[str, ...] = field(default=(), repr=False)  # still open what they sealed
    session: SessionLimits = field(default=SessionLimits(), converter=_limits)
    cookie: str | None = None  # its name, without `__Host-`; None: made of the client id
    guests: bool = True  # let in people who are guests of their tenant
    groups_from_graph: bool = False  # ask Graph when there are too many groups for the token
    graph_url: str = field(default="https://graph.microsoft.com", validator=_web_url)  # of the cloud
    apis: Mapping[str, Api] = field(factory=dict[str, Api], converter=_apis)  # by the names that views use
    continuous_access: bool = False  # say that claims challenges are understood (`cp1`)

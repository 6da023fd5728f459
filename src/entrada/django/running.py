"""The sign-in of this project: made at the first request, and anew when a test changes its settings."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar, cast

from attrs import define, field
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from entrada.client.driver import Send, clock, entropy
from entrada.client.flow import Flow
from entrada.client.web_sign_in.error_pages import Page, make_page
from entrada.client.web_sign_in.exchange import Request
from entrada.client.web_sign_in.hands import Hands
from entrada.client.web_sign_in.site import Site
from entrada.client.web_sign_in.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.django.configured import NAME, Configured, configured
from entrada.django.exchange import request_of
from entrada.django.marks import is_marked, rests_on
from entrada.django.people import Mapped
from entrada.django.sessions import DjangoSessions

T = TypeVar("T")
_USER: Final = "_entrada_user"  # of a request, once it was looked up
_TEMPLATE: Final = "entrada/page.html"  # a project's own, in place of ours
_LOCK: Final = Lock()
_MADE: Final[list["Running"]] = []


@define(eq=False)
class Running:
    """One for the life of the process; its threads share it."""

    site: Site
    hands: Hands = field(repr=False)
    mapped: Mapped

    def run(self, flow: Flow[T]) -> T:
        return self.hands.run(flow)

    def user(self, request: HttpRequest) -> User | None:
        """Who sent the request, to the authority's knowledge, if Django has them for the same; looked up once."""
        if self.site.stand_in is None and not is_marked(request):
            return None
        if not hasattr(request, _USER):
            self.remember(request, self.run(self.site.user_of(request_of(request))))
        found = cast("User | None", getattr(request, _USER))
        return found if self.site.stand_in is not None or rests_on(request, found) else None

    def asked(self, request: HttpRequest) -> Request:
        """What the sign-in is asked in a view: of nobody, where Django's session does not rest on theirs."""
        plain = request_of(request)
        return plain if self.user(request) is not None else self.site.as_nobody(plain)

    def remember(self, request: HttpRequest, user: User | None) -> None:
        setattr(request, _USER, user)


def at_work() -> Running | None:
    """None where nobody has asked for it: in a project that protects an API and signs nobody in."""
    with _LOCK:
        return _MADE[0] if _MADE else None


def running() -> Running:
    """Raises BadSettings."""
    with _LOCK:
        if not _MADE:
            _MADE.append(make(configured(prefix())))
        return _MADE[0]


def make(
    told: Configured,
    *,
    send: Send | None = None,
    clock: Callable[[], NumericDate] = clock,
    entropy: Callable[[int], bytes] = entropy,
) -> Running:
    """*send*, *clock* and *entropy* are for tests."""
    store = told.sessions if told.sessions is not None else DjangoSessions(using=told.database)
    site = Site(told.web, clock=clock, entropy=entropy, store=store, page=page)
    return Running(site, Hands(told.web, clock, entropy, send), told.mapped)


def install(made: Running | None) -> None:
    """In place of the one at work; None: whatever the settings say then."""
    with _LOCK:
        _MADE[:] = [made] if made is not None else []


def prefix() -> str:
    """Where `entrada.django.urls` is included, below wherever the whole project is mounted."""
    whole = reverse("entrada:login")
    return "/" + whole.removeprefix(get_script_prefix()).lstrip("/").rpartition("/")[0]


def page(told: Page) -> str:
    """By the project's template of that name, if it has one."""
    from django.template import TemplateDoesNotExist  # noqa: PLC0415 - needs engines, which need settings
    from django.template.loader import render_to_string  # noqa: PLC0415

    try:
        return render_to_string(_TEMPLATE, {"page": told})
    except TemplateDoesNotExist:
        return make_page(told)


def _changed(*, setting: str, **_: Any) -> None:
    if setting in (NAME, "ROOT_URLCONF", "SECRET_KEY", "SECRET_KEY_FALLBACKS"):
        install(None)


setting_changed.connect(_changed, dispatch_uid="entrada.django.running")

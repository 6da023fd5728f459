"""One kind of the gateway's objects: its list, and the pages of the one that a path names."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, Generic, TypeAlias, TypeVar

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.records import KINDS
from entrada.server.web.portal.door import Tabs
from entrada.server.web.portal.gateway import desk as desks
from entrada.server.web.portal.gateway.desk import HOME, Desk, Do, Show, refused, segment
from entrada.server.web.portal.history import history
from entrada.server.web.portal.paging import ROWS, Pager, url_of
from entrada.server.web.signed_in.form import Form

Noun: TypeAlias = Api | Product | Subscription | AuthorizationServer | OpenIdProvider | NamedValue
T = TypeVar("T", bound=Noun)
_SKIP: Final = "skip"


@frozen(kw_only=True)
class Shelf(Generic[T]):
    """*pages*: the tabs of one of them, below its path; *scope*: how policies name it, where it has some."""

    word: str
    title: str
    path: str
    kind: type[T]
    pages: tuple[tuple[str, str], ...] = ()
    scope: str = ""

    @property
    def crumb(self) -> tuple[str, str]:
        return self.title, f"{HOME}/{self.path}"

    @property
    def new_path(self) -> str:
        """Not below the list's: an object may be called new."""
        return f"{HOME}/new/{self.path}"

    def path_of(self, name: str, below: str = "") -> str:
        return f"{HOME}/{self.path}/{segment(name)}{below}"

    def seen(self, desk: Desk, one: T) -> int:
        kept = desk.state.kept(self.kind, one.id)
        return kept.version if kept is not None else 0

    def all(self, desk: Desk) -> list[T]:
        """Without their secrets, in the order of their names."""
        return sorted((one.noun for one in desk.state.all_kept(self.kind)), key=by_name)

    def show(self, show: Callable[[Desk, T], Awaitable[Response]]) -> Show:
        async def answer(desk: Desk) -> Response:
            found = self._find(desk)
            return refused(desk, found, [self.crumb]) if isinstance(found, Problem) else await show(desk, found)

        return answer

    def do(self, do: Callable[[Desk, T, Form], Awaitable[Response]]) -> Do:
        async def answer(desk: Desk, form: Form) -> Response:
            found = self._find(desk)
            return refused(desk, found, [self.crumb]) if isinstance(found, Problem) else await do(desk, found, form)

        return answer

    def _find(self, desk: Desk) -> T | Problem:
        name = desk.visitor.param("id")
        kept = desk.state.kept(self.kind, name)
        return kept.noun if kept is not None else not_found(self.word, name)

    def page(
        self,
        desk: Desk,
        one: T,
        template: str,
        title: str = "",
        *,
        problem: Problem | None = None,
        entered: Form | None = None,
        crumbs: Iterable[tuple[str, str]] = (),
        **context: Any,
    ) -> Response:
        """Of *one*: its overview, or, with a *title*, the page of that name."""
        base = self.path_of(one.id)
        return desks.show(
            desk,
            template,
            title=title or one.display_name,
            belongs_to=one.display_name if title else None,
            crumbs=[self.crumb, *([(one.display_name, base)] if title else []), *crumbs],
            tabs=self._tabs(desk, one),
            problem=problem,
            entered=entered,
            one=one,
            base=base,
            seen=self.seen(desk, one),
            **context,
        )

    def _tabs(self, desk: Desk, one: T) -> Tabs:
        base = self.path_of(one.id)
        policies = [("Policies", desks.policies_of(f"{self.scope}/{one.id}"))] if self.scope else []
        changes = history(desk.visitor, f"{KINDS[self.kind]}/{one.id}")
        return [("Overview", base), *((title, base + below) for title, below in self.pages), *policies, *changes]


def by_name(one: Noun) -> tuple[str, str]:
    return one.display_name.casefold(), one.id


@frozen
class Part(Generic[T]):
    """Of a list: those that are shown."""

    rows: tuple[T, ...]
    pager: Pager
    filter: str


def listed(desk: Desk, found: Iterable[T]) -> Part[T]:
    """Those whose name or id holds what was typed, a page of them."""
    visitor = desk.visitor
    text = visitor.query("filter")
    wanted = text.casefold()
    fits = [one for one in found if wanted in one.display_name.casefold() or wanted in one.id.casefold()]
    given = visitor.query(_SKIP)
    skip = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    more = skip + ROWS < len(fits)
    pager = Pager(
        next=url_of(visitor, _SKIP, str(skip + ROWS)) if more else None,
        first=url_of(visitor, _SKIP, None) if skip else None,
        count=len(fits) or None,
    )
    return Part(tuple(fits[skip : skip + ROWS]), pager, text)

"""Rows for a noun of the gateway: listed, shown, put, changed, deleted, with its members under Azure's names."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar, cast

from attrs import frozen

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.members.read import from_json
from entrada.core.gateway.members.written import as_json
from entrada.core.gateway.refusal import rules_refused
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import Changed
from entrada.server.web.by_token.asked import Json
from entrada.server.web.gateway_admin.row import Call, Done, One, Reply, Row, Some

N = TypeVar("N")


@frozen(kw_only=True)
class Noun(Generic[N]):
    """*key*: how its paths name it.  *hidden*: members that are answered by requests of their own, if by any."""

    kind: type[N]
    path: str  # /apis
    word: str  # an API
    words: str  # The APIs
    list: Callable[[Call], Awaitable[tuple[Kept[N], ...] | Problem]]
    find: Callable[[Call], Awaitable[Kept[N] | Problem]]
    create: Callable[[Call, N], Awaitable[Kept[N] | Problem]]
    change: Callable[[Call, Changed[N]], Awaitable[Kept[N] | Problem]]
    delete: Callable[[Call], Awaitable[Problem | None]]
    hidden: tuple[str, ...] = ()
    unsaid: Callable[[Call], Mapping[str, object]] = lambda _: {}  # members that a new one has without being told
    query: Mapping[str, str] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        one = f"{self.path}/{{id}}"
        read, change = Operation.READ_GATEWAY, Operation.CHANGE_GATEWAY
        makes = f"Makes {self.word}, or puts it in the place of the one that is there."
        patches = f"Changes {self.word} (JSON merge patch, RFC 7396)."
        return (
            Row(method="GET", path=self.path, permission=read, words=f"{self.words}.", handle=self._list),
            Row(method="GET", path=one, permission=read, words="One of them.", handle=self._show),
            Row(method="PUT", path=one, permission=change, words=makes, handle=self._put, takes=True),
            Row(method="PATCH", path=one, permission=change, words=patches, handle=self._patch, takes=True),
            Row(
                method="DELETE",
                path=one,
                permission=change,
                words="Deletes it.",
                handle=self._delete,
                query=self.query,
            ),
        )

    async def _list(self, call: Call) -> Reply:
        found = await self.list(call)
        return found if isinstance(found, Problem) else Some(tuple(map(self.json, found)))

    async def _show(self, call: Call) -> Reply:
        return self._one(await self.find(call))

    async def _put(self, call: Call) -> Reply:
        """In the place of one that is there: what is not said is as in a new one, but for secrets, which stay."""
        replaced = await self.change(call, lambda before: self._read(call, self._read_only(before)))
        if not isinstance(replaced, Problem) or replaced.status != 404 or call.seen is not None:
            return self._one(replaced)
        new = self._read(call, {})
        return new if isinstance(new, Problem) else self._one(await self.create(call, new), made=True)

    async def _patch(self, call: Call) -> Reply:
        def changed(before: N) -> N | Problem:
            known = cast("Json", as_json(cast("Any", before)))
            return self._noun(call, cast("Json", merged(known, call.members)))

        return self._one(await self.change(call, changed))

    async def _delete(self, call: Call) -> Reply:
        return await self.delete(call) or Done()

    def _read_only(self, before: N) -> Mapping[str, object]:
        known = as_json(cast("Any", before))
        return {name: known[name] for name in ("createdDate",) if name in known}

    def _read(self, call: Call, unsaid: Mapping[str, object]) -> N | Problem:
        return self._noun(call, {**self.unsaid(call), **unsaid, **call.members})

    def _noun(self, call: Call, members: Json) -> N | Problem:
        if members.get("id", call.id) != call.id:
            return bad("The id is the one that the path names.", "id")
        said = {name: value for name, value in members.items() if not name.startswith("@odata.")}
        found = from_json(self.kind, {**self.unsaid(call), **said, "id": call.id})
        if not isinstance(found, tuple):
            return found
        return rules_refused(cast("tuple[Broken, ...]", found)) or bad("This cannot be read.")

    def json(self, kept: Kept[N]) -> Json:
        members = as_json(cast("Any", kept.noun))
        return {name: value for name, value in members.items() if name not in self.hidden or value}

    def _one(self, found: Kept[N] | Problem, *, made: bool = False) -> Reply:
        if isinstance(found, Problem):
            return found
        return One(members=self.json(found), version=found.version, made=made)


def merged(target: object, patch: object) -> object:
    """JSON merge patch.  RFC 7396."""
    if not isinstance(patch, Mapping):
        return patch
    known = dict(cast("Json", target)) if isinstance(target, Mapping) else dict[str, object]()
    for name, value in cast("Json", patch).items():
        known[name] = merged(known.get(name), value)
    return {name: value for name, value in known.items() if value is not None}

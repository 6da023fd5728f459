"""Import an API from an OpenAPI document, a text or at a URL: it is made, or renewed.  Gateway reference section 15."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from attrs import field, frozen

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.document.diff import Diff
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.openapi.fault import Fault, Faults
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.merge import merged
from entrada.core.gateway.openapi.read import read_openapi
from entrada.core.gateway.openapi.refusal import import_refused
from entrada.server.egress.answers import NotFetched
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.differences import differences
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import missing, places, seen_gateway
from entrada.server.usecases.gateway.outcome import Wanted, outcome
from entrada.server.usecases.gateway.plain_document import plain_document
from entrada.server.usecases.gateway.records import OperationOfApi
from entrada.server.usecases.gateway.state import Place, State
from entrada.server.usecases.installation import Installation, WayOut

PATIENCE: Final = 60.0  # seconds; other documents may come first
_READER: Final = ThreadPoolExecutor(1, thread_name_prefix="openapi")  # one at a time: it is all computing
Adapted = Callable[[Api], Api]


@frozen
class Document:
    """Its text, or where it is; a text that was fetched elsewhere may say from where."""

    text: str | None = field(default=None, repr=False)
    url: str | None = None


@frozen(kw_only=True)
class ApiImported:
    api: Kept[Api]
    operations: tuple[Operation, ...]
    removed: tuple[Operation, ...]  # that the document does not describe any more
    imported: Imported


async def import_api(
    here: Installation,
    actor: Actor,
    document: Document,
    name: str,
    path: str | None = None,
    adapted: Adapted = lambda api: api,
    *,
    required_query_in_template: bool = True,
) -> ApiImported | Problem:
    """The API of that *name*, made or renewed with its operations in one step; *path* is kept unless it is given.

    *adapted* changes what is written along: the backend, whether a subscription is needed.  Operations are known again
    (`merged`) and keep their policies; those that are gone take theirs with them.
    """
    seen = await seen_gateway(here, actor, Permission.CHANGE_GATEWAY)  # nobody else makes us fetch
    if isinstance(seen, Problem):
        return seen
    imported = await read_document(here.egress, document, required_query_in_template=required_query_in_template)
    if not isinstance(imported, Imported):
        return import_refused(imported)
    return await put_imported(here, actor, imported, name, path, adapted)


async def put_imported(
    here: Installation,
    actor: Actor,
    imported: Imported,
    name: str,
    path: str | None = None,
    adapted: Adapted = lambda api: api,
) -> ApiImported | Problem:
    """What was read before, for whoever shows it first."""
    removed: tuple[Operation, ...] = ()

    def decide(state: State) -> Wanted:
        nonlocal removed
        wanted, removed = _wanted(state, imported, name, path, adapted)
        return wanted

    state = await change_gateway(here, actor, decide)
    if isinstance(state, Problem):
        return state
    return _outcome(state, imported, ApiId(name), removed)


@frozen
class ImportPlan:
    before: Api | None  # None: it is made
    diff: Diff


async def plan_imported(
    here: Installation,
    actor: Actor,
    imported: Imported,
    name: str,
    path: str | None = None,
    adapted: Adapted = lambda api: api,
) -> ImportPlan | Problem:
    """What `put_imported` would do."""
    state = await seen_gateway(here, actor, Permission.CHANGE_GATEWAY)
    if isinstance(state, Problem):
        return state
    wanted, _ = _wanted(state, imported, name, path, adapted)
    found = outcome(here, state, wanted)
    if isinstance(found, Problem):
        return found
    return ImportPlan(state.find(Api, name), differences(found.changes, len(wanted.put)))


def _wanted(
    state: State, imported: Imported, name: str, path: str | None, adapted: Adapted
) -> tuple[Wanted, tuple[Operation, ...]]:
    """And the operations that go."""
    api_id = ApiId(name)
    operations, removed = merged(state.configuration.operations.get(api_id, ()), imported.operations)
    wanted = Wanted(
        activity=did.IMPORT_API,
        put=(
            adapted(_api(state, imported, api_id, path)),
            *(OperationOfApi(api_id=api_id, operation=one) for one in operations),
        ),
        gone=tuple(
            place for one in removed for place in _of(state, f"{name}/{one.id}", f"apis/{name}/operations/{one.id}")
        ),
        about=(RecordKind.API, name),
    )
    return wanted, removed


def _api(state: State, imported: Imported, name: ApiId, path: str | None) -> Api:
    before = state.find(Api, name)
    if before is None:
        return imported.api(name, imported.suggested_id if path is None else path)
    return imported.renewed(before, path)


def _of(state: State, operation: str, policies: str) -> tuple[Place, ...]:
    return (*places(state, RecordKind.OPERATION, operation), *places(state, RecordKind.POLICY, policies))


def _outcome(state: State, imported: Imported, name: ApiId, removed: tuple[Operation, ...]) -> ApiImported | Problem:
    kept = state.kept(Api, name)
    if kept is None:
        return missing(RecordKind.API, name)
    operations = state.configuration.operations[name]
    return ApiImported(api=kept, operations=operations, removed=removed, imported=imported)


async def read_document(
    way_out: WayOut, document: Document, *, required_query_in_template: bool = True
) -> Imported | Faults:
    """Fetched where it has no text of its own; read in a thread, within bounds."""
    text = document.text
    if text is None:
        try:
            text = (await way_out.fetch_text(document.url or "")).text
        except NotFetched as error:
            return (
                Fault("#", f"The document could not be fetched: {error}.", "Check the URL, or give the file itself."),
            )
    reading = _READER.submit(read_text, text, document.url, required_query_in_template=required_query_in_template)
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.wrap_future(reading)
    except TimeoutError:
        return (Fault("#", "Reading the document takes too long.", "Try again later, or write it as JSON."),)


def read_text(text: str, url: str | None = None, *, required_query_in_template: bool = True) -> Imported | Faults:
    """Seconds for large YAML: not on the event loop."""
    document = plain_document(text)
    if isinstance(document, Fault):
        return (document,)
    return read_openapi(document, url, required_query_in_template=required_query_in_template)

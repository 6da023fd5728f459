"""Import an API from its OpenAPI document: give it, see what it makes, then write that.

What was shown is what is written: the document goes along with the form, packed, and is not fetched a second time.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import evolve, field, frozen
from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem, bad, not_found, stale, taken
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import AuthorizationServerId, OpenIdProviderId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings, OpenIdSettings
from entrada.core.gateway.openapi.imported import Imported, SchemeType, SecurityScheme
from entrada.core.gateway.openapi.merge import merged
from entrada.core.gateway.openapi.refusal import ImportRefused, import_refused
from entrada.core.jose import base64url
from entrada.server.egress.answers import NotFetched
from entrada.server.usecases.gateway.import_api import Document, put_imported, read_document
from entrada.server.web.portal.gateway.apis import APIS
from entrada.server.web.portal.gateway.desk import HOME, Desk, finished, refused, show
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.providers import PROVIDERS
from entrada.server.web.portal.gateway.servers import SERVERS
from entrada.server.web.signed_in.form import Form

IMPORT: Final = f"{HOME}/import"
MAX_TEXT: Final = 4 * 1024 * 1024
_TITLE: Final = "Import an API from OpenAPI"
_BOUND: Final = (SchemeType.OAUTH2, SchemeType.OPENID_CONNECT, SchemeType.HTTP)


@frozen(kw_only=True)
class Preview:
    """What an import would do to the operations of an API, or of one that is not there yet."""

    added: tuple[Operation, ...] = ()
    changed: tuple[Operation, ...] = ()
    removed: tuple[Operation, ...] = ()
    same: int = 0


@frozen(kw_only=True)
class Given:
    """A document that was read: *packed* is its text, to be sent with the form."""

    imported: Imported
    packed: str = field(repr=False)
    url: str | None


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    api = _renewed(desk, entered.get("api") if entered else desk.visitor.query("api"))
    if isinstance(api, Problem):
        return refused(desk, api, [APIS.crumb])
    return show(
        desk,
        "import.html",
        title=f"Import {api.display_name} again" if api else _TITLE,
        crumbs=[APIS.crumb],
        problem=problem,
        entered=entered,
        api=api,
    )


def _renewed(desk: Desk, name: str) -> Api | Problem | None:
    """The API that is imported again; None: a new one."""
    if not name:
        return None
    kept = desk.state.kept(Api, name)
    return kept.noun if kept else not_found("API", name)


async def preview(desk: Desk, form: Form) -> Response:
    text = await _text(desk, form)
    given = await _read(desk, text, form.text("url")) if isinstance(text, str) else text
    if isinstance(given, Problem):
        return await start(desk, evolve(given, message=_told(given), target=_field(form)), form)
    return await _preview(desk, form, given)


def _told(problem: Problem) -> str:
    """Of many faults, which are told one by one, their number."""
    count = len(problem.faults) if isinstance(problem, ImportRefused) else 0
    return f"The OpenAPI document has {count} faults." if count > 1 else problem.message


def _field(form: Form) -> str:
    """Which field the document was given in."""
    return "file" if "file" in form.files else "url" if form.has("url") else "value"


async def _text(desk: Desk, form: Form) -> str | Problem:
    """Of the file, at the URL, or as it was pasted: whichever was given."""
    denied = may(desk.actor, Permission.CHANGE_GATEWAY)  # nobody else makes us fetch
    if denied is not None:
        return denied
    if "file" in form.files:
        try:
            return form.files["file"].decode("utf-8-sig")
        except UnicodeDecodeError:
            return bad("The file is not UTF-8 text: save it as JSON or YAML in UTF-8.", "file")
    url = form.text("url")
    if url is None:
        return form.text("value") or bad("Give the document: its URL, the file, or its text.", "value")
    try:
        return (await desk.here.egress.fetch_text(url)).text
    except NotFetched as error:
        return bad(f"The document could not be fetched: {error}.", "url")


async def _read(desk: Desk, text: str, url: str | None) -> Given | Problem:
    if len(text) > MAX_TEXT:
        return bad(f"An OpenAPI document has at most {MAX_TEXT // 1024**2} MB here.", "value")
    imported = await read_document(desk.here.egress, Document(text, url))
    if not isinstance(imported, Imported):
        return import_refused(imported)
    return Given(imported=imported, packed=_packed(text), url=url)


async def _preview(desk: Desk, form: Form, given: Given, problem: Problem | None = None) -> Response:
    api = _renewed(desk, form.get("api"))
    if isinstance(api, Problem):
        return refused(desk, api, [APIS.crumb])
    before = desk.configuration.operations.get(api.id, ()) if api else ()
    return show(
        desk,
        "import_preview.html",
        title=f"Import {api.display_name} again" if api else f"Import {given.imported.display_name}",
        crumbs=[APIS.crumb, ("OpenAPI document", IMPORT)],
        problem=problem,
        entered=form if problem else None,
        api=api,
        seen=APIS.seen(desk, api) if api else 0,
        given=given,
        preview=_compared(before, given.imported),
        documents={scope.operation_id for scope in desk.configuration.policies if api and scope.api_id == api.id},
        schemes=_schemes(given.imported),
        bindings=[
            ("", "Not bound"),
            *((f"servers/{one.id}", f"OAuth 2.0 server {one.display_name}") for one in SERVERS.all(desk)),
            *((f"providers/{one.id}", f"OpenID provider {one.display_name}") for one in PROVIDERS.all(desk)),
        ],
    )


def _compared(before: Sequence[Operation], imported: Imported) -> Preview:
    after, removed = merged(before, imported.operations)
    known = {one.id: one for one in before}
    return Preview(
        added=tuple(one for one in after if one.id not in known),
        changed=tuple(one for one in after if one.id in known and known[one.id] != one),
        removed=removed,
        same=sum(known.get(one.id) == one for one in after),
    )


def _schemes(imported: Imported) -> list[SecurityScheme]:
    """Those that a token answers; a key of a subscription is the gateway's own."""
    return [one for one in imported.security.schemes if one.type in _BOUND]


async def write(desk: Desk, form: Form) -> Response:
    text = _unpacked(form.get("packed"))
    given = await _read(desk, text, form.text("url")) if text is not None else None
    if given is None or isinstance(given, Problem):
        return await start(desk, given or bad("The document is missing: give it once more.", "value"), form)
    api = _renewed(desk, form.get("api"))
    if isinstance(api, Problem):
        return refused(desk, api, [APIS.crumb])
    name = api.id if api else form.text("name") or id_of(given.imported.display_name, "api")
    problem = _conflict(desk, form, api, name)
    made = problem or await put_imported(
        desk.here, desk.actor, given.imported, name, _path(form, api), lambda one: _adapted(one, form, api, given)
    )
    if isinstance(made, Problem):
        return await _preview(desk, form, given, made)
    said = f"{made.api.noun.display_name} is imported, with {len(made.operations)} operations."
    return finished(desk, APIS.path_of(name), said)


def _conflict(desk: Desk, form: Form, api: Api | None, name: str) -> Problem | None:
    if api is not None:
        return stale() if form.seen not in (None, APIS.seen(desk, api)) else None
    known = next((one for one in desk.configuration.apis if one.casefold() == name.casefold()), None)
    said = f"There is the API {known} already: import it again from its page, or choose another id."
    return taken(said, "name") if known is not None else None


def _path(form: Form, api: Api | None) -> str | None:
    return None if api is not None else form.get("path").strip().strip("/")


def _adapted(made: Api, form: Form, before: Api | None, given: Given) -> Api:
    """With what the form decides of it; of an API that there was, nothing but what it is bound to now."""
    bound = [form.get(f"bind.{at}") for at in range(len(_schemes(given.imported)))]
    settings = _bound([one for one in bound if one], made.authentication_settings)
    changed = evolve(made, authentication_settings=settings)
    if before is not None:
        return changed
    return evolve(
        changed, service_url=form.get("serviceUrl").strip(), subscription_required=form.has("subscriptionRequired")
    )


def _bound(places: Iterable[str], kept: AuthenticationSettings) -> AuthenticationSettings:
    """*kept*, and what is chosen; what is bound already is not bound twice."""
    for kind, _, name in (one.partition("/") for one in places):
        if kind == "servers" and all(one.authorization_server_id != name for one in kept.oauth2):
            added = OAuth2Settings(authorization_server_id=AuthorizationServerId(name))
            kept = evolve(kept, oauth2=(*kept.oauth2, added))
        elif kind == "providers" and all(one.openid_provider_id != name for one in kept.openid):
            provider = OpenIdSettings(openid_provider_id=OpenIdProviderId(name))
            kept = evolve(kept, openid=(*kept.openid, provider))
    return kept


def _packed(text: str) -> str:
    return base64url.encode(zlib.compress(text.encode()))


def _unpacked(packed: str) -> str | None:
    """None for what no page of ours packed; a text that is too long is cut, and refused then for what it is."""
    try:
        return zlib.decompressobj().decompress(base64url.decode(packed), 4 * MAX_TEXT + 4).decode()
    except (ValueError, zlib.error):
        return None

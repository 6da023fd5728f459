"""The page of an operation: what it takes and gives, and Try it below.  Gateway reference section 16.2."""

from collections.abc import Sequence
from typing import Final

from attrs import define, evolve, field, frozen
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.explained import Explained, explain
from entrada.core.gateway.console.request import Written, Wrong, write
from entrada.core.gateway.console.schema_rows import schema_rows
from entrada.core.gateway.console.shown import hidden
from entrada.core.gateway.console.signers import CLIENT, CODE, PASSWORD, Signer
from entrada.core.gateway.console.token_request import for_itself, for_password
from entrada.core.gateway.headers import values
from entrada.core.gateway.schemas.body import body_of
from entrada.core.protocol.artefacts.console_keep import KeptAsking, KeptDraft, KeptToken
from entrada.core.protocol.tokens.taken_apart import NotReadable
from entrada.server.web.console.catalogue import path_of
from entrada.server.web.console.door import Developer, page, problem_page
from entrada.server.web.console.try_it import authorizing, keeping, tokens
from entrada.server.web.console.try_it.bench import Bench, auth_options, prepared
from entrada.server.web.console.try_it.filling import beginning, filled, view
from entrada.server.web.console.try_it.replaying import Replayed, Replayer
from entrada.server.web.console.try_it.sending import Outcome, send
from entrada.server.web.console.try_it.tokens import RENEWED_BEFORE, NoToken
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.signed_in.form import Form

_BEGIN: Final = {"authorize": "", "other": "select_account", "again": "login"}


@frozen(kw_only=True)
class Turn:
    """What came of a press of a button, to be shown above the form."""

    refusal: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    outcome: Outcome | None = None
    replayed: Replayed | None = None
    explained: Explained | NotReadable | None = None
    said: str = ""


@define
class Trials:
    """The room, one for the life of the process."""

    _replayer: Replayer = field(factory=Replayer, init=False)

    async def show(self, developer: Developer) -> Response:
        bench = prepared(developer)
        if isinstance(bench, Problem):
            return problem_page(developer.visitor, bench)
        draft = keeping.read(developer.visitor, KeptDraft)
        if draft is not None and (draft.api, draft.operation) == (bench.api.id, bench.operation.id):
            return _page(bench, Form(tuple(draft.fields)), Turn(refusal=tuple(draft.refusal)))
        return _page(bench, _fresh(bench), Turn())

    async def act(self, developer: Developer, form: Form) -> Response:
        bench = prepared(developer)
        if isinstance(bench, Problem):
            return problem_page(developer.visitor, bench)
        answer = await self._done(bench, form)
        keeping_draft = isinstance(answer, RedirectResponse)
        if not keeping_draft:
            keeping.forget(developer.visitor, answer, KeptDraft)
        return answer

    async def land(self, developer: Developer) -> Response:
        """Back from the authorization server, to the form as it was."""
        visitor, landed = developer.visitor, await authorizing.land(developer)
        if isinstance(landed, NoToken):
            return _not_landed(developer, landed)
        answer: Response = RedirectResponse(f"{landed.path}#try", 303, HEADERS)
        found = landed.answer
        if isinstance(found, KeptToken) and not keeping.keep(visitor, answer, found):
            found = NoToken(_TOO_LARGE)
        draft = keeping.read(visitor, KeptDraft)
        if isinstance(found, NoToken) and draft is not None:
            keeping.keep(
                visitor, answer, KeptDraft(draft.secret, draft.api, draft.operation, draft.fields, found.words)
            )
        keeping.forget(visitor, answer, KeptAsking)
        return answer

    async def _done(self, bench: Bench, form: Form) -> Response:
        match form.get("do"):
            case "authorize" | "other" | "again" as how:
                return await _authorized(bench, form, _BEGIN[how])
            case "renew":
                return await _renewed(bench, form)
            case "forget":
                answer = _page(evolve(bench, token=None), form, Turn(said="The token is forgotten."))
                keeping.forget(bench.developer.visitor, answer, KeptToken)
                return answer
            case "more":
                return _page(bench, form, Turn())
            case _:
                return await self._sent(bench, form)

    async def _sent(self, bench: Bench, form: Form) -> Response:
        written = write(bench.api, bench.operation, filled(bench.operation, form))
        if not isinstance(written, Written):
            return _page(bench, form, Turn(wrong=written))
        chosen, token = bench.chosen(form), bench.token_for(form)
        if chosen is not None and token is None and not values(written.headers, "Authorization"):
            return await _authorized(bench, form, "")
        fresh, refusal = await _fresh_token(bench, chosen[0] if chosen else None, token)
        if refusal is not None:
            return _page(bench, form, Turn(refusal=refusal.words))
        turn = await self._tried(bench, form, written, fresh)
        answer = _page(evolve(bench, token=fresh or bench.token), form, turn)
        if fresh is not None and fresh is not token:
            keeping.keep(bench.developer.visitor, answer, fresh)
        return answer

    async def _tried(self, bench: Bench, form: Form, written: Written, token: KeptToken | None) -> Turn:
        key, typed = bench.key(form), values(written.headers, "Authorization")
        chosen = bench.chosen(form)
        if key is not None:
            written = written.with_header(bench.api.subscription_key_parameter_names.header, key.value)
        whole = written
        if token is not None and not typed:
            in_query = chosen is not None and chosen[0].in_query
            whole = (
                written.with_query("access_token", token.access)
                if in_query
                else written.with_header("Authorization", f"Bearer {token.access}")
            )
        told = _bearer(typed[0]) if typed else token.access if token is not None else ""
        secrets = tuple(one for one in (token.access if token else "", key.value if key else "") if one)
        outcome = await send(bench.developer, whole, hidden(whole.target, secrets), secrets)
        operation = (bench.api.id, bench.operation.id)
        replayed = (
            await self._replayer.replay(bench.developer, operation, whole, outcome.answer)
            if outcome.answer is not None
            else None
        )
        now = bench.developer.here.clock()
        return Turn(outcome=outcome, replayed=replayed, explained=explain(told, now) if told else None)


_TOO_LARGE: Final = (
    "The token is too large to be kept in this browser.",
    "Give it fewer claims: groups, for instance, only those that are assigned to the application.",
)


async def _authorized(bench: Bench, form: Form, prompt: str) -> Response:
    """The token, or the way to it; of a person by their browser, of others at once."""
    chosen = bench.chosen(form)
    if chosen is None:
        return _page(bench, form, Turn(refusal=("Choose an authorization first.",)))
    signer, way = chosen
    if way == CODE:
        begun = await authorizing.begin(bench, form, form.pairs, prompt)
        return _page(bench, form, Turn(refusal=begun.words)) if isinstance(begun, NoToken) else begun
    found = await _obtained(bench, signer, way, form)
    if isinstance(found, NoToken):
        return _page(bench, form, Turn(refusal=found.words))
    answer = _page(evolve(bench, token=found), form, Turn(said="There is a token now: send the request."))
    if keeping.keep(bench.developer.visitor, answer, found):
        return answer
    return _page(bench, form, Turn(refusal=_TOO_LARGE))


async def _obtained(bench: Bench, known: Signer, way: str, form: Form) -> KeptToken | NoToken:
    signer = await tokens.located(bench.developer, known)
    if isinstance(signer, NoToken):
        return signer
    scope = signer.scope_for(way, form.get("scope"))
    if way == PASSWORD:
        username = form.get("username") or signer.username or ""
        call = for_password(signer, scope, username, form.get("password") or signer.password or "")
    else:
        call = for_itself(signer, scope)
    granted = await tokens.ask(bench.developer, signer, call, scope)
    return granted if isinstance(granted, NoToken) else tokens.kept(bench.developer, signer, way, scope, granted)


async def _renewed(bench: Bench, form: Form) -> Response:
    token = bench.token
    signer = next((one for one in bench.signers if token is not None and one.key == token.signer), None)
    if token is None or signer is None or not token.refresh:
        return _page(bench, form, Turn(refusal=("There is nothing to renew: sign in again.",)))
    new = await tokens.renewed(bench.developer, signer, token)
    if isinstance(new, NoToken):
        return _page(bench, form, Turn(refusal=new.words))
    answer = _page(evolve(bench, token=new), form, Turn(said="The token is renewed."))
    keeping.keep(bench.developer.visitor, answer, new)
    return answer


async def _fresh_token(
    bench: Bench, signer: Signer | None, token: KeptToken | None
) -> tuple[KeptToken | None, NoToken | None]:
    """Renewed before it ends.  One that has ended is sent all the same: to see it refused is worth something."""
    soon = token is not None and token.expires_at - bench.developer.here.clock() < RENEWED_BEFORE
    if token is None or signer is None or not soon or not token.refresh:
        return token, None
    new = await tokens.renewed(bench.developer, signer, token)
    return (token, new) if isinstance(new, NoToken) else (new, None)


def _bearer(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


def _fresh(bench: Bench) -> Form:
    keys = bench.keys if bench.api.subscription_required else ()
    first = keys[0].name if keys else ""
    return beginning(bench.api, bench.operation, body=_sample(bench), key=first, auth=bench.first_auth)


def _sample(bench: Bench) -> str:
    first = next(iter(bench.operation.request.representations), None)
    return body_of(first, bench.api.schemas, "request") if first is not None else ""


def _page(bench: Bench, form: Form, turn: Turn) -> Response:
    developer, operation = bench.developer, bench.operation
    problem = Problem(status=422, code="Request_BadRequest", message="Nothing was sent.") if turn.wrong else None
    now, token = developer.here.clock(), bench.token
    signer = next((one for one in bench.signers if token is not None and one.key == token.signer), None)
    return page(
        developer.visitor,
        "console/operation.html",
        title=operation.display_name,
        crumbs=(("APIs", CONSOLE), (bench.api.display_name, path_of(bench.api))),
        problem=problem,
        form_targets=_targets(bench.signers),
        api=bench.api,
        operation=operation,
        base=developer.gateway.origin + bench.api.public_path,
        action=f"{path_of(bench.api, operation)}/try",
        view=view(operation, form),
        wrong=[one.message for one in turn.wrong],
        turn=turn,
        bad=isinstance(turn.explained, NotReadable),
        auth_options=auth_options(bench),
        signers=bench.signers,
        implicit=any(one.has_implicit for one in bench.signers),
        password_offered=any(PASSWORD in one.ways for one in bench.signers),
        keys=bench.keys,
        token=token,
        token_fits=bench.token_for(form) is not None,
        token_signer=signer,
        left=max(0, token.expires_at - now) if token is not None else 0,
        by_itself=token is not None and token.way == CLIENT,
        redirects=[
            (f"Redirect URI for {one.display_name}", tokens.redirect_uri(developer, one), True)
            for one in bench.signers
            if CODE in one.ways
        ],
        rows_of=lambda one: schema_rows(one.schema, bench.api.schemas) if one.schema is not None else (),
    )


def _targets(known: Sequence[Signer]) -> list[str]:
    """Chromium holds `form-action` against the redirects after a submit."""
    return [one.authorization_endpoint or one.metadata_endpoint for one in known if CODE in one.ways]


def _not_landed(developer: Developer, refused: NoToken) -> Response:
    problem = Problem(status=400, code="Request_BadRequest", message=" ".join(refused.words))
    answer = problem_page(developer.visitor, problem)
    keeping.forget(developer.visitor, answer, KeptAsking)
    return answer

"""Try it: what its buttons do, and the way back from a sign-in.  Gateway reference sections 16.2, 16.3."""

from typing import Final
from urllib.parse import quote

from attrs import define, evolve, field
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.console.explained import explain
from entrada.core.gateway.console.request import Written, write
from entrada.core.gateway.console.shown import hidden
from entrada.core.gateway.headers import values
from entrada.core.protocol.artefacts.console_keep import KeptAsking, KeptDraft, KeptToken
from entrada.server.web.console.door import Developer, problem_page
from entrada.server.web.console.try_it import authorizing, keeping
from entrada.server.web.console.try_it.bench import Bench, prepared
from entrada.server.web.console.try_it.filling import filled
from entrada.server.web.console.try_it.obtaining import (
    TOO_LARGE,
    authorized,
    forgotten,
    fresh_token,
    not_renewed,
    renewed,
)
from entrada.server.web.console.try_it.operation_page import Turn, fresh_form, operation_page
from entrada.server.web.console.try_it.replaying import Replayer
from entrada.server.web.console.try_it.sending import send
from entrada.server.web.console.try_it.tokens import NoToken
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.signed_in.form import Form

_BEGIN: Final = {"authorize": "", "other": "select_account", "again": "login"}


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
            return operation_page(bench, Form(tuple(draft.fields)), Turn(refusal=tuple(draft.refusal)))
        return operation_page(bench, fresh_form(bench), Turn())

    async def act(self, developer: Developer, form: Form) -> Response:
        bench = prepared(developer)
        if isinstance(bench, Problem):
            return problem_page(developer.visitor, bench)
        answer = await self._done(bench, form)
        if not isinstance(answer, RedirectResponse):
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
            found = NoToken(TOO_LARGE)
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
                return await authorized(bench, form, _BEGIN[how])
            case "renew":
                return await renewed(bench, form)
            case "forget":
                return forgotten(bench, form)
            case "more":
                return operation_page(bench, form, Turn())
            case _:
                return await self._sent(bench, form)

    async def _sent(self, bench: Bench, form: Form) -> Response:
        written = write(bench.api, bench.operation, filled(bench.operation, form))
        if not isinstance(written, Written):
            return operation_page(bench, form, Turn(wrong=written))
        chosen, token = bench.chosen(form), bench.token_for(form)
        if chosen is not None and token is None and not values(written.headers, "Authorization"):
            return await authorized(bench, form, "")
        fresh, refusal = await fresh_token(bench, chosen[0] if chosen else None, token)
        if refusal is not None:
            return not_renewed(bench, form, refusal)
        turn = await self._tried(bench, form, written, fresh)
        answer = operation_page(evolve(bench, token=fresh or bench.token), form, turn)
        if fresh is not None and fresh is not token:
            keeping.keep(bench.developer.visitor, answer, fresh)
        return answer

    async def _tried(self, bench: Bench, form: Form, written: Written, token: KeptToken | None) -> Turn:
        key, typed = bench.key(form), values(written.headers, "Authorization")
        carried = None if typed else token
        whole = _carrying(bench, form, written, carried)
        told = _bearer(typed[0]) if typed else token.access if token is not None else ""
        secrets = tuple(one for one in (token.access if token else "", key.value if key else "") if one)
        secrets = tuple(dict.fromkeys(spelt for one in secrets for spelt in (one, quote(one, safe=""))))
        outcome = await send(bench.developer, whole, hidden(whole.target, secrets), secrets)
        operation = (bench.api.id, bench.operation.id)
        replayed = (
            await self._replayer.replay(bench.developer, operation, whole, outcome.answer)
            if outcome.answer is not None
            else None
        )
        now = bench.developer.here.clock()
        return Turn(outcome=outcome, replayed=replayed, explained=explain(told, now) if told else None)


def _carrying(bench: Bench, form: Form, written: Written, token: KeptToken | None) -> Written:
    """With the key that was chosen, and the token in the way that the API takes it."""
    key, chosen = bench.key(form), bench.chosen(form)
    if key is not None:
        written = written.with_header(bench.api.subscription_key_parameter_names.header, key.value)
    if token is None:
        return written
    if chosen is not None and chosen[0].in_query:
        return written.with_query("access_token", token.access)
    return written.with_header("Authorization", f"Bearer {token.access}")


def _bearer(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else ""


def _not_landed(developer: Developer, refused: NoToken) -> Response:
    problem = Problem(status=400, code="Request_BadRequest", message=" ".join(refused.words))
    answer = problem_page(developer.visitor, problem)
    if refused.words != authorizing.NOT_OURS:  # any site can lead a browser here: that ends no sign-in under way
        keeping.forget(developer.visitor, answer, KeptAsking)
    return answer

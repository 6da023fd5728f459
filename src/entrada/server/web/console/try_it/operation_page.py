"""The page of an operation: what it takes and gives, Try it, and what came of it.  Gateway reference section 16.2."""

from typing import Final

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.explained import Explained
from entrada.core.gateway.console.request import Wrong
from entrada.core.gateway.console.schema_rows import Row, Steps, schema_rows
from entrada.core.gateway.console.signers import CLIENT, CODE, PASSWORD
from entrada.core.gateway.entities.operation import Representation
from entrada.core.gateway.schemas.body import body_of
from entrada.core.protocol.tokens.taken_apart import NotReadable
from entrada.server.web.console.catalogue import path_of
from entrada.server.web.console.door import page
from entrada.server.web.console.try_it import tokens
from entrada.server.web.console.try_it.bench import Bench, auth_options
from entrada.server.web.console.try_it.filling import beginning, view
from entrada.server.web.console.try_it.replaying import Replayed
from entrada.server.web.console.try_it.samples import samples, token_scope
from entrada.server.web.console.try_it.sending import Outcome
from entrada.server.web.signed_in.form import Form

_MOST_STEPS: Final = 10_000  # for all schemas of the page together


@frozen(kw_only=True)
class Turn:
    """What came of a press of a button, to be shown above the form."""

    refusal: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    outcome: Outcome | None = None
    replayed: Replayed | None = None
    explained: Explained | NotReadable | None = None
    said: str = ""


def operation_page(bench: Bench, form: Form, turn: Turn) -> Response:
    developer, operation = bench.developer, bench.operation
    problem = Problem(status=422, code="Request_BadRequest", message="Nothing was sent.") if turn.wrong else None
    now, token, steps = developer.here.clock(), bench.token, Steps(_MOST_STEPS)

    def rows_of(one: Representation) -> tuple[Row, ...]:
        return schema_rows(one.schema, bench.api.schemas, steps) if one.schema is not None else ()

    signer = next((one for one in bench.signers if token is not None and one.key == token.signer), None)
    return page(
        developer.visitor,
        "console/operation.html",
        title=operation.display_name,
        crumbs=(("APIs", CONSOLE), (bench.api.display_name, path_of(bench.api))),
        problem=problem,
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
        token_from=bench.token_from,
        left=max(0, token.expires_at - now) if token is not None else 0,
        by_itself=token is not None and token.way == CLIENT,
        redirects=[
            (f"Redirect URI for {one.display_name}", tokens.redirect_uri(developer, one), True)
            for one in bench.signers
            if CODE in one.ways
        ],
        rows_of=rows_of,
        samples=samples(bench, form),
        token_scope=token_scope(bench, form),
    )


def fresh_form(bench: Bench) -> Form:
    """With the operation's own samples, a key that opens it, and the token at hand."""
    keys = bench.keys if bench.api.subscription_required else ()
    first = keys[0].name if keys else ""
    return beginning(bench.api, bench.operation, body=_sample(bench), key=first, auth=bench.first_auth)


def _sample(bench: Bench) -> str:
    first = next(iter(bench.operation.request.representations), None)
    return body_of(first, bench.api.schemas, "request") if first is not None else ""

"""The development gateway: what an empty one begins with, and keeping it in step with where everything listens."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Final

from attrs import evolve

from entrada.cli.endings import CannotBegin
from entrada.core.credentials.documented import DOCUMENTED
from entrada.core.directory.administration import application_activities, gateway_activities
from entrada.core.directory.administration.actor import Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application, RedirectUri
from entrada.core.directory.ids import ClientId
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer, GrantType
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.audited import audited, operator
from entrada.server.usecases.gateway.authorization_servers import redirect_url
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.file.apply import GatewayPlan, apply_gateway, plan_gateway
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.records import Noun
from entrada.server.usecases.gateway.state import State, load_state
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.usecases.settle_credentials import MadeCredential

CONSOLE: Final = ClientId("c0105000-0000-4000-8000-00000000c11e")
_SECRET: Final = "console-dev-secret"
_VARIABLE: Final = "ENTRADA_SECRET_OAUTH_CLIENT_APP"
_ORIGIN: Final = "https://localhost:8443"
_BACKEND: Final = "http://127.0.0.1:5001/colors"
_BACKENDS: Final = re.compile(r"http://(?:127\.0\.0\.1|localhost):[0-9]+/colors")
_CALLBACK: Final = "/developer/signin-oauth/code/callback/colors"
_DEVELOPMENT: Final = "development"  # the tag of the named value that follows the platform


async def ensure_gateway(
    here: Installation, made: Iterable[MadeCredential], colors_port: int | None, *, exposed: bool
) -> None:
    """*colors_port*: where the Colors API listens now, if it does.  *exposed*: no documented secret is ever stored."""
    place = here.gateway
    if place is None or all(one.id != place.tenant_id for one in await here.store.list_tenants()):
        return
    await _follow_redirect(here)
    state = await load_state(here, place.tenant_id)
    secret = _secret(made, os.environ) if exposed else _SECRET
    if state.revision is None and not state.records:
        await _seed(here, place, secret, colors_port)
    elif tuple(_out_of_step(here, state, secret, colors_port)):
        await _keep_in_step(here, place, secret, colors_port)


def _secret(made: Iterable[MadeCredential], environment: Mapping[str, str]) -> str | None:
    """That the console's registration has by now; None: nobody knows it any more."""
    fresh = (one.value for one in made if one.credential.owner_id == CONSOLE)
    return next(fresh, None) or environment.get(_VARIABLE)


async def _seed(here: Installation, place: GatewayPlace, secret: str | None, colors_port: int | None) -> None:
    text = files("entrada.server").joinpath("development-gateway.yaml").read_text(encoding="utf-8")
    text = text.replace(_ORIGIN, here.origin).replace(_BACKEND, _backend(colors_port) or _BACKEND)
    if secret is None:
        text = text.replace(f"    clientSecret: {_SECRET}\n", "").replace(", clientCredentials]", "]")
    environment = {} if secret is None else {"SECRET": secret}
    text = text.replace(f"clientSecret: {_SECRET}", "clientSecret: {environment: SECRET}")
    actor = operator(here, place.tenant_id, Via.FILE)
    plan = await plan_gateway(here, actor, text, _of_sample, environment)
    done = await apply_gateway(here, actor, plan) if isinstance(plan, GatewayPlan) else plan
    if not isinstance(done, State):
        faults = done.message if isinstance(done, Problem) else "; ".join(map(str, done.faults))
        raise CannotBegin(f"The development gateway does not apply: {faults}")


def _of_sample(name: str) -> str | None:
    return files("entrada.samples.colors").joinpath(name).read_text(encoding="utf-8")


def _backend(colors_port: int | None) -> str | None:
    return None if colors_port is None else f"http://127.0.0.1:{colors_port}/colors"


async def _keep_in_step(here: Installation, place: GatewayPlace, secret: str | None, colors_port: int | None) -> None:
    def decide(state: State) -> Wanted:
        put = tuple(_out_of_step(here, state, secret, colors_port))
        return Wanted(activity=gateway_activities.APPLY_FILE, put=put)

    done = await change_gateway(here, operator(here, place.tenant_id, Via.FILE), decide)
    if isinstance(done, Problem):
        raise CannotBegin(f"The development gateway cannot be kept in step: {done.message}")


def _out_of_step(here: Installation, state: State, secret: str | None, colors_port: int | None) -> Iterator[Noun]:
    """What was seeded, nobody has changed, and says where something was."""
    origin, server = state.find(NamedValue, "entrada-origin"), state.find(AuthorizationServer, "colors")
    follows = origin if origin is not None and _DEVELOPMENT in origin.tags else None
    if follows is not None and follows.value != here.origin:
        yield evolve(follows, value=here.origin)
    if server is not None:
        moved = _moved(server, follows.value, here.origin) if follows is not None else server
        kept = _with_secret(moved, secret) if moved.client_secret in DOCUMENTED else moved
        if kept != server:
            yield kept
    api, backend = state.find(Api, "colors"), _backend(colors_port)
    if api is not None and backend is not None and api.service_url != backend and _BACKENDS.fullmatch(api.service_url):
        yield evolve(api, service_url=backend)


def _moved(server: AuthorizationServer, old: str, new: str) -> AuthorizationServer:
    def at(endpoint: str) -> str:
        return f"{new}{endpoint.removeprefix(old)}" if endpoint.startswith(f"{old}/") else endpoint

    return evolve(
        server,
        authorization_endpoint=at(server.authorization_endpoint),
        token_endpoint=at(server.token_endpoint),
    )


def _with_secret(server: AuthorizationServer, secret: str | None) -> AuthorizationServer:
    left = tuple(one for one in server.grant_types if secret or one is not GrantType.CLIENT_CREDENTIALS)
    return evolve(server, client_secret=secret, grant_types=left)


async def _follow_redirect(here: Installation) -> None:
    """The console's registration sends people back to where the console is now."""
    application, wanted = await here.store.find_application(CONSOLE), redirect_url(here, "colors")
    if application is None or all(one.uri == wanted for one in _callbacks(application)):
        return
    moving = _callbacks(application)
    uris = [evolve(one, uri=wanted) if one in moving else one for one in application.redirect_uris]
    after = evolve(application, redirect_uris=tuple(dict.fromkeys(uris)))
    actor, did = operator(here, application.tenant_id, Via.FILE), application_activities.UPDATE_APPLICATION
    await here.store.commit(audited(here, actor, did, [PutEntity(after)], application))


def _callbacks(application: Application) -> list[RedirectUri]:
    return [one for one in application.redirect_uris if one.uri.endswith(_CALLBACK)]

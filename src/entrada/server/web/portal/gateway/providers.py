"""The OpenID Connect providers: like the OAuth 2.0 servers, with endpoints that their discovery document says."""

from typing import Any, Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import OpenIdProviderId
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.server.usecases.gateway.openid_providers import (
    change_openid_provider,
    create_openid_provider,
    delete_openid_provider,
    redirect_url,
)
from entrada.server.web.portal.gateway.apis import some_of
from entrada.server.web.portal.gateway.desk import STALE, Desk, Question, ask, finished, refused, room, show
from entrada.server.web.portal.gateway.discovery import WELL_KNOWN
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.secret_field import secret_in
from entrada.server.web.portal.gateway.shelf import Shelf, listed
from entrada.server.web.signed_in.form import Form

PROVIDERS: Final = Shelf[OpenIdProvider](
    word="OpenID Connect provider",
    title="OpenID providers",
    path="providers",
    kind=OpenIdProvider,
    pages=(("Settings", "/settings"),),
)


async def show_all(desk: Desk) -> Response:
    return room(desk, "providers.html", PROVIDERS.title, part=listed(desk, PROVIDERS.all(desk)))


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return show(
        desk,
        "provider_new.html",
        title="Add an OpenID Connect provider",
        crumbs=[PROVIDERS.crumb],
        problem=problem,
        entered=entered,
        provider=None,
        pattern=redirect_url(desk.here, "…"),
        proposed=f"{desk.here.origin}/{desk.place.tenant_id}/v2.0{WELL_KNOWN}",
    )


async def create(desk: Desk, form: Form) -> Response:
    name = form.get("displayName").strip()
    blank = OpenIdProvider(
        id=OpenIdProviderId(form.text("name") or id_of(name, "provider")),
        display_name=name,
        metadata_endpoint="",
        client_id="",
    )
    made = await create_openid_provider(desk.here, desk.actor, _with_settings(blank, form))
    if isinstance(made, Problem):
        return await start(desk, made, form)
    said = "The provider is added. Register its redirect URL with the client app, and it can be used."
    return finished(desk, PROVIDERS.path_of(blank.id), said)


def _with_settings(provider: OpenIdProvider, form: Form) -> OpenIdProvider:
    return evolve(
        provider,
        display_name=form.get("displayName").strip(),
        description=form.get("description").strip(),
        metadata_endpoint=form.get("metadataEndpoint").strip(),
        client_id=form.get("clientId").strip(),
        client_secret=secret_in(form, "clientSecret"),
        use_in_test_console=form.has("useInTestConsole"),
        use_in_api_documentation=form.has("useInApiDocumentation"),
    )


def _using(desk: Desk, provider: OpenIdProvider) -> list[Api]:
    return [
        api
        for api in desk.configuration.apis.values()
        if any(one.openid_provider_id == provider.id for one in api.authentication_settings.openid)
    ]


async def overview(desk: Desk, provider: OpenIdProvider) -> Response:
    return _page(desk, provider, "provider.html", "", apis=_using(desk, provider))


async def settings(
    desk: Desk, provider: OpenIdProvider, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    return _page(desk, provider, "provider_settings.html", "Settings", problem, entered)


def _page(
    desk: Desk,
    provider: OpenIdProvider,
    template: str,
    title: str,
    problem: Problem | None = None,
    entered: Form | None = None,
    **context: Any,
) -> Response:
    return PROVIDERS.page(
        desk,
        provider,
        template,
        title,
        problem=problem,
        entered=entered,
        provider=provider,
        redirect=redirect_url(desk.here, provider.id),
        has_secret=bool(desk.configuration.openid_providers[provider.id].client_secret),
        **context,
    )


async def save_settings(desk: Desk, provider: OpenIdProvider, form: Form) -> Response:
    answer = await change_openid_provider(
        desk.here, desk.actor, provider.id, lambda kept: _with_settings(kept, form), form.seen
    )
    if isinstance(answer, Problem):
        return await settings(desk, provider, answer, form)
    return finished(desk, PROVIDERS.path_of(provider.id), "The settings are saved.")


async def ask_to_delete(desk: Desk, provider: OpenIdProvider, problem: Problem | None = None) -> Response:
    using = [one.display_name for one in _using(desk, provider)]
    along = f"The security of {some_of(using)} loses it: the console signs nobody in with it any more."
    asked = Question(
        title=f"Delete {provider.display_name}",
        question="Delete this provider? Tokens that the console has got by it stay valid until they expire.",
        consequences=[*([along] if using else []), "Its client secret is deleted with it."],
        back=PROVIDERS.path_of(provider.id),
        crumbs=[PROVIDERS.crumb, (provider.display_name, PROVIDERS.path_of(provider.id))],
        seen=PROVIDERS.seen(desk, provider),
        fields={"force": "true"} if using else {},
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, provider: OpenIdProvider, form: Form) -> Response:
    answer = await delete_openid_provider(desk.here, desk.actor, provider.id, form.seen, force=form.has("force"))
    if isinstance(answer, Problem):
        again = answer.status in (STALE, 409)
        return await ask_to_delete(desk, provider, answer) if again else refused(desk, answer, [PROVIDERS.crumb])
    return finished(desk, PROVIDERS.crumb[1], f"The provider {provider.display_name} is deleted.")

"""The APIs: all of them, one made by hand, one at a glance, and the end of one."""

from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.configuration import Configuration
from entrada.core.gateway.entities.api import Api, SubscriptionKeyParameterNames
from entrada.core.gateway.entities.ids import ApiId
from entrada.server.usecases.gateway.apis import create_api, delete_api
from entrada.server.usecases.gateway.where_it_runs import left_to_python
from entrada.server.web.portal.gateway.desk import STALE, Desk, Question, ask, finished, refused, room, show
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.overview import url_of
from entrada.server.web.portal.gateway.shelf import Shelf, listed
from entrada.server.web.signed_in.form import Form

APIS: Final = Shelf[Api](
    word="API",
    title="APIs",
    path="apis",
    kind=Api,
    pages=(("Operations", "/operations"), ("Settings", "/settings"), ("Security", "/security")),
    scope="apis",
)


async def show_all(desk: Desk) -> Response:
    part = listed(desk, APIS.all(desk))
    rows = [(api, url_of(desk, api), len(desk.configuration.operations.get(api.id, ()))) for api in part.rows]
    return room(desk, "apis.html", APIS.title, part=part, rows=rows)


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return show(
        desk,
        "api_new.html",
        title="Create an API",
        crumbs=[APIS.crumb],
        problem=problem,
        entered=entered,
        names=SubscriptionKeyParameterNames(),
    )


async def create(desk: Desk, form: Form) -> Response:
    name = form.get("displayName").strip()
    api = Api(
        id=ApiId(form.text("name") or id_of(name, "api")),
        display_name=name,
        description=form.get("description").strip(),
        path=form.get("path").strip().strip("/"),
        service_url=form.get("serviceUrl").strip(),
        api_version=form.text("apiVersion"),
        subscription_required=form.has("subscriptionRequired"),
    )
    made = await create_api(desk.here, desk.actor, api)
    if isinstance(made, Problem):
        return await start(desk, made, form)
    return finished(desk, APIS.path_of(api.id, "/operations"), f"The API {name} is created. What can it be asked for?")


async def overview(desk: Desk, api: Api) -> Response:
    configuration = desk.configuration
    return APIS.page(
        desk,
        api,
        "api.html",
        url=url_of(desk, api),
        operations=configuration.operations.get(api.id, ()),
        products=[one for one in configuration.products.values() if api.id in one.api_ids],
        servers=[
            configuration.authorization_servers.get(one.authorization_server_id)
            for one in api.authentication_settings.oauth2
        ],
        providers=[
            configuration.openid_providers.get(one.openid_provider_id) for one in api.authentication_settings.openid
        ],
        keyed=sum(one.api_id == api.id for one in configuration.subscriptions.values()),
        left=await left_to_python(desk.here, configuration, api.id),
    )


async def ask_to_delete(desk: Desk, api: Api, problem: Problem | None = None) -> Response:
    asked = Question(
        title=f"Delete {api.display_name}",
        question=f"Delete this API? The gateway answers 404 at {url_of(desk, api)} from then on.",
        consequences=goes_along(desk.configuration, api),
        back=APIS.path_of(api.id),
        crumbs=[APIS.crumb, (api.display_name, APIS.path_of(api.id))],
        seen=APIS.seen(desk, api),
    )
    return ask(desk, asked, problem)


def goes_along(configuration: Configuration, api: Api) -> list[str]:
    """What the end of an API is the end of, by name as far as that can be read."""
    operations = [one.display_name for one in configuration.operations.get(api.id, ())]
    documents = sum(scope.api_id == api.id for scope in configuration.policies)
    keyed = [one.display_name for one in configuration.subscriptions.values() if one.api_id == api.id]
    products = [one.display_name for one in configuration.products.values() if api.id in one.api_ids]
    said = (
        ("Deleted with it: the operations {}.", operations),
        ("Deleted with it: the subscriptions {}, whose keys open nothing any more.", keyed),
        ("It leaves the products {}.", products),
    )
    lines = [words.format(some_of(names)) for words, names in said if names]
    if documents:
        lines.append(f"Deleted with it: {documents} policy {'document' if documents == 1 else 'documents'}.")
    return [*lines, "It cannot be brought back, but from a file that was exported before."]


def some_of(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


async def delete(desk: Desk, api: Api, form: Form) -> Response:
    answer = await delete_api(desk.here, desk.actor, api.id, form.seen)
    if isinstance(answer, Problem):
        return await ask_to_delete(desk, api, answer) if answer.status == STALE else refused(desk, answer)
    return finished(desk, APIS.crumb[1], f"The API {api.display_name} is deleted.")


def with_settings(api: Api, form: Form) -> Api:
    names = SubscriptionKeyParameterNames(
        header=form.get("subscriptionKeyParameterNames.header").strip(),
        query=form.get("subscriptionKeyParameterNames.query").strip(),
    )
    return evolve(
        api,
        display_name=form.get("displayName").strip(),
        description=form.get("description").strip(),
        path=form.get("path").strip().strip("/"),
        service_url=form.get("serviceUrl").strip(),
        api_version=form.text("apiVersion"),
        api_revision_description=form.get("apiRevisionDescription").strip(),
        terms_of_service_url=form.text("termsOfServiceUrl"),
        subscription_required=form.has("subscriptionRequired"),
        subscription_key_parameter_names=names,
    )

"""The same four routes in each framework, protected by its adapter: what one test is asked of, five times and more."""

import asyncio
import io
import json
from collections.abc import Callable
from typing import Annotated, Any
from wsgiref.util import setup_testing_defaults

import flask
from attrs import define, frozen
from django.http import JsonResponse
from django.test import AsyncRequestFactory, RequestFactory
from fastapi import FastAPI, Security
from starlette.testclient import TestClient

import entrada.django.api
import entrada.fastapi.api
import entrada.flask.api
from entrada.client.api_protection import Principal, guard, needs
from entrada.client.api_protection.asgi import BearerMiddleware as AsgiMiddleware
from entrada.client.api_protection.wsgi import BearerMiddleware as WsgiMiddleware
from entrada.client.settings import Settings
from tests.api_protection.authority import SETTINGS, Authority, Clock
from tests.drivers import django_project

ROUTES: dict[str, Any] = {  # what each asks of its caller
    "/open": {},
    "/reader": {"scopes": ["Colors.Read"], "roles": ["Colors.ReadAll"]},
    "/writer": {"scopes": ["Colors.Write"]},
    "/painter": {"roles": ["Painter"]},
    "/step-up": {"contexts": ["c1"]},
}


@frozen
class Answer:
    status: int
    challenge: str
    body: Any


@define
class Api:
    """An API that is protected, and its surroundings."""

    name: str
    authority: Authority
    clock: Clock
    bearer: Any  # the adapter, where it has test helpers
    send: Callable[[str, list[str], str], Answer]

    def ask(self, token: str | None = None, path: str = "/reader", *, headers: list[str] | None = None) -> Answer:
        sent = headers if headers is not None else [f"Bearer {token}"] if token is not None else []
        route, _, query = path.partition("?")
        return self.send(route, sent, query)


def seen(principal: Principal) -> dict[str, Any]:
    return {
        "kind": principal.kind.value, "tenant": principal.tenant_id, "object": principal.object_id,
        "client": principal.client_id, "scopes": sorted(principal.scopes), "roles": sorted(principal.roles),
    }  # fmt: skip


def of(name: str, settings: Settings = SETTINGS, *, allowed_applications: tuple[str, ...] = ()) -> Api:
    django_project.start()
    authority, clock = Authority(), Clock()
    made = {"settings": settings, "send": authority, "clock": clock, "allowed_applications": allowed_applications}
    bearer, send = FRAMEWORKS[name](made)
    return Api(name, authority, clock, bearer, send)


# ---- FastAPI, and plain ASGI ----


def fastapi_app(bearer: entrada.fastapi.api.BearerAuth) -> FastAPI:
    app = FastAPI()
    for path, asked in ROUTES.items():
        dependency = Security(bearer.needs(**{**asked, "scopes": []}), scopes=asked.get("scopes", []))

        async def route(caller: Annotated[Principal, dependency]) -> dict[str, Any]:
            return seen(caller)

        app.get(path)(route)
    return app


def _fastapi(made: dict[str, Any]) -> tuple[Any, Any]:
    bearer = entrada.fastapi.api.BearerAuth(**made)
    return bearer, _over_asgi(fastapi_app(bearer))


def _over_asgi(app: Any) -> Callable[[str, list[str], str], Answer]:
    client = TestClient(app)

    def send(path: str, sent: list[str], query: str) -> Answer:
        headers = [(b"Authorization", one.encode("latin-1")) for one in sent]
        answer = client.get(path + (f"?{query}" if query else ""), headers=headers)
        return Answer(answer.status_code, answer.headers.get("www-authenticate", ""), answer.json())

    return send


async def _bare_asgi(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(seen(scope["entrada.principal"])).encode()})


def _asgi(made: dict[str, Any]) -> tuple[Any, Any]:
    kept = guard(**made)
    apps = {path: AsgiMiddleware(_bare_asgi, kept, needs(**asked)) for path, asked in ROUTES.items()}

    async def dispatch(scope: Any, receive: Any, send: Any) -> None:
        await apps[scope["path"]](scope, receive, send)

    return kept, _over_asgi(dispatch)


# ---- Flask, and plain WSGI; their servers join headers of one name by commas ----


def _flask(made: dict[str, Any]) -> tuple[Any, Any]:
    bearer, app = entrada.flask.api.BearerAuth(**made), flask.Flask(__name__)
    for path, asked in ROUTES.items():
        view = bearer.api_required(**asked)(lambda: flask.jsonify(seen(flask.g.principal)))
        app.add_url_rule(path, path, view)
    client = app.test_client()

    def send(path: str, sent: list[str], query: str) -> Answer:
        joined = {"HTTP_AUTHORIZATION": ",".join(sent)} if sent else {}
        answer = client.get(path, query_string=query, environ_overrides=joined)
        return Answer(answer.status_code, answer.headers.get("WWW-Authenticate", ""), answer.get_json())

    return bearer, send


def _wsgi(made: dict[str, Any]) -> tuple[Any, Any]:
    kept = guard(**made)

    def bare(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(seen(environ["entrada.principal"])).encode()]

    apps = {path: WsgiMiddleware(bare, kept, needs(**asked)) for path, asked in ROUTES.items()}

    def send(path: str, sent: list[str], query: str) -> Answer:
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
        setup_testing_defaults(environ)
        if sent:
            environ["HTTP_AUTHORIZATION"] = ",".join(sent)
        started: list[Any] = []
        body = b"".join(apps[path](environ, lambda status, headers: started.append((status, dict(headers)))))  # type: ignore[arg-type]
        status, headers = started[0]
        return Answer(int(status.partition(" ")[0]), headers.get("WWW-Authenticate", ""), json.loads(body))

    return kept, send


# ---- Django: views, asynchronous ones, REST framework ----


def _django(made: dict[str, Any]) -> tuple[Any, Any]:
    bearer = entrada.django.api.BearerAuth(**made)
    views = {
        path: bearer.api_required(**asked)(lambda request: JsonResponse(seen(request.principal)))
        for path, asked in ROUTES.items()
    }
    return bearer, _over_django(lambda path, request: views[path](request))


def _django_async(made: dict[str, Any]) -> tuple[Any, Any]:
    bearer = entrada.django.api.BearerAuth(**made)

    async def view(request: Any) -> Any:
        return JsonResponse(seen(request.principal))

    views = {path: bearer.api_required(**asked)(view) for path, asked in ROUTES.items()}
    return bearer, _over_django(lambda path, request: asyncio.run(views[path](request)), AsyncRequestFactory())


def _rest(made: dict[str, Any]) -> tuple[Any, Any]:
    from rest_framework.response import Response  # reads Django's settings as soon as it is imported
    from rest_framework.views import APIView

    from entrada.django.rest import BearerAuthentication, HasRole, HasScope

    bearer = entrada.django.api.BearerAuth(**made)

    class Authentication(BearerAuthentication):
        api = bearer

    permissions: dict[str, Any] = {
        "/open": [],
        "/reader": [HasScope("Colors.Read", or_roles=["Colors.ReadAll"])],
        "/writer": [HasScope("Colors.Write")],
        "/painter": [HasRole("Painter")],
    }

    class View(APIView):
        def get(self, request: Any) -> Response:
            assert request.user.is_authenticated
            return Response(seen(request.auth))

    views = {
        path: View.as_view(authentication_classes=[Authentication], permission_classes=asked)
        for path, asked in permissions.items()
    }
    return bearer, _over_django(lambda path, request: views[path](request).render())


def _over_django(called: Any, factory: Any = None) -> Callable[[str, list[str], str], Answer]:
    factory = factory or RequestFactory()

    def send(path: str, sent: list[str], query: str) -> Answer:
        asked = factory.get(path + (f"?{query}" if query else ""))
        if sent:
            asked.META["HTTP_AUTHORIZATION"] = ",".join(sent)
        answer = called(path, asked)
        return Answer(answer.status_code, answer.headers.get("WWW-Authenticate", ""), json.loads(answer.content))

    return send


FRAMEWORKS: dict[str, Callable[[dict[str, Any]], tuple[Any, Any]]] = {
    "fastapi": _fastapi,
    "flask": _flask,
    "django": _django,
    "django, asynchronous": _django_async,
    "django rest framework": _rest,
    "asgi": _asgi,
    "wsgi": _wsgi,
}

"""Rooms that are loaded when somebody comes."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from entrada.server.web.http.later import Later


def visited(loaded):
    async def named(request):
        return PlainTextResponse(request.path_params["name"])

    def load():
        loaded.append("room")
        return [Route("/room/{name}", named, methods=["GET"])]

    return TestClient(Starlette(routes=[Later("/room", load)]))


def test_nothing_is_loaded_for_others():
    loaded = []
    client = visited(loaded)
    assert (client.get("/rooms").status_code, client.get("/").status_code, loaded) == (404, 404, [])


def test_loaded_once_with_the_first_visit():
    loaded = []
    client = visited(loaded)
    assert [client.get("/room/a").text, client.get("/room/b").text] == ["a", "b"]
    assert loaded == ["room"]
    assert (client.post("/room/a").status_code, client.get("/room/a/b").status_code) == (405, 404)

"""A version that a request says it saw is looked at, or the request is refused: never passed over."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest

from entrada.core.directory import directory_role as role
from entrada.server.web.graph.in_process import ask
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR

Do = Callable[..., tuple[int, Any]]
REF: Final = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{CAI}"}


@pytest.fixture
def do(in_process: InProcess) -> Do:
    def asked(method: str, path: str, body: Any = None, seen: str | None = None) -> tuple[int, Any]:
        return asyncio.run(ask(in_process.platform.here, OPERATOR, method, path, body, seen=seen))

    return asked


@pytest.mark.parametrize("kind", ["applications", "servicePrincipals"])
def test_owners_are_changed_as_the_object_was_seen(do: Do, kind: str) -> None:
    app = do("POST", "/applications", {"displayName": "Owned"})[1]
    principal = do("POST", "/servicePrincipals", {"appId": app["appId"]})[1]
    path = f"/{kind}/{app['id'] if kind == 'applications' else principal['id']}"
    old = do("GET", path)[1]["@odata.etag"]
    assert do("PATCH", path, {"notes": "x"})[0] == 204
    new = do("GET", path)[1]["@odata.etag"]
    assert old != new
    assert do("POST", f"{path}/owners/$ref", REF, old)[0] == 412
    assert do("POST", f"{path}/owners/$ref", REF, new)[0] == 204
    assert do("DELETE", f"{path}/owners/{CAI}/$ref", None, old)[0] == 412
    assert do("DELETE", f"{path}/owners/{CAI}/$ref", None, new)[0] == 204


def test_what_is_read_without_a_version_takes_none(do: Do) -> None:
    circle = {"displayName": "Circle", "mailEnabled": False, "mailNickname": "circle", "securityEnabled": True}
    group, gone = (do("POST", "/groups", circle)[1]["id"] for _ in range(2))
    assert do("DELETE", f"/groups/{gone}")[0] == 204
    for method, path, body in (
        ("POST", f"/groups/{group}/members/$ref", REF),
        ("DELETE", f"/groups/{group}/members/{CAI}/$ref", None),
        ("POST", f"/groups/{group}/owners/$ref", REF),
        ("DELETE", f"/groups/{group}/owners/{CAI}/$ref", None),
        ("POST", f"/directoryRoles/{role.DIRECTORY_READERS}/members/$ref", REF),
        ("DELETE", f"/directoryRoles/{role.DIRECTORY_READERS}/members/{CAI}/$ref", None),
        ("POST", f"/directory/deletedItems/{gone}/restore", None),
        ("DELETE", f"/directory/deletedItems/{gone}", None),
    ):
        status, answer = do(method, path, body, 'W/"99"')
        assert (status, answer["error"]["code"]) == (400, "Request_BadRequest"), path
        assert "If-Match" in answer["error"]["message"]
        if "restore" not in path:
            assert do(method, path, body, "*")[0] == 204, path
        else:
            assert do("GET", f"/groups/{gone}")[0] == 404

"""However an API is named, wherever it is asked for: the same API, the same audience.  Reference sections 26 and 31."""

import asyncio
from collections.abc import Callable

import pytest

from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.testing import ORIGIN
from tests.plugins.platforms import InProcess
from tests.web.devices import Device, let_in
from tests.web.seats import CLI_APP, COLORS, COLORS_API, DAEMON, REPSYS_APP, Seat, change
from tests.web.test_claims import claims_of

URI = f"api://{COLORS_API}"


def by_code(there: InProcess, name: str) -> str:
    return str(Seat(there, CLI_APP).tokens({"scope": f"openid {name}/Colors.Read"})["access_token"])


def by_device(there: InProcess, name: str) -> str:
    device = Device(there)
    device.start({"scope": f"openid {name}/Colors.Read"})
    let_in(there.browser(), device)
    return str(device.poll().json()["access_token"])


def by_secret(there: InProcess, name: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "client_secret": "daemon-dev-secret"}
    form["scope"] = f"{name}/.default"
    return str(there.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form).json()["access_token"])


def by_device_on_v1(there: InProcess, name: str) -> str:
    device = Device(there, REPSYS_APP, path="oauth2")
    device.start({"scope": None, "resource": name})
    let_in(there.browser(), device)
    return str(device.poll({"resource": name}).json()["access_token"])


def by_secret_on_v1(there: InProcess, name: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "client_secret": "daemon-dev-secret"}
    form["resource"] = name
    return str(there.client.post(f"/{COLORS}/oauth2/token", data=form).json()["access_token"])


@pytest.mark.parametrize("version", [None, 2])
@pytest.mark.parametrize("ask", [by_code, by_device, by_secret, by_device_on_v1, by_secret_on_v1])
@pytest.mark.parametrize("name", [URI, f"{URI}/", COLORS_API, COLORS_API.upper()])
def test_every_name_means_the_same_everywhere(
    in_process: InProcess, name: str, ask: Callable[[InProcess, str], str], version: int | None
) -> None:
    store = in_process.platform.here.store
    api = asyncio.run(store.find_application(ClientId(COLORS_API)))
    change(store, api, requested_access_token_version=version)
    by_uri = name.startswith(URI) and version is None
    assert claims_of(ask(in_process, name))["aud"] == (URI if by_uri else COLORS_API)


@pytest.mark.parametrize("name", [ORIGIN, f"{ORIGIN}/"])
@pytest.mark.parametrize("ask", [by_secret, by_secret_on_v1])
def test_graph_is_named_by_its_address_here_too(
    in_process: InProcess, name: str, ask: Callable[[InProcess, str], str]
) -> None:
    """So that clients of whole clouds, az for one, can be told where Graph is: they take its address for its name."""
    token = ask(in_process, name)
    assert claims_of(token)["aud"] == APP_ID
    answer = in_process.client.get("/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403  # it is let in, and told that this needs a person


def test_a_person_is_asked_for_graphs_scopes_under_that_name(in_process: InProcess) -> None:
    token = Seat(in_process, CLI_APP).tokens({"scope": f"openid {ORIGIN}/User.Read"})["access_token"]
    answer = in_process.client.get("/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert (claims_of(str(token))["aud"], answer.status_code) == (APP_ID, 200)

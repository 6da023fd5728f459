"""The az command line signs a service principal in, and a machine's identity, and gets tokens.  `make az` runs this."""

from collections.abc import Iterator

import pytest

from tests.drivers.live_server import COLORS, COLORS_API, LiveServer, live_server
from tests.interop.az_command_line import DAEMON, GRAPH, CommandLine, command_line
from tests.plugins.postgres import free_port

pytestmark = pytest.mark.az


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("az")
    identity = ("--managed-identity", DAEMON, "--managed-identity-port", str(free_port()))
    with live_server(folder / "data", "--no-samples", *identity) as server:
        yield server


@pytest.fixture(scope="module")
def az(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with command_line(live, tmp_path_factory.mktemp("az-home")) as (made, manager):
        made("config", "set", "core.instance_discovery=false", "--only-show-errors")
        made(*registration(live, manager))
        made("cloud", "set", "--name", "entrada")
        yield made


def registration(live: LiveServer, manager: str) -> list[str]:
    endpoints = {
        "active-directory": live.origin,
        "active-directory-resource-id": f"api://{COLORS_API}",  # whose tokens the resource manager takes
        "microsoft-graph-resource-id": GRAPH,
        "active-directory-graph-resource-id": GRAPH,
        "resource-manager": manager,
        "management": manager,
        "gallery": manager,
    }
    options = [word for name, value in endpoints.items() for word in (f"--endpoint-{name}", value)]
    return ["cloud", "register", "--name", "entrada", "--skip-endpoint-discovery", *options]


def test_a_wrong_secret_is_refused_in_entras_words(az: CommandLine):
    refused = az.log_in(password="wrong")
    assert refused.returncode == 1
    assert "AADSTS7000215" in refused.stderr


def test_a_service_principal_signs_in_and_gets_tokens(az: CommandLine):
    assert az.log_in().returncode == 0
    account = az("account", "show")
    assert (account["environmentName"], account["tenantId"], account["user"]) == (
        "entrada",
        COLORS,
        {"name": DAEMON, "type": "servicePrincipal"},
    )
    graph = az("account", "get-access-token", "--resource", GRAPH)
    assert (graph["tokenType"], graph["tenant"]) == ("Bearer", COLORS)
    assert az.verified(graph["accessToken"], GRAPH)["appid"] == DAEMON
    assert az("account", "get-access-token", "--resource", GRAPH)["accessToken"] == graph["accessToken"]  # its cache
    colors = az("account", "get-access-token", "--scope", f"api://{COLORS_API}/.default")
    assert az.verified(colors["accessToken"], COLORS_API)["roles"] == ["Colors.ReadAll"]


def test_graph_knows_who_asks_by_such_a_token(az: CommandLine):
    """It is let in, and told that this request needs a person: a token Graph did not accept would be a 401."""
    assert az.log_in().returncode == 0
    asked = az.run("rest", "--method", "get", "--url", f"{az.live.origin}/v1.0/me", "--resource", GRAPH)
    assert "Authorization_RequestDenied" in asked.stderr
    assert "InvalidAuthenticationToken" not in asked.stderr


def test_a_machines_identity_signs_in(az: CommandLine):
    origin = f"http://localhost:{az.live.options[-1]}"
    on_machine = CommandLine(az.live, {**az.environment, "AZURE_POD_IDENTITY_AUTHORITY_HOST": origin})
    on_machine("login", "--identity", "--allow-no-subscriptions")
    token = on_machine("account", "get-access-token", "--resource", GRAPH)["accessToken"]
    claims = on_machine.verified(token, GRAPH)
    assert (claims["appid"], claims["appidacr"]) == (DAEMON, "2")

"""Each flow of the toolkit against a live server, with a person at the real pages where one is needed."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from attrs import evolve

from entrada.client import (
    AsyncClient,
    AuthorityRefused,
    AzureCredential,
    BadCredential,
    Client,
    InteractionRequired,
    MachineIdentity,
    NotConnected,
    Settings,
    SignInCancelled,
    Unreachable,
    entra_authority,
)
from entrada.client.driver import silent
from entrada.client.grants.certificate import Algorithm
from entrada.core.jose import foreign_token
from tests.drivers.live_server import CLI, COLORS_API, MULTI, LiveServer, live_server
from tests.interop.person import Person
from tests.plugins.postgres import free_port

pytestmark = pytest.mark.interop

DAEMON, DAEMON_SECRET = "c0105000-0000-4000-8000-0000000dae01", "daemon-dev-secret"
MIDDLE, MIDDLE_SECRET = "c0105000-0000-4000-8000-00000000b0b0", "middle-dev-secret"
ADA, BEN = "c0105000-0000-4000-8000-0000000000a1", "c0105000-0000-4000-8000-0000000000b1"
DEFAULT = [f"api://{COLORS_API}/.default"]
READ, GRAPH = [f"api://{COLORS_API}/Colors.Read"], ["https://graph.microsoft.com/User.Read"]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("toolkit")
    options = ("--no-samples", "--managed-identity", f"{DAEMON},{MULTI}", "--managed-identity-port", str(free_port()))
    with live_server(folder / "data", *options) as server:
        yield server


@pytest.fixture
def ben(live: LiveServer) -> Iterator[Person]:
    person = Person(live, "ben@colors.example")
    yield person
    person.browser.client.close()


@pytest.fixture
def ada(live: LiveServer) -> Iterator[Person]:
    """Who consents to everything at once: not Ben, who is asked for more later."""
    person = Person(live, "ada@colors.example")
    yield person
    person.browser.client.close()


def settings(live: LiveServer, client_id: str, **more: Any) -> Settings:
    return Settings(authority=entra_authority(live.authority), client_id=client_id, ca_file=live.ca, **more)


def at_the_browser(ben, opened):
    """Ben's: it posts the answer while the program waits."""

    def open_browser(url):
        opened.append(Thread(target=ben.post_answer, args=[url]))
        opened[-1].start()

    return open_browser


def claims_of(token):
    return foreign_token.read(token).claims


def signed_in(live, ben, client, **more):
    opened = []
    tokens = client.sign_in_interactively(open_browser=at_the_browser(ben, opened), **more)
    opened[0].join()
    return tokens


def test_client_credentials_by_a_secret(live):
    with Client(settings(live, DAEMON, client_secret=DAEMON_SECRET)) as client:
        token = client.token_for(DEFAULT)
        assert client.token_for(DEFAULT).value == token.value
    assert claims_of(token.value)["roles"] == ["Colors.ReadAll"]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_client_credentials_by_a_certificate(live, tmp_path, algorithm):
    pem = tmp_path / "app.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=t", "-days", "9"]
    subprocess.run([*make, "-keyout", str(pem), "-out", str(tmp_path / "cert.pem")], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    live.entrada("app", "certificate", "add", DAEMON, str(tmp_path / "cert.pem"))
    with Client(settings(live, DAEMON, certificate=pem)) as client:
        known = client._application.registration
        client._application.registration = evolve(known, credential=evolve(known.credential, algorithm=algorithm))
        assert claims_of(client.token_for(DEFAULT).value)["azpacr"] == "2"


def test_a_wrong_secret_is_told_with_its_number(live):
    with Client(settings(live, DAEMON, client_secret="wrong")) as client, pytest.raises(AuthorityRefused) as error:
        client.token_for(DEFAULT)
    said = error.value.said
    assert (said.aadsts, said.error) == (7000215, "invalid_client")
    assert re.fullmatch(r"[0-9a-f-]{36}", said.trace_id)
    assert re.fullmatch(r"[0-9a-f-]{36}", said.correlation_id)
    assert error.value.advice


def test_in_a_browser_then_renewed_then_for_another_api(live, ben):
    with Client(settings(live, CLI, scopes=tuple(READ))) as client:
        tokens = signed_in(live, ben, client)
        assert (tokens.account.user_id, tokens.account.username) == (BEN, "ben@colors.example")
        first = client.token_for(READ)
        assert first.value == tokens.access.value
        renewed = client.token_for(READ, force=True)
        assert renewed.value != first.value
        with pytest.raises(InteractionRequired) as more:
            client.token_for(GRAPH, account=tokens.account)
        assert (more.value.said.aadsts, more.value.scopes) == (65001, tuple(GRAPH))
        other = signed_in(live, ben, client, scopes=more.value.scopes).access
        assert claims_of(other.value)["aud"] != claims_of(first.value)["aud"]
        assert claims_of(client.token_for(READ, force=True).value)["aud"] == claims_of(first.value)["aud"]
        assert client.accounts() == (tokens.account,)
        assert client.logout_url(tokens.account).startswith(live.authority)
        client.sign_out(tokens.account)
        with pytest.raises(InteractionRequired):
            client.token_for(READ, account=tokens.account)


def test_in_a_browser_asynchronously(live, ben):
    async def token():
        opened = []
        async with AsyncClient(settings(live, CLI)) as client:
            tokens = await client.sign_in_interactively(READ, open_browser=at_the_browser(ben, opened))
            return tokens, await client.token_for(READ, force=True)

    tokens, renewed = asyncio.run(token())
    assert tokens.account.user_id == BEN
    assert renewed.value != tokens.access.value


def test_by_device_code(live, ben):
    def tell(told):
        ben.let_in(told.url, told.user_code)

    with Client(settings(live, CLI), tell=tell) as client:
        assert client.sign_in_by_device_code(READ).account.user_id == BEN
        assert client.token_for(READ, force=True).value


def test_by_device_code_declined(live, ben):
    def tell(told):
        ben.let_in(told.url, told.user_code, decision="decline")

    with Client(settings(live, CLI), tell=tell) as client, pytest.raises(SignInCancelled):
        client.sign_in_by_device_code(READ)


def test_on_behalf_of(live, ada):
    with Client(settings(live, CLI)) as caller:
        callers = signed_in(live, ada, caller, scopes=[f"api://{MIDDLE}/.default"]).access.value
    with Client(settings(live, MIDDLE, client_secret=MIDDLE_SECRET)) as middle:
        token = middle.on_behalf_of(callers, READ)
        assert (claims_of(token.value)["oid"], claims_of(token.value)["azp"]) == (ADA, MIDDLE)
        assert middle.on_behalf_of(callers, READ).value == token.value


@pytest.fixture(params=["App Service", "machine"])
def machine(live: LiveServer, request: pytest.FixtureRequest) -> dict[str, str]:
    """What the start-up screen says to export."""
    [line] = re.findall(rf"{request.param} +export (.+)", live.log.read_text())
    return dict(word.split("=", 1) for word in line.split())


def test_a_managed_identity(live, machine):
    with MachineIdentity(environment=machine) as identity:
        assert claims_of(identity.token_for(DEFAULT).value)["roles"] == ["Colors.ReadAll"]
    with AzureCredential(MachineIdentity(MULTI, environment=machine)) as credential:
        assert claims_of(credential.get_token(*DEFAULT).token)["azp"] == MULTI
    with MachineIdentity(CLI, environment=machine) as nobody, pytest.raises(BadCredential):
        nobody.token_for(DEFAULT)


def test_nobody_answers(live):
    away = evolve(
        settings(live, DAEMON, client_secret="s"), authority=entra_authority(f"https://localhost:{free_port()}/t")
    )
    with Client(away, tell=silent) as client, pytest.raises(NotConnected, match="cannot be reached"):
        client.token_for(DEFAULT)


def test_a_certificate_that_is_not_trusted(live):
    with (
        Client(evolve(settings(live, DAEMON, client_secret="s"), ca_file=None)) as client,
        pytest.raises(Unreachable) as error,
    ):
        client.token_for(DEFAULT)
    assert "ENTRADA_CA_FILE" in error.value.advice

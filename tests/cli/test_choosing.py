"""As whom a token is got, of whom, and whether this machine's clock is to blame."""

import time
from email.utils import formatdate
from pathlib import Path

import click
import pytest
from attrs import evolve

from entrada.cli.endings import NotFound
from entrada.cli.profiles.profile import Kind, Profile, Proof, Where
from entrada.cli.profiles.words import FlowName
from entrada.cli.tokens.chosen import Asked, Chosen, chosen
from entrada.cli.tokens.from_environment import profile_of
from entrada.cli.tokens.network import Network, network
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.question import Wishes, question
from entrada.cli.tokens.running import running
from entrada.client.errors import BadSettings, TokenRejected
from entrada.client.flow import Call, Reply

AZURE = {"AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": "11111111-1111-4111-8111-111111111111"}
PROFILE = Profile(
    id="p", name="work", where=Where(instance="public", tenant="contoso.example"), client_id=AZURE["AZURE_CLIENT_ID"]
)
CHOSEN = Chosen(profile=PROFILE, title="profile work", kept=True)


# ---- the environment ----


@pytest.mark.parametrize(
    ("environment", "kind", "path", "secret"),
    [
        ({}, Kind.NONE, None, None),
        ({"AZURE_CLIENT_SECRET": "s"}, Kind.SECRET, None, "s"),
        ({"AZURE_CLIENT_SECRET": "s", "ENTRADA_CLIENT_SECRET": "another's"}, Kind.SECRET, None, "s"),
        ({"ENTRADA_CLIENT_ID": "another", "AZURE_CLIENT_SECRET": "s"}, Kind.NONE, None, None),
        ({"ENTRADA_CLIENT_ID": "ours", "ENTRADA_CLIENT_SECRET": "ours"}, Kind.SECRET, None, "ours"),
        ({"AZURE_CLIENT_CERTIFICATE_PATH": "/c"}, Kind.CERTIFICATE, Path("/c"), None),
        (
            {"AZURE_CLIENT_CERTIFICATE_PATH": "/c", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "w"},
            Kind.CERTIFICATE,
            Path("/c"),
            "w",
        ),
        ({"AZURE_FEDERATED_TOKEN_FILE": "/t"}, Kind.FEDERATED, Path("/t"), None),
    ],
)
def test_a_credential_of_the_environment(environment, kind, path, secret):
    found = profile_of({**AZURE, **environment})
    assert found is not None
    assert (found[0].proof, found[1]) == (Proof(kind=kind, path=path), secret)


@pytest.mark.parametrize(
    ("environment", "authority"),
    [
        ({}, "https://login.microsoftonline.com/contoso.example"),
        ({"AZURE_AUTHORITY_HOST": "https://localhost:8443/"}, "https://localhost:8443/contoso.example"),
        ({"AZURE_AUTHORITY_HOST": "login.microsoftonline.us"}, "https://login.microsoftonline.us/contoso.example"),
        ({"ENTRADA_AUTHORITY": "https://a.example/t"}, "https://a.example/t"),
        ({"ENTRADA_ISSUER": "https://a.example/"}, "https://a.example/"),
        ({"ENTRADA_TENANT": "Fabrikam.example "}, "https://login.microsoftonline.com/fabrikam.example"),
    ],
)
def test_an_authority_of_the_environment(environment, authority):
    found = profile_of({**AZURE, **environment})
    assert found is not None
    assert str(found[0].authority) == authority


@pytest.mark.parametrize("missing", ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"])
def test_half_an_application_is_none(missing):
    assert profile_of({name: value for name, value in AZURE.items() if name != missing}) is None


# ---- which ----


def nowhere(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"ENTRADA_DATA_DIR": str(tmp_path), "ENTRADA_PROFILES": str(tmp_path / "profiles.json"), **more}


def test_the_environment_where_there_is_nothing_else(tmp_path: Path):
    assert chosen(Asked(), nowhere(tmp_path, **AZURE)).title == "the environment"
    with pytest.raises(NotFound, match="no `entrada up` runs here"):
        chosen(Asked(), nowhere(tmp_path))


def test_the_environment_is_insisted_on(tmp_path: Path):
    with pytest.raises(NotFound, match="names no application"):
        chosen(Asked(from_environment=True), nowhere(tmp_path))
    with pytest.raises(click.UsageError):
        chosen(Asked(from_environment=True, name="work"), nowhere(tmp_path, **AZURE))


def test_the_only_profile_goes_before_the_environment(tmp_path: Path):
    listed = '{"version": 1, "profiles": [{"name": "Work", "tenant": "a.example", "clientId": "%s"}]}'
    (tmp_path / "profiles.json").write_text(listed % AZURE["AZURE_CLIENT_ID"])
    (tmp_path / "profiles.json").chmod(0o600)
    environment = nowhere(tmp_path, **AZURE)
    assert chosen(Asked(), environment).title == "profile Work"
    assert chosen(Asked(name="wORK"), environment).title == "profile Work"
    assert chosen(Asked(), {**environment, "ENTRADA_PROFILE": "work"}).title == "profile Work"
    with pytest.raises(NotFound, match=r"Profile 'x' not found\. There are: Work\."):
        chosen(Asked(name="x"), environment)


@pytest.mark.parametrize("origin", ["https://localhost:1", "nonsense", "https://[", ""])
def test_what_does_not_answer_does_not_run(tmp_path: Path, origin: str):
    (tmp_path / "origin").write_text(origin)
    assert running({"ENTRADA_DATA_DIR": str(tmp_path)}) is None


# ---- the question ----


@pytest.mark.parametrize(
    ("kind", "flow"),
    [
        (Kind.NONE, FlowName.INTERACTIVE),
        (Kind.SECRET, FlowName.CLIENT_CREDENTIALS),
        (Kind.CERTIFICATE, FlowName.CLIENT_CREDENTIALS),
        (Kind.FEDERATED, FlowName.CLIENT_CREDENTIALS),
        (Kind.MANAGED_IDENTITY, FlowName.MANAGED_IDENTITY),
    ],
)
def test_the_flow_follows_from_the_credential(kind, flow):
    of_kind = CHOSEN._replace(profile=evolve(PROFILE, proof=Proof(kind=kind)))
    assert question(of_kind, Wishes()).flow is flow
    assert question(of_kind, Wishes(flow=FlowName.DEVICE_CODE)).flow is FlowName.DEVICE_CODE


def test_scopes_are_those_said_else_the_profiles_else_graphs():
    assert question(CHOSEN, Wishes()).scopes == ("https://graph.microsoft.com/.default",)
    of_profile = CHOSEN._replace(profile=evolve(PROFILE, scopes=("User.Read",)))
    assert question(of_profile, Wishes()).scopes == ("User.Read",)
    assert question(of_profile, Wishes(), ("known",)).scopes == ("known",)
    assert question(of_profile, Wishes(scopes=("Mail.Read",)), ("known",)).scopes == ("Mail.Read",)


def test_another_tenant():
    assert question(CHOSEN, Wishes(tenant="b.example")).authority.url == "https://login.microsoftonline.com/b.example"
    oidc = CHOSEN._replace(profile=evolve(PROFILE, where=Where(issuer="https://i.example/")))
    with pytest.raises(click.UsageError, match="no tenants"):
        question(oidc, Wishes(tenant="b.example"))


@pytest.mark.parametrize(
    ("uri", "port", "wanted"),
    [
        (None, None, None),
        (None, 8400, "http://localhost:8400"),
        ("http://127.0.0.1/cb", 8400, "http://127.0.0.1:8400/cb"),
        ("http://localhost:1/cb", None, "http://localhost:1/cb"),
    ],
)
def test_where_the_browser_answers(uri, port, wanted):
    assert question(CHOSEN, Wishes(redirect_uri=uri, port=port)).redirect_uri == wanted


def test_a_secret_that_was_given_makes_a_public_client_confidential():
    options = Options(asked=Asked(), wishes=Wishes(), keep=True, ca_file=None, trace=False, silent=False, secret="s")
    given = options.applied(CHOSEN)
    assert (given.profile.proof.kind, given.secret) == (Kind.SECRET, "s")
    assert "s'" not in repr(given)


# ---- the clock ----


def answering(seconds_off: float) -> Network:
    way = Network(lambda _: Reply(status=200, body=b"{}", headers={"date": formatdate(time.time() + seconds_off)}))
    way(Call(url="https://a.example/"))
    return way


@pytest.mark.parametrize(
    ("seconds_off", "said"),
    [
        (3700, "The clock of this machine is 1 h 1 min behind the authority's: set it."),
        (-3700, "The clock of this machine is 1 h 1 min ahead of the authority's: set it."),
        (200, None),
        (-200, None),
    ],
)
def test_an_hour_off(seconds_off, said):
    assert answering(seconds_off).clock_fault() == said


@pytest.mark.parametrize("date", ["", "soon", "Mon, 01 Jan 99999999999999 00:00:00 GMT"])
def test_a_date_that_is_none(date: str):
    way = Network(lambda _: Reply(status=200, body=b"{}", headers={"date": date}))
    way(Call(url="https://a.example/"))
    assert way.clock_fault() is None


def failing() -> None:
    with network("https://a.example", None, None) as way:
        way.send = lambda _: Reply(status=200, body=b"{}", headers={"date": formatdate(time.time() + 3700)})
        way(Call(url="https://a.example/"))
        raise TokenRejected("It has expired")


def test_a_failure_says_that_the_clock_may_be_to_blame():
    with pytest.raises(TokenRejected) as rejected:
        failing()
    assert str(rejected.value).startswith("It has expired. The clock of this machine is 1 h 1 min behind")


def test_roots_that_are_none(tmp_path: Path):
    (tmp_path / "roots.pem").write_text("nonsense")
    for name in ("roots.pem", "none.pem"):
        with pytest.raises(BadSettings, match="roots to trust"), network("https://a.example", tmp_path / name, None):
            pass

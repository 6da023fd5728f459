"""A whole client, waited for and awaited: at an authority that is a function, as our users' tests have it."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Thread, Timer
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from attrs import evolve

import entrada.client as toolkit
from entrada.client import (
    AsyncClient,
    BadSettings,
    Client,
    InteractionRequired,
    MemoryCache,
    NoBrowser,
    Settings,
    SignInCancelled,
    TokenRejected,
    entra_authority,
)
from entrada.client.driver import silent
from entrada.client.interactive.loopback import listening
from entrada.client.machine_identity import EXCHANGE
from tests.client.fake_authority import AUTHORITY, CLIENT, NOW, FakeAuthority, jwk, said
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, SPOILT_OF_ENTRA

APP = Settings(authority=entra_authority(AUTHORITY), client_id=CLIENT, client_secret="s3")
PROGRAM = evolve(APP, client_secret=None, scopes=("api://c/Read",))
DEFAULT = ["api://c/.default"]


class Asynchronous:
    """An `AsyncClient` with the methods of a `Client`: one table tries both."""

    def __init__(self, settings, *, send, **options):
        async def answered(call):
            return send(call)

        self.runner = asyncio.Runner()
        self.client = AsyncClient(settings, send=answered, **options)

    def __getattr__(self, name):
        method = getattr(self.client, name)
        return lambda *given, **named: self.runner.run(method(*given, **named))

    def close(self):
        self.runner.run(self.client.close())
        self.runner.close()


@pytest.fixture(params=[Client, Asynchronous])
def made(request):
    clients = []

    def make(authority, settings=PROGRAM, **options):
        options = {"tell": silent, "clock": lambda: NOW, **options}
        clients.append(request.param(settings, send=authority, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def browser(authority, **answer):
    """The person's, which posts the answer as a page of the authority does; *shown* is what it then shows."""
    shown, posting = [], []

    def open_browser(url):
        query = authority.asked(url)
        fields = {"code": "c-1", "state": query["state"], **answer}
        port = urlsplit(query["redirect_uri"]).port

        def post():
            host = {"host": f"localhost:{port}"}
            shown.append(httpx2.post(f"http://127.0.0.1:{port}/", data=fields, headers=host, trust_env=False).text)

        posting.append(Thread(target=post))
        posting[-1].start()

    def page():
        posting[0].join()
        return shown[0]

    return open_browser, page


def paid_for(authority):
    """How many tokens the authority gave."""
    return authority.count("/token")


# ---- the application's own ----


def test_a_token_is_asked_for_once(made):
    authority = FakeAuthority(answer={"id_token": None})
    client = made(authority, APP)
    assert client.token_for(DEFAULT).value == "at"
    assert client.token_for(DEFAULT).value == "at"
    assert paid_for(authority) == 1
    client.token_for(DEFAULT, force=True)
    client.token_for(DEFAULT, claims='{"access_token":{}}')
    assert paid_for(authority) == 3
    assert authority.forms[-1]["claims"] == '{"access_token":{}}'


@pytest.mark.parametrize("scopes", ["api://c/.default", " api://c/.default api://c/.default", {"api://c/.default": 1}])
def test_scopes_in_a_text_are_what_stands_between_its_spaces(made, scopes):
    authority = FakeAuthority(answer={"id_token": None})
    made(authority, APP).token_for(scopes)
    assert authority.calls[-1].form["scope"] == "api://c/.default"


@pytest.mark.parametrize("scopes", ["", [], "  "])
def test_no_scope_is_nothing_to_ask_for(made, scopes):
    authority = FakeAuthority()
    with pytest.raises(BadSettings, match="No scope is named"):
        made(authority, APP).token_for(scopes)
    assert authority.calls == []


def test_a_token_that_ends_within_a_minute_is_none(made):
    authority, times = FakeAuthority(answer={"id_token": None}), [NOW]
    client = made(authority, APP, clock=lambda: times[0])
    client.token_for(DEFAULT)
    times[0] = NOW + 3600 - 61
    client.token_for(DEFAULT)
    assert paid_for(authority) == 1
    times[0] = NOW + 3600 - 60
    client.token_for(DEFAULT)
    assert paid_for(authority) == 2


def test_many_threads_ask_once():
    authority = FakeAuthority(answer={"id_token": None})
    with Client(APP, send=authority, clock=lambda: NOW) as client, ThreadPoolExecutor(20) as pool:
        tokens = {one.value for one in pool.map(lambda _: client.token_for(DEFAULT), range(200))}
    assert (tokens, paid_for(authority)) == ({"at"}, 1)


def test_a_credential_of_ones_own(made):
    """A machine's identity as the application's federated credential, for one."""
    asked = []

    def machine(call):
        asked.append(call.url)
        return said({"access_token": "m.m.m", "expires_in": "3600", "token_type": "Bearer"})

    authority = FakeAuthority(answer={"id_token": None})
    identity = toolkit.MachineIdentity(environment={}, send=machine, clock=lambda: NOW)
    proof = toolkit.FederatedToken(lambda: identity.token_for([EXCHANGE]).value)
    assert made(authority, PROGRAM, credential=proof).token_for(DEFAULT).value == "at"
    assert authority.forms[0]["client_assertion"] == "m.m.m"
    assert "resource=api%3A%2F%2FAzureADTokenExchange" in asked[0]


def test_a_refusal_is_the_callers(made):
    authority = FakeAuthority(first=[said({"error": "invalid_client", "error_codes": [7000215]}, 401)])
    with pytest.raises(toolkit.AuthorityRefused) as error:
        made(authority, APP).token_for(DEFAULT)
    assert error.value.said.aadsts == 7000215


def test_what_passes_is_borne(made):
    authority = FakeAuthority(answer={"id_token": None}, first=[said({}, 503)])
    assert made(authority, APP).token_for(DEFAULT).value == "at"


# ---- people ----


def test_signing_in_with_a_browser(made):
    authority = FakeAuthority(answer={"refresh_token": "rt", "scope": "api://c/Read"})
    client = made(authority)
    open_browser, page = browser(authority)
    tokens = client.sign_in_interactively(open_browser=open_browser)
    assert "You are signed in" in page()
    assert tokens.account.username == "ada@colors.example"
    assert client.accounts() == (tokens.account,)
    assert client.token_for(["api://c/Read"]).value == "at"
    assert paid_for(authority) == 1
    client.token_for(["api://other/Read"], account=tokens.account)
    assert authority.forms[-1]["refresh_token"] == "rt"


def test_the_request_that_the_browser_opens(made):
    authority, opened = FakeAuthority(), []
    open_browser, _ = browser(authority)

    def watched(url):
        opened.append({name: value for name, [value] in parse_qs(urlsplit(url).query).items()})
        open_browser(url)

    asked = toolkit.Asked(prompt="select_account", login_hint="ada@colors.example")
    made(authority).sign_in_interactively(["api://c/Write"], asked=asked, open_browser=watched)
    [query] = opened
    assert query["response_mode"] == "form_post"
    assert query["scope"] == "api://c/Write openid profile offline_access"
    assert (query["prompt"], query["login_hint"]) == ("select_account", "ada@colors.example")
    assert query["redirect_uri"].startswith("http://localhost:")
    assert query["code_challenge_method"] == "S256"


def test_the_person_says_no(made):
    authority = FakeAuthority()
    open_browser, page = browser(authority, error="access_denied", error_description="AADSTS65004: declined")
    with pytest.raises(SignInCancelled):
        made(authority).sign_in_interactively(open_browser=open_browser)
    assert "You said no" in page()


def test_the_authority_refuses(made):
    authority = FakeAuthority(
        first=[said({"error": "invalid_grant", "error_description": "AADSTS54005: <b>spent</b>"}, 400)]
    )
    open_browser, page = browser(authority)
    with pytest.raises(toolkit.AuthorityRefused):
        made(authority).sign_in_interactively(open_browser=open_browser)
    assert "You are not signed in" in page()
    assert "&lt;b&gt;spent" in page()


@pytest.mark.parametrize("name", SPOILT_OF_ENTRA)
def test_no_spoilt_id_token_signs_anybody_in(name, made):
    authority = FakeAuthority(keys=[jwk("k1"), *ALSO_PUBLISHED], spoilt=SPOILT_OF_ENTRA[name])
    open_browser, page = browser(authority)
    client = made(authority)
    with pytest.raises(TokenRejected):
        client.sign_in_interactively(open_browser=open_browser)
    assert "You are not signed in" in page()
    assert client.accounts() == ()


def test_no_browser_leaves_nothing_behind(made):
    def none(_):
        raise NoBrowser("There is none", advice="Use a device code.")

    client = made(FakeAuthority())
    for _ in range(2):
        with pytest.raises(NoBrowser):
            client.sign_in_interactively(open_browser=none, port=0)


def test_signing_in_on_another_screen(made):
    told = []
    client = made(FakeAuthority(device={"interval": 1}), tell=told.append)
    assert client.sign_in_by_device_code().account.username == "ada@colors.example"
    assert (told[0].url, told[0].user_code) == ("https://login.example/devicelogin", "ABCD1234")


def test_signing_out(made):
    authority = FakeAuthority(device={"interval": 1}, answer={"refresh_token": "rt"})
    client = made(authority)
    account = client.sign_in_by_device_code().account
    url = client.logout_url(account, return_to="http://localhost")
    assert parse_qs(urlsplit(url).query) == {
        "client_id": [CLIENT], "logout_hint": ["ada@colors.example"], "post_logout_redirect_uri": ["http://localhost"]
    }  # fmt: skip
    client.sign_out(account)
    assert client.accounts() == ()
    with pytest.raises(InteractionRequired):
        client.token_for(["api://c/Read"], account=account)


def test_a_token_of_nobody(made):
    with pytest.raises(InteractionRequired) as error:
        made(FakeAuthority()).token_for(["api://c/Read"])
    assert error.value.scopes == ("api://c/Read",)


def test_whose_token_is_not_guessed(made):
    authority, cache = FakeAuthority(device={"interval": 1}), MemoryCache()
    client = made(authority, cache=cache)
    client.sign_in_by_device_code()
    authority.claims = {"oid": "o-2", "sub": "s-2"}
    client.sign_in_by_device_code()
    assert len(client.accounts()) == 2
    with pytest.raises(BadSettings, match="Several"):
        client.token_for(["openid"])
    elsewhere = made(authority, evolve(PROGRAM, client_id="22222222-0000-4000-8000-000000000001"), cache=cache)
    assert elsewhere.accounts() == ()


# ---- on behalf of ----


def test_on_behalf_of_each_caller(made):
    authority = FakeAuthority()
    client = made(authority, APP)
    for token in ("t-1", "t-2", "t-1"):
        client.on_behalf_of(token, ["api://d/Read"])
    assert [form["assertion"] for form in authority.forms] == ["t-1", "t-2"]


# ---- the package ----


def test_every_public_name_is_there():
    assert set(toolkit.__all__) <= set(dir(toolkit))
    for name in toolkit.__all__:
        assert getattr(toolkit, name).__name__ == name or name in {"Send", "SendAsync", "Told"}
    with pytest.raises(AttributeError):
        _ = toolkit.Nothing


def test_secrets_are_in_no_representation():
    assert "s3" not in repr(APP)
    with Client(
        APP, send=FakeAuthority(answer={"id_token": None, "access_token": "hush"}), entropy=os.urandom
    ) as client:
        assert "hush" not in repr(client.token_for(DEFAULT))


# ---- whoever stops waiting ----


def test_a_cancelled_sign_in_gives_its_port_back_at_once():
    async def cancelled():
        authority, opened, loop = FakeAuthority(), asyncio.Queue(), asyncio.get_running_loop()

        def open_browser(url):
            loop.call_soon_threadsafe(opened.put_nowait, url)

        async def send(call):
            return authority(call)

        async with AsyncClient(PROGRAM, send=send, tell=silent, clock=lambda: NOW) as client:
            task = asyncio.create_task(client.sign_in_interactively(open_browser=open_browser))
            url = await opened.get()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return task.cancelled(), authority.asked(url)["redirect_uri"]

    was_cancelled, redirect_uri = asyncio.run(cancelled())
    assert was_cancelled
    listening(redirect_uri).close()  # PortTaken otherwise


def test_ctrl_c_ends_a_sign_in_and_gives_its_port_back():
    authority, opened = FakeAuthority(), []

    def open_browser(url):
        opened.append(url)
        Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()

    with Client(PROGRAM, send=authority, tell=silent, clock=lambda: NOW) as client, pytest.raises(KeyboardInterrupt):
        client.sign_in_interactively(open_browser=open_browser)
    listening(authority.asked(opened[0])["redirect_uri"]).close()

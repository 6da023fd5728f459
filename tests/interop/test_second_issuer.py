"""The client toolkit against entrada and against an issuer that is not ours: the same tests, and nothing else told."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import Any, TypeVar

import httpx2
import pytest
from attrs import define, evolve

from entrada.client import AsyncClient, Client, InteractionRequired, Settings
from entrada.client.api_protection.access_token import verified_principal
from entrada.client.api_protection.principal import Kind
from entrada.client.api_protection.protected_api import ProtectedApi
from entrada.client.authority import Shape
from entrada.client.discovery.provider import Provider
from entrada.client.driver import Told, drive, silent
from entrada.client.errors import AuthorityRefused, TokenRejected
from entrada.client.flow import Flow, Tell
from entrada.client.grants.client_authentication import ClientSecret
from entrada.client.grants.client_credentials import client_credentials
from entrada.client.grants.device_code import device_code
from entrada.client.grants.refresh_token import refresh
from entrada.client.grants.registration import Registration
from entrada.client.transport import over
from entrada.client.web_sign_in import Asked, Begun, Refused, ResponseMode, SignedIn, SignIn, WebApp, Why
from entrada.core.jose.invalid_token import Flaw
from entrada.core.jose.numeric_date import NumericDate
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import live_server
from tests.interop.issuers import CALLBACK, GONE_TO, Entrada, Issuer, Party, arrived, oidc_provider

pytestmark = pytest.mark.interop
T = TypeVar("T")
IDENTITY = ("openid", "profile", "offline_access")


def now() -> NumericDate:
    return NumericDate(int(time.time()))


@define
class Seat:
    """A program at one issuer, and the browser of whoever signs in to it."""

    issuer: Issuer
    client: httpx2.Client
    browser: FormBrowser

    def do(self, flow: Flow[T], tell: Told = silent) -> T:
        return drive(flow, over(self.client), tell=tell)

    def sign_in_with(self, party: Party, mode: ResponseMode = ResponseMode.QUERY) -> SignIn:
        app = WebApp(
            authority=self.issuer.authority,
            client_id=party.client_id,
            client_secret=party.secret,
            redirect_uri=CALLBACK,
            scopes=IDENTITY,
            response_mode=mode,
        )
        return SignIn(app)

    @property
    def flow(self) -> SignIn:
        return self.sign_in_with(self.issuer.web[0])

    def begin(self, flow: SignIn, asked: Asked | None = None) -> Begun:
        asked = asked or Asked(prompt=self.issuer.prompt)
        return self.do(flow.begin(return_to="/reports", now=now(), entropy=os.urandom, asked=asked))

    def brought(self, begun: Begun) -> dict[str, str]:
        """The person passes the pages; what their browser then brings."""
        where, fields = self.passed(begun.url)
        assert where == CALLBACK
        return fields

    def passed(self, url: str) -> tuple[str, dict[str, str]]:
        self.browser.left_to = None
        return arrived(self.browser, self.issuer.pass_pages(self.browser, self.browser.open(url)))

    def finish(self, flow: SignIn, begun: Begun, brought: dict[str, str], later: int = 0) -> SignedIn | Refused:
        at = NumericDate(now() + later)
        return self.do(flow.finish(brought, begun.transaction, now=at, entropy=os.urandom))

    def signed_in(self, flow: SignIn, asked: Asked | None = None) -> SignedIn | Refused:
        begun = self.begin(flow, asked)
        return self.finish(flow, begun, self.brought(begun))

    def lets_in(self, words: Tell) -> None:
        assert words.url
        assert words.user_code
        self.issuer.let_in(self.browser, words.url, words.user_code)

    def answers(self, url: str, took: list[Thread]) -> None:
        """Meanwhile, as a browser beside the program."""

        def go() -> None:
            where, fields = self.passed(url)
            with httpx2.Client(trust_env=False) as browser:
                by_form = self.browser.left_to is None
                seen = browser.post(where, data=fields) if by_form else browser.get(where, params=fields)
            assert seen.status_code == 200, seen.text

        took.append(Thread(target=go))
        took[-1].start()

    def settings(self, party: Party) -> Settings:
        return Settings(
            authority=self.issuer.authority,
            client_id=party.client_id,
            client_secret=party.secret,
            scopes=party.scopes,
            ca_file=self.issuer.ca_file,
        )

    def registered(self, party: Party) -> Registration:
        secret = ClientSecret(party.secret) if party.secret else None
        return Registration(provider=Provider(self.issuer.authority), client_id=party.client_id, credential=secret)


@pytest.fixture(scope="module", params=["entrada", "node-oidc-provider"])
def issuer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    """Of these tests alone, because its keys are rotated."""
    with ExitStack() as running:
        if request.param == "entrada":
            yield Entrada(running.enter_context(live_server(tmp_path_factory.mktemp("issuer") / "data")))
        else:
            yield running.enter_context(oidc_provider())


@pytest.fixture
def seat(issuer: Issuer) -> Iterator[Seat]:
    verify = ssl.create_default_context(cafile=issuer.ca_file) if issuer.ca_file else True
    with httpx2.Client(verify=verify, timeout=30, trust_env=False) as client:
        seat = Seat(issuer, client, issuer.browser())
        yield seat
        seat.browser.client.close()


def person_of(outcome: SignedIn | Refused) -> SignedIn:
    assert isinstance(outcome, SignedIn), outcome
    return outcome


def why(outcome: SignedIn | Refused) -> tuple[Why, str | None]:
    assert isinstance(outcome, Refused), outcome
    return outcome.why, outcome.error


@pytest.mark.parametrize("mode", ResponseMode)
def test_a_person_signs_in_however_the_answer_comes(seat: Seat, mode: ResponseMode) -> None:
    for party in seat.issuer.web:  # each signed with another algorithm, where the issuer has several
        person = person_of(seat.signed_in(seat.sign_in_with(party, mode)))
        assert person.return_to == "/reports"
        assert person.username.startswith(seat.issuer.username)
        assert person.issuer == seat.issuer.named
        assert person.tenant_id == (seat.issuer.authority.tenant or "")
        if seat.issuer.authority.shape is Shape.OIDC:
            assert person.user_id == person.subject


def test_whoever_is_signed_in_is_asked_nothing_and_is_the_same(seat: Seat) -> None:
    first = person_of(seat.signed_in(seat.flow))
    again = person_of(seat.signed_in(seat.flow, Asked(prompt="none")))
    assert (again.issuer, again.user_id, again.subject) == (first.issuer, first.user_id, first.subject)


def test_nobody_signs_in_where_nobody_may_be_asked(seat: Seat) -> None:
    assert why(seat.signed_in(seat.flow, Asked(prompt="none"))) == (Why.AUTHORITY_REFUSED, "login_required")


def test_tokens_are_renewed_for_the_same_person(seat: Seat) -> None:
    flow = seat.flow
    first = person_of(seat.signed_in(flow)).tokens
    assert first.refresh_token
    renewal = refresh(flow.registration, first.refresh_token, (), account=first.account, now=now(), entropy=os.urandom)
    renewed = seat.do(renewal)
    assert renewed.access.value != first.access.value
    assert renewed.account == first.account
    assert renewed.access.serves(now())


# fmt: off
TAMPERED = [
    pytest.param({"state": "x" * 43},         Why.NOT_BEGUN_HERE, None,                   id="the state of another attempt"),
    pytest.param({"nonce": "x" * 43},         Why.BAD_ID_TOKEN,   Flaw.WRONG_NONCE.value, id="the nonce of another attempt"),
    pytest.param({"code_verifier": "x" * 43}, Why.CODE_REFUSED,   None,                   id="the code verifier of another attempt"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "refused", "detail"), TAMPERED)
def test_an_answer_to_another_attempt_is_refused(
    seat: Seat, changes: dict[str, Any], refused: Why, detail: str | None
) -> None:
    flow = seat.flow
    begun = seat.begin(flow)
    brought = seat.brought(begun)
    spoilt = Begun(begun.url, evolve(begun.transaction, **changes))
    outcome = seat.finish(flow, spoilt, brought)
    assert isinstance(outcome, Refused)
    assert outcome.why is refused
    assert detail in (None, outcome.detail)


def test_an_answer_that_names_another_issuer_or_none_is_judged_by_what_the_issuer_promises(seat: Seat) -> None:
    flow = seat.flow
    begun = seat.begin(flow)
    brought = seat.brought(begun)
    other = seat.finish(flow, begun, {**brought, "iss": "https://evil.example"})
    assert other == Refused(why=Why.ANOTHER_ISSUER)
    if "iss" in brought:  # it promised so (RFC 9207 §3)
        silent_about_it = {name: value for name, value in brought.items() if name != "iss"}
        assert seat.finish(flow, begun, silent_about_it) == Refused(why=Why.ANOTHER_ISSUER)
    person_of(seat.finish(flow, begun, brought))


def test_a_code_serves_once(seat: Seat) -> None:
    flow = seat.flow
    begun = seat.begin(flow)
    brought = seat.brought(begun)
    person_of(seat.finish(flow, begun, brought))
    assert why(seat.finish(flow, begun, brought)) == (Why.CODE_REFUSED, "invalid_grant")


def test_a_wrong_secret_is_refused(seat: Seat) -> None:
    flow = seat.sign_in_with(evolve(seat.issuer.web[0], secret="wrong"))
    assert why(seat.signed_in(flow)) == (Why.CODE_REFUSED, "invalid_client")


def test_an_application_gets_a_token_of_its_own(seat: Seat) -> None:
    daemon = seat.issuer.daemon
    tokens = seat.do(client_credentials(seat.registered(daemon), daemon.scopes, now=now(), entropy=os.urandom))
    assert tokens.access.serves(now())
    assert (tokens.account, tokens.id_token, tokens.refresh_token) == (None, None, None)
    wrong = seat.registered(evolve(daemon, secret="wrong"))
    with pytest.raises(AuthorityRefused, match="invalid_client"):
        seat.do(client_credentials(wrong, daemon.scopes, now=now(), entropy=os.urandom))


def test_a_person_lets_a_device_in(seat: Seat) -> None:
    program = seat.issuer.program
    flow = device_code(seat.registered(program), program.scopes, clock=now, entropy=os.urandom)
    tokens = seat.do(flow, seat.lets_in)
    assert tokens.account is not None
    assert tokens.account.username.startswith(seat.issuer.username)
    assert tokens.refresh_token


def test_a_program_keeps_its_own_token_and_asks_for_another_when_told_to(seat: Seat) -> None:
    daemon = seat.issuer.daemon
    with Client(seat.settings(daemon)) as client:
        first = client.token_for(daemon.scopes)
        assert client.token_for(daemon.scopes).value == first.value
        assert client.token_for(daemon.scopes, force=True).value != first.value


def test_an_api_believes_the_token_of_an_application_and_no_other_api_does(seat: Seat) -> None:
    daemon = seat.issuer.daemon
    tokens = seat.do(client_credentials(seat.registered(daemon), daemon.scopes, now=now(), entropy=os.urandom))
    api = ProtectedApi(authority=seat.issuer.authority, client_id="the API", audiences=seat.issuer.api)
    provider = Provider(seat.issuer.authority)
    principal = seat.do(verified_principal(tokens.access.value, api=api, provider=provider, now=now()))
    assert (principal.kind, principal.client_id, principal.issuer) == (
        Kind.APPLICATION,
        daemon.client_id,
        seat.issuer.named,
    )
    assert principal.roles == seat.issuer.roles
    another = evolve(api, audiences=frozenset({"another"}))
    with pytest.raises(TokenRejected, match=Flaw.WRONG_AUDIENCE.value):
        seat.do(verified_principal(tokens.access.value, api=another, provider=provider, now=now()))


async def test_a_program_waits_for_its_own_token_among_others(seat: Seat) -> None:
    daemon = seat.issuer.daemon
    async with AsyncClient(seat.settings(daemon)) as client:
        first = await client.token_for(daemon.scopes)
        assert (await client.token_for(daemon.scopes)).value == first.value


@pytest.mark.parametrize("screen", ["another", "this"])
def test_whoever_signs_in_to_a_program_is_known_until_they_sign_out(seat: Seat, screen: str) -> None:
    program, took = seat.issuer.program, list[Thread]()
    tell = seat.lets_in if screen == "another" else silent
    with Client(seat.settings(program), tell=tell) as client:
        if screen == "another":
            tokens = client.sign_in_by_device_code()
        else:
            asked = Asked(prompt=seat.issuer.prompt)
            tokens = client.sign_in_interactively(asked=asked, open_browser=lambda url: seat.answers(url, took))
            took[0].join()
        account = tokens.account
        assert account is not None
        assert (account.issuer, client.accounts()) == (seat.issuer.named, (account,))
        assert client.token_for(program.scopes).value == tokens.access.value
        assert client.token_for(program.scopes, force=True).value != tokens.access.value
        assert client.logout_url(account)
        client.sign_out(account)
        assert client.accounts() == ()
        with pytest.raises(InteractionRequired):
            client.token_for(program.scopes)


def test_signing_out_leads_back_and_ends_the_session(seat: Seat) -> None:
    flow = seat.flow
    person = person_of(seat.signed_in(flow))
    url = seat.do(flow.end(return_to=GONE_TO, now=now(), id_token_hint=person.tokens.id_token))
    assert url is not None
    seat.browser.left_to = None
    assert seat.issuer.leave(seat.browser, url) == GONE_TO
    assert why(seat.signed_in(flow, Asked(prompt="none"))) == (Why.AUTHORITY_REFUSED, "login_required")


def test_new_keys_are_fetched_without_a_new_start(seat: Seat) -> None:
    flow = seat.flow
    begun = seat.begin(flow)
    person_of(seat.finish(flow, begun, seat.brought(begun)))
    seat.issuer.rotate()
    begun = seat.begin(flow, Asked())
    later = 61  # a key set is asked for again once a minute at most
    person_of(seat.finish(flow, begun, seat.brought(begun), later))

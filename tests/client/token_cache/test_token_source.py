"""What a source answers: for threads and for tasks alike, by the same table where there is no difference."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from attrs import define, evolve, field

from entrada.client.driver import drive, drive_async
from entrada.client.errors import AuthorityRefused, BadAnswer, InteractionRequired, OAuthError, Unreachable
from entrada.client.flow import Call, Reply
from entrada.client.token_cache.async_token_source import AsyncTokenSource
from entrada.client.token_cache.memory import MemoryCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.token_cache.token_source import TokenSource
from entrada.client.tokens import AccessToken, Account, Tokens

NOW = 1_800_000_000
HERE = Partition("https://localhost:8443/colors", "app", "issuer ben")
BEN = Account(issuer="issuer", tenant_id="colors", user_id="ben")
READ = ("api://colors/Colors.Read",)
WRITE = ("api://colors/Colors.Write",)


def token(value="old", *, scopes=READ, lives=3600, **more):
    return AccessToken(value=value, scopes=frozenset(scopes), expires_at=NOW + lives, **more)


OLD = token(lives=59)


@define
class Authority:
    """Answers a renewal: `answers` are taken one after the other, the last for ever."""

    answers: list = field(factory=lambda: [None])  # an exception, or None for a token
    calls: list = field(factory=list)  # refresh token, scopes, claims
    lives: int = 3600
    slow: float = 0.0
    now: list = field(factory=lambda: [NOW])

    def renew(self, kept, scopes, claims):
        number = len(self.calls) + 1
        self.calls.append((kept and kept.refresh_token, scopes, claims))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        yield Call(url="https://localhost/token")
        if answer is not None:
            raise answer
        return Tokens(
            access=token(f"new {number}", scopes=scopes, lives=self.now[0] - NOW + self.lives),
            refresh_token=f"refresh {number}",
            account=BEN,
        )

    def send(self, call):
        time.sleep(self.slow)
        return Reply(status=200, body=b"")

    async def send_async(self, call):
        await asyncio.sleep(self.slow)
        return Reply(status=200, body=b"")


@define
class Seat:
    """One source, asked as a program of threads or as one of tasks would."""

    authority: Authority
    source: TokenSource | AsyncTokenSource
    now: list

    def ask(self, scopes=READ, claims=None, *, force=False):
        asked = self.source.token_for(scopes, claims, force=force)
        return asyncio.run(asked) if asyncio.iscoroutine(asked) else asked

    def ask_all(self, count):
        """What each of *count* got, or raised."""
        if isinstance(self.source, AsyncTokenSource):

            async def everybody():
                return await asyncio.gather(
                    *(self.source.token_for(READ) for _ in range(count)), return_exceptions=True
                )

            return asyncio.run(everybody())
        with ThreadPoolExecutor(count) as threads:
            asked = [threads.submit(self.source.token_for, READ) for _ in range(count)]
        return [one.exception() or one.result() for one in asked]


def seat(kind, authority, cache):
    now = authority.now
    shared = {"cache": cache, "partition": HERE, "renew": authority.renew, "clock": lambda: now[0]}
    if kind is TokenSource:
        return Seat(authority, TokenSource(**shared, drive=lambda flow: drive(flow, authority.send)), now)
    return Seat(authority, AsyncTokenSource(**shared, drive=lambda flow: drive_async(flow, authority.send_async)), now)


@pytest.fixture(params=[TokenSource, AsyncTokenSource], ids=["threads", "tasks"])
def kind(request):
    return request.param


@pytest.fixture
def seated(kind):
    def make(*access, refresh_token="refresh 0", **authority):
        cache = MemoryCache()
        cache.change(HERE, lambda _: Kept(account=BEN, access=access, refresh_token=refresh_token))
        return seat(kind, Authority(**authority), cache)

    return make


def refused(error="invalid_grant", **said):
    return AuthorityRefused("No", OAuthError(error=error, **said))


# fmt: off
ROWS = [  # what is kept, what is asked, what is answered
    pytest.param([token()],                            READ,                            "old",   id="kept"),
    pytest.param([token()],                            ("API://COLORS/colors.read",),   "old",   id="kept, in another case"),
    pytest.param([token()],                            (*READ, "openid", "offline_access"), "old", id="the protocol's own scopes are no question"),
    pytest.param([token(scopes=(*READ, *WRITE))],      READ,                            "old",   id="more was granted than is asked"),
    pytest.param([token()],                            (*READ, *WRITE),                 "new 1", id="less was granted than is asked"),
    pytest.param([token()],                            WRITE,                           "new 1", id="another scope"),
    pytest.param([token(asked=frozenset(["api://colors/.default"]))], ["api://colors/.default"], "old", id=".default asked before"),
    pytest.param([token()],                            ["api://colors/.default"],       "new 1", id=".default not asked before"),
    pytest.param([token(asked=frozenset([*READ, *WRITE]))], (*READ, *WRITE),            "old",   id="less was granted, for this very question"),
    pytest.param([token(asked=frozenset([*READ, *WRITE]))], WRITE,                      "new 1", id="less was granted, for another question"),
    pytest.param([token()],                            (),                              "new 1", id="no scope is not any scope"),
    pytest.param([token(lives=61)],                    READ,                            "old",   id="lives 61 seconds"),
    pytest.param([token(lives=60)],                    READ,                            "new 1", id="lives 60 seconds"),
    pytest.param([token(lives=-1)],                    READ,                            "new 1", id="expired"),
    pytest.param([token(lives=90), token("longer")],   READ,                            "longer", id="the one that lives longest"),
    pytest.param([token(refresh_at=NOW + 1)],          READ,                            "old",   id="to be renewed in a second"),
    pytest.param([token(refresh_at=NOW)],              READ,                            "new 1", id="to be renewed now"),
]
# fmt: on


@pytest.mark.parametrize(("kept", "scopes", "answer"), ROWS)
def test_what_is_kept_answers_until_a_minute_before_its_end(seated, kept, scopes, answer):
    assert seated(*kept).ask(scopes).value == answer


def test_what_was_renewed_is_kept_with_its_refresh_token(seated):
    here = seated(OLD)
    assert [here.ask().value, here.ask().value] == ["new 1", "new 1"]
    assert [one[0] for one in here.authority.calls] == ["refresh 0"]
    here.now[0] += 3600
    assert here.ask().value == "new 2"
    assert [one[0] for one in here.authority.calls] == ["refresh 0", "refresh 1"]


def test_a_challenge_and_force_go_past_what_is_kept(seated):
    here = seated(token())
    assert here.ask(claims='{"access_token":{}}').value == "new 1"
    assert here.ask(force=True).value == "new 2"
    assert here.ask().value == "new 2"
    assert [one[2] for one in here.authority.calls] == ['{"access_token":{}}', None]


@pytest.mark.parametrize("count", [1000])
def test_however_many_ask_one_renews(kind, seated, count):
    here = seated(OLD, slow=1.0)
    answers = here.ask_all(count if kind is AsyncTokenSource else 100)
    assert {one.value for one in answers} == {"new 1"}
    assert len(here.authority.calls) == 1


def test_a_failure_is_of_all_who_waited_and_of_nobody_later(seated):
    here = seated(OLD, slow=1.0, answers=[Unreachable("gone"), None])
    assert {str(one) for one in here.ask_all(20)} == {"gone"}
    assert len(here.authority.calls) == 1
    assert here.ask().value == "new 2"


def test_a_spent_refresh_token_is_forgotten_and_the_person_asked(seated):
    here = seated(OLD, slow=1.0, answers=[refused(aadsts=70008, suberror="token_expired")])
    raised = here.ask_all(20)
    assert {type(one) for one in raised} == {InteractionRequired}
    assert raised[0].scopes == READ
    assert raised[0].said.aadsts == 70008
    assert "Sign in again" in str(raised[0])
    kept = here.source.cache.read(HERE)
    assert kept.refresh_token is None
    assert kept.account == BEN


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(refused(suberror="consent_required"), id="consent"),
        pytest.param(refused(aadsts=65001), id="consent, without a suberror"),
        pytest.param(refused(claims='{"access_token":{}}'), id="a challenge"),
        pytest.param(refused("invalid_client"), id="another credential"),
        pytest.param(Unreachable("gone"), id="nobody answers"),
    ],
)
def test_what_is_not_about_the_refresh_token_leaves_it(seated, error):
    here = seated(OLD, answers=[error])
    with pytest.raises(type(error)):
        here.ask()
    assert here.source.cache.read(HERE).refresh_token == "refresh 0"


def test_a_refresh_token_that_came_meanwhile_is_not_forgotten(seated):
    here = seated(OLD, answers=[refused(), None])
    signed_in_elsewhere = evolve(here.source.cache.read(HERE), refresh_token="another")
    renew = here.authority.renew

    def signing_in(kept, scopes, claims):
        here.source.cache.change(HERE, lambda _: signed_in_elsewhere)
        return renew(kept, scopes, claims)

    here.source = evolve(here.source, renew=signing_in)
    assert here.ask().value == "new 2"
    assert [one[0] for one in here.authority.calls] == ["refresh 0", "another"]


def test_one_that_should_be_renewed_still_serves_where_that_fails_and_is_not_tried_each_time(seated):
    here = seated(token(refresh_at=NOW), answers=[Unreachable("gone"), None])
    assert [here.ask().value for _ in range(5)] == ["old"] * 5
    assert len(here.authority.calls) == 1
    here.now[0] += 31
    assert here.ask().value == "new 2"


def test_one_that_ends_while_it_is_renewed_in_vain_is_no_answer(seated):
    here = seated(token(refresh_at=NOW, lives=61), answers=[Unreachable("gone")])
    renew = here.authority.renew

    def slowly(kept, scopes, claims):
        here.now[0] += 1
        return renew(kept, scopes, claims)

    here.source = evolve(here.source, renew=slowly)
    with pytest.raises(Unreachable):
        here.ask()


def test_a_token_that_was_never_good_is_no_answer(seated):
    with pytest.raises(BadAnswer, match="expired already"):
        seated(OLD, lives=0).ask()


def test_who_has_waited_for_another_process_looks_again_before_asking(kind):
    """The claim of the cache is held by somebody else, who puts a new token in and gives it up."""
    cache = MemoryCache()
    cache.change(HERE, lambda _: Kept(access=(OLD,)))
    give_up = cache.claim(HERE)
    looked = []

    class Watched(MemoryCache):
        def read(self, partition):
            return cache.read(partition)

        def claim(self, partition):
            looked.append(partition)
            if len(looked) == 2:
                cache.change(HERE, lambda _: Kept(access=(token("theirs"),)))
                give_up()
            return cache.claim(partition)

    here = seat(kind, Authority(), Watched())
    assert here.ask().value == "theirs"
    assert here.authority.calls == []
    assert len(looked) == 2
    assert cache.claim(HERE) is not None, "given up at the end"


@pytest.mark.parametrize("error", [None, Unreachable("gone")], ids=["well", "failing"])
def test_the_claim_is_given_up_however_it_ends(seated, error):
    here = seated(OLD, answers=[error])
    with suppress(Unreachable):
        here.ask()
    assert here.source.cache.claim(HERE) is not None


def test_two_questions_of_one_account_never_use_its_refresh_token_at_once(kind, seated):
    """A refresh token that may be used once is then used once."""
    here = seated(slow=0.05)
    if kind is AsyncTokenSource:

        async def both():
            return await asyncio.gather(here.source.token_for(READ), here.source.token_for(WRITE))

        asyncio.run(both())
    else:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(here.source.token_for, [READ, WRITE]))
    assert [one[0] for one in here.authority.calls] == ["refresh 0", "refresh 1"]


def test_a_task_that_is_cancelled_takes_nobody_with_it(seated):
    here = seat(AsyncTokenSource, Authority(slow=0.05), MemoryCache())

    async def main():
        first = asyncio.create_task(here.source.token_for(READ))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(here.source.token_for(READ))
        await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert asyncio.run(main()).value == "new 1"
    assert len(here.authority.calls) == 1


def test_a_renewal_goes_on_when_all_who_waited_are_gone():
    here = seat(AsyncTokenSource, Authority(slow=0.02, answers=[Unreachable("gone"), None]), MemoryCache())

    async def main():
        for _ in range(2):  # one that fails, which nobody hears of, and one that does not
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(here.source.token_for(READ), 0.005)
            while here.source._flights:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)

    asyncio.run(main())
    assert here.source.cache.read(HERE).access[0].value == "new 2"


def test_an_interrupted_thread_leaves_its_place_to_the_next():
    """Ctrl-C reaches the thread that renews: those who wait for it are not interrupted, and one of them renews."""
    authority, begun, go_on = Authority(), Event(), Event()

    def send(call):
        if len(authority.calls) == 1:
            begun.set()
            go_on.wait(10)
            raise KeyboardInterrupt
        return Reply(status=200, body=b"")

    here = seat(TokenSource, authority, MemoryCache())
    here.source = evolve(here.source, drive=lambda flow: drive(flow, send))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(here.ask)
        begun.wait(10)
        second = threads.submit(here.ask)
        time.sleep(0.05)
        go_on.set()
        assert isinstance(first.exception(10), KeyboardInterrupt)
        assert second.result(10).value == "new 2"


# ---- clocks and forks ----


def test_a_token_of_a_clock_that_was_ahead_is_believed_no_longer_than_it_was_given_for():
    authority = Authority(now=[NOW + 30 * 86_400])
    source = TokenSource(
        cache=MemoryCache(), partition=HERE, renew=authority.renew, clock=lambda: authority.now[0],
        drive=lambda flow: drive(flow, authority.send),
    )  # fmt: skip
    assert source.token_for(READ).value == "new 1"
    authority.now[0] = NOW
    assert source.token_for(READ).value == "new 2"
    assert source.token_for(READ).value == "new 2"


def test_a_fork_waits_for_nobody_who_is_not_there():
    authority, gone = Authority(slow=0.5), Authority()
    source = TokenSource(
        cache=MemoryCache(), partition=HERE, renew=authority.renew, clock=lambda: NOW,
        drive=lambda flow: drive(flow, authority.send),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        flight = pool.submit(source.token_for, READ)
        while not source._flights:
            time.sleep(0.01)
        (flown,) = source._flights.values()
        flown.process -= 1  # as a child of this process sees it
        again = evolve(source, cache=MemoryCache(), renew=gone.renew, drive=lambda flow: drive(flow, gone.send))
        again._flights.update(source._flights)
        assert again.token_for(READ).value == "new 1"
        assert gone.calls
        flight.result(10)

"""One guard in front of many requests: it asks once, says nothing secret, and quotes nothing raw."""

import asyncio
import logging
import threading

import pytest

from entrada.client.api_protection import Challenge, Principal, guard, needs
from entrada.client.api_protection.challenge import insufficient_scope, invalid_token
from entrada.client.api_protection.protected_api import protected_api
from tests.api_protection.authority import KEY, NEW_KEY, NOW, SETTINGS, Authority, Clock, jwk, person, signed

TOKEN = signed(person())


class Slow:
    """Answers when it is let."""

    def __init__(self, authority):
        self.authority, self.let = authority, threading.Event()
        self.asked = threading.Event()

    def __call__(self, call):
        self.asked.set()
        assert self.let.wait(10)
        return self.authority(call)


async def test_many_that_come_at_once_ask_once():
    authority = Authority()
    slow = Slow(authority)
    kept = guard(SETTINGS, send=slow, clock=Clock())
    tasks = [asyncio.create_task(kept.check_async([f"Bearer {TOKEN}"])) for _ in range(50)]
    await asyncio.sleep(0.1)
    slow.let.set()
    assert all(isinstance(one, Principal) for one in await asyncio.gather(*tasks))
    assert len(authority.calls) == 2


async def test_a_new_key_serves_all_that_wait_for_it():
    authority, clock = Authority(), Clock()
    slow = Slow(authority)
    slow.let.set()
    kept = guard(SETTINGS, send=slow, clock=clock)
    await kept.check_async([f"Bearer {TOKEN}"])
    authority.keys, clock.now = [jwk("k1", KEY), jwk("k2", NEW_KEY)], NOW + 61
    slow.let.clear()
    newer = signed(person(), key=NEW_KEY, kid="k2")
    tasks = [asyncio.create_task(kept.check_async([f"Bearer {newer}"])) for _ in range(20)]
    await asyncio.sleep(0.1)
    assert isinstance(
        await kept.check_async([f"Bearer {TOKEN}"]), Principal
    )  # whoever has a known key waits for nobody
    slow.let.set()
    assert all(isinstance(one, Principal) for one in await asyncio.gather(*tasks))
    assert authority.asked_for_keys() == 2


def test_threads_wait_for_the_one_that_asks():
    authority = Authority()
    slow = Slow(authority)
    kept, answers = guard(SETTINGS, send=slow, clock=Clock()), []
    threads = [threading.Thread(target=lambda: answers.append(kept.check([f"Bearer {TOKEN}"]))) for _ in range(8)]
    threads[0].start()
    assert slow.asked.wait(10)
    for one in threads[1:]:
        one.start()
    slow.let.set()
    for one in threads:
        one.join(10)
    assert [type(one) for one in answers] == [Principal] * 8
    assert len(authority.calls) == 2


def test_the_log_says_why_and_never_the_token(caplog):
    kept = guard(SETTINGS, send=Authority(), clock=Clock())
    theirs = signed(person(aud="api://another"))
    with caplog.at_level(logging.INFO, logger="entrada"):
        kept.check([f"Bearer {theirs}"])
        kept.check([f"Bearer {TOKEN}"], needs(scopes="Colors.Write"))
        assert "'api://another'" in caplog.text
        assert "lacks the scope Colors.Write; it has Colors.Read" in caplog.text
    for part in (*theirs.split("."), *TOKEN.split(".")):
        assert part not in caplog.text


def test_nothing_shown_of_a_caller_holds_the_token():
    kept = guard(SETTINGS, send=Authority(), clock=Clock())
    caller = kept.check([f"Bearer {TOKEN}"])
    assert isinstance(caller, Principal)
    assert caller.token == TOKEN
    assert TOKEN not in repr(caller)
    assert TOKEN not in repr(kept)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\r\nSet-Cookie: x", "ä"])
def test_a_challenge_is_one_header_whatever_it_quotes(name):
    api = protected_api(SETTINGS)
    for answer in (insufficient_scope(api, needs(scopes=[name]), "r"), invalid_token(api, name, "r")):
        header = answer.headers["WWW-Authenticate"]
        assert header.isascii()
        assert header.isprintable()
        assert header.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0


def test_a_token_of_the_real_size_is_not_too_long():
    kept = guard(SETTINGS, send=Authority(), clock=Clock())
    assert isinstance(kept.check([f"Bearer {signed(person(groups=['x' * 36] * 200))}"]), Principal)


def test_an_unreachable_authority_is_503_with_a_time_to_come_back():
    authority = Authority(down=True)
    answer = guard(SETTINGS, send=authority, clock=Clock()).check([f"Bearer {TOKEN}"])
    assert isinstance(answer, Challenge)
    assert (answer.status, answer.headers) == (503, {"Retry-After": "5"})


def test_people_of_tests_come_and_go_one_inside_the_other():
    kept = guard(SETTINGS, send=Authority(), clock=Clock())
    with kept.as_principal(scopes="A"):
        with kept.as_principal(scopes="B"):
            assert isinstance(kept.check([], needs(scopes="A")), Challenge)
        assert isinstance(kept.check([], needs(scopes="A")), Principal)
    assert isinstance(kept.check([]), Challenge)


def test_a_key_that_nobody_could_ask_about_for_a_day_opens_nothing():
    authority, clock = Authority(), Clock()
    kept = guard(SETTINGS, send=authority, clock=clock)
    assert isinstance(kept.check([f"Bearer {TOKEN}"]), Principal)
    authority.down = True

    def later(seconds):
        clock.now = NOW + seconds
        return kept.check([f"Bearer {signed(person(iat=clock.now, nbf=clock.now, exp=clock.now + 60))}"])

    assert isinstance(later(24 * 3600), Principal)
    assert later(26 * 3600).status == 503

"""Attempts to sign in, as cookies of the browser that began them."""

import base64

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.client.web_sign_in import ResponseMode, SetCookie, Transaction, TransactionCookies
from entrada.client.web_sign_in.transaction import pack, unpack

NOW = 1_800_000_000


class Plain:
    """Tests need no secrecy: what others sealed has another beginning; and a tag and a nonce have a length."""

    def __init__(self, key="k"):
        self.key = key

    def seal(self, payload):
        return self.key + base64.urlsafe_b64encode(bytes(40) + payload).decode()

    def open(self, sealed):
        return base64.urlsafe_b64decode(sealed[1:])[40:] if sealed.startswith(self.key) else None


COOKIES = TransactionCookies(prefix="__Host-app-", sealer=Plain())


def attempt(number=1, started_at=NOW):
    state = f"{number:043d}"[::-1]
    return Transaction(state=state, nonce="n" * 43, code_verifier="v" * 43, return_to="/", started_at=started_at)


def sent(*cookies):
    return {one.name: one.value for one in cookies}


def cookie(transaction, sent=None, cookies=COOKIES):
    return cookies.to_add(transaction, sent or {})[0]


def test_each_attempt_has_a_cookie_of_its_own():
    one, two = attempt(1), attempt(2)
    browser = sent(cookie(one), cookie(two))
    assert len(browser) == 2
    assert COOKIES.find(browser, {"state": one.state}) == one
    assert COOKIES.find(browser, {"state": two.state}) == two
    assert COOKIES.to_drop(one) == SetCookie(cookie(one).name, "", 0)


@pytest.mark.parametrize("parameters", [{}, {"state": ""}, {"state": "x" * 10_000}, {"state": attempt(9).state}])
def test_another_state_finds_nothing(parameters):
    assert COOKIES.find(sent(cookie(attempt())), parameters) is None


def test_what_another_application_sealed_is_nothing():
    others = TransactionCookies(prefix=COOKIES.prefix, sealer=Plain("x"))
    assert COOKIES.find(sent(cookie(attempt(), cookies=others)), {"state": attempt().state}) is None


def test_the_oldest_attempts_make_room():
    browser = sent(*(cookie(attempt(number, NOW + number)) for number in range(8)))
    _, *dropped = COOKIES.to_add(attempt(8, NOW + 8), {**browser, "other": "x", "__Host-app-junk": "junk"})
    oldest = {cookie(attempt(number)).name for number in range(4)}
    assert {one.name for one in dropped} == {*oldest, "__Host-app-junk"}
    assert {(one.value, one.max_age) for one in dropped} == {("", 0)}


def test_few_attempts_all_stay():
    assert len(COOKIES.to_add(attempt(9), sent(*(cookie(attempt(number)) for number in range(4))))) == 1


@pytest.mark.parametrize("return_to", ["/", "/reports?" + "a" * 300, "/" + "a" * 1023, "/" + '"' * 1023])
def test_abandoned_attempts_never_grow_the_cookies_past_4_kilobytes(return_to):
    browser = dict[str, str]()
    for number in range(50):
        started = evolve(attempt(number, NOW + number), return_to=return_to)
        for one in COOKIES.to_add(started, browser):
            browser[one.name] = one.value
            if not one.max_age:
                del browser[one.name]
        assert COOKIES.find(browser, {"state": started.state}) == started
        assert len("; ".join(f"{name}={value}" for name, value in browser.items())) <= 4096
    assert len(browser) == (5 if len(return_to) < 400 else 1 if '"' in return_to else 2)


def test_a_form_from_another_site_brings_the_cookie_along():
    posted = TransactionCookies(prefix="p-", sealer=Plain(), response_mode=ResponseMode.FORM_POST)
    assert (cookie(attempt()).same_site, cookie(attempt(), cookies=posted).same_site) == ("lax", "none")
    assert (COOKIES.to_drop(attempt()).same_site, posted.to_drop(attempt()).same_site) == ("lax", "none")


def test_the_longest_attempt_fits_into_a_cookie():
    longest = Transaction(
        state="s" * 43, nonce="n" * 43, code_verifier="v" * 43, return_to="/" + "a" * 1023, started_at=NOW, max_age=99
    )
    assert len(cookie(longest).value) < 2048


@given(st.builds(Transaction, state=st.text(), nonce=st.text(), code_verifier=st.text(), return_to=st.text(),
                 started_at=st.integers(0, 2**40), max_age=st.none() | st.integers(0, 2**30), scope=st.text()))  # fmt: skip
def test_what_is_packed_is_unpacked(transaction):
    assert unpack(pack(transaction)) == transaction


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"t":1}', b'{"t":["a","b","c","d"]}', b'{"t":["a","b","c","d","e",null,""]}', b"\xff"]
)
def test_anything_else_is_no_transaction(data):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words, nobody reads them
        unpack(data)

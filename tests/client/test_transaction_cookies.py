"""Attempts to sign in, as cookies of the browser that began them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.client.web_sign_in import SetCookie, Transaction, TransactionCookies
from entrada.client.web_sign_in.transaction import pack, unpack

NOW = 1_800_000_000


class Plain:
    """Tests need no secrecy: what others sealed has another beginning."""

    def __init__(self, key="k"):
        self.key = key

    def seal(self, payload):
        return self.key + base64.urlsafe_b64encode(payload).decode()

    def open(self, sealed):
        return base64.urlsafe_b64decode(sealed[1:]) if sealed.startswith(self.key) else None


COOKIES = TransactionCookies(prefix="__Host-app-", sealer=Plain())


def attempt(number=1, started_at=NOW):
    state = f"{number:043d}"[::-1]
    return Transaction(state=state, nonce="n" * 43, code_verifier="v" * 43, return_to="/", started_at=started_at)


def sent(*cookies):
    return {one.name: one.value for one in cookies}


def test_each_attempt_has_a_cookie_of_its_own():
    one, two = attempt(1), attempt(2)
    browser = sent(COOKIES.to_set(one), COOKIES.to_set(two))
    assert len(browser) == 2
    assert COOKIES.find(browser, {"state": one.state}) == one
    assert COOKIES.find(browser, {"state": two.state}) == two
    assert COOKIES.to_drop(one) == SetCookie(COOKIES.to_set(one).name, "", 0)


@pytest.mark.parametrize("parameters", [{}, {"state": ""}, {"state": "x" * 10_000}, {"state": attempt(9).state}])
def test_another_state_finds_nothing(parameters):
    assert COOKIES.find(sent(COOKIES.to_set(attempt())), parameters) is None


def test_what_another_application_sealed_is_nothing():
    others = TransactionCookies(prefix=COOKIES.prefix, sealer=Plain("x"))
    assert COOKIES.find(sent(others.to_set(attempt())), {"state": attempt().state}) is None


def test_the_oldest_attempts_make_room():
    browser = sent(*(COOKIES.to_set(attempt(number, NOW + number)) for number in range(8)))
    dropped = {one.name for one in COOKIES.surplus({**browser, "other": "x", "__Host-app-junk": "junk"})}
    oldest = {COOKIES.to_set(attempt(number, NOW + number)).name for number in range(4)}
    assert dropped == {*oldest, "__Host-app-junk"}


def test_few_attempts_all_stay():
    assert COOKIES.surplus(sent(*(COOKIES.to_set(attempt(number)) for number in range(4)))) == ()


def test_the_longest_attempt_fits_into_a_cookie():
    longest = Transaction(
        state="s" * 43, nonce="n" * 43, code_verifier="v" * 43, return_to="/" + "a" * 1023, started_at=NOW, max_age=99
    )
    assert len(COOKIES.to_set(longest).value) < 2048


@given(st.builds(Transaction, state=st.text(), nonce=st.text(), code_verifier=st.text(), return_to=st.text(),
                 started_at=st.integers(0, 2**40), max_age=st.none() | st.integers(0, 2**30)))  # fmt: skip
def test_what_is_packed_is_unpacked(transaction):
    assert unpack(pack(transaction)) == transaction


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"t":1}', b'{"t":["a","b","c","d"]}', b'{"t":["a","b","c","d","e",null]}', b"\xff"]
)
def test_anything_else_is_no_transaction(data):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the words, nobody reads them
        unpack(data)

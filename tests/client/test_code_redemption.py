"""A code is redeemed alike for a web application and for a program at a loopback port."""

import os

import pytest

from entrada.client.authority import entra_authority
from entrada.client.discovery.provider import Provider
from entrada.client.driver import drive
from entrada.client.errors import TokenRejected
from entrada.client.grants.authorization_code import redeem
from entrada.client.grants.registration import Registration
from entrada.client.web_sign_in import Transaction
from entrada.core.jose.invalid_token import Flaw
from entrada.core.jose.numeric_date import NumericDate, Seconds
from tests.client.fake_authority import AUTHORITY, CLIENT, NOW, FakeAuthority, jwk
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, SPOILT_OF_ENTRA

TRANSACTION = Transaction(
    state="s", nonce="n", code_verifier="v" * 43, return_to="/", started_at=NumericDate(NOW), max_age=Seconds(60)
)


def redeemed(authority):
    registration = Registration(provider=Provider(entra_authority(AUTHORITY)), client_id=CLIENT)
    authority.nonce = TRANSACTION.nonce
    flow = redeem(
        registration,
        {"code": "c", "state": "s"},
        TRANSACTION,
        redirect_uri="http://localhost",
        scopes=("openid",),
        now=NOW,
        entropy=os.urandom,
    )
    return drive(flow, authority)


def test_a_program_redeems_a_code():
    assert redeemed(FakeAuthority(claims={"auth_time": NOW - 60})).account.name == "Ada"


@pytest.mark.parametrize("auth_time", [None, NOW - 361])
def test_a_program_holds_to_the_age_that_it_asked_for(auth_time):
    with pytest.raises(TokenRejected):
        redeemed(FakeAuthority(claims={"auth_time": auth_time}))


@pytest.mark.parametrize("name", SPOILT_OF_ENTRA)
def test_a_program_believes_no_spoilt_id_token(name):
    row = SPOILT_OF_ENTRA[name]
    with pytest.raises(TokenRejected) as refused:
        redeemed(FakeAuthority(claims={"auth_time": NOW}, spoilt=row, keys=[jwk("k1"), *ALSO_PUBLISHED]))
    assert refused.value.message == Flaw(row.flaw)

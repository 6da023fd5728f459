"""An ID token of any flow, of any kind of issuer: the table of spoilt ones, and what may differ."""

import pytest
from attrs import evolve

from entrada.client.authority import Shape, entra_authority, oidc_authority
from entrada.client.discovery.provider import Provider
from entrada.client.driver import drive
from entrada.client.errors import TokenRejected
from entrada.client.id_token import Expected, account_of, verified_id_token
from entrada.client.tokens import Account
from entrada.core.jose.invalid_token import Flaw
from tests.client.fake_authority import AUTHORITY, CLIENT, KEY, NOW, TENANT, FakeAuthority, jwk, signed
from tests.client.spoilt_id_tokens import ALSO_PUBLISHED, SPOILT, SPOILT_OF_ENTRA

ISSUER = "https://issuer.example/people/"
EXPECTED = Expected(client_id=CLIENT, nonce="n", access_token="at", code="c")
ADA = Account(
    issuer=f"https://login.example/{TENANT}/v2.0", tenant_id=TENANT, user_id="o-1", username="ada@colors.example"
)
EVE = Account(issuer=ISSUER, tenant_id="", user_id="s-1", username="ada@colors.example")
GOOD = {
    "aud": CLIENT, "exp": NOW + 3600, "iat": NOW, "nonce": "n", "sub": "s-1", "preferred_username": "ada@colors.example",
}  # fmt: skip
OF_ENTRA = {**GOOD, "iss": ADA.issuer, "tid": TENANT, "oid": "o-1"}
OF_ANOTHER = {**GOOD, "iss": ISSUER}


def verified(token, *, entra=True, expected=EXPECTED, keys=None):
    published = FakeAuthority(keys=keys or [jwk("k1"), *ALSO_PUBLISHED])
    if not entra:
        published.issuer = ISSUER
    provider = Provider(entra_authority(AUTHORITY) if entra else oidc_authority(ISSUER))
    return drive(verified_id_token(token, provider=provider, expected=expected, now=NOW), published)


def flaw_of(token, **given):
    with pytest.raises(TokenRejected) as refused:
        verified(token, **given)
    return refused.value.message


@pytest.mark.parametrize("name", SPOILT_OF_ENTRA)
def test_a_spoilt_token_of_a_tenant_is_not_believed(name):
    row = SPOILT_OF_ENTRA[name]
    assert flaw_of(row.token(OF_ENTRA)) == row.flaw


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_token_of_another_issuer_is_not_believed(name):
    row = SPOILT[name]
    assert flaw_of(row.token(OF_ANOTHER), entra=False) == row.flaw


@pytest.mark.parametrize("name", [name for name, row in SPOILT_OF_ENTRA.items() if row.bound_to])
def test_what_was_not_sent_is_not_looked_for(name):
    row = SPOILT_OF_ENTRA[name]
    sent = evolve(EXPECTED, nonce=None) if row.bound_to == "nonce" else evolve(EXPECTED, code="")
    if row.bound_to == "nonce":
        assert verified(row.token(OF_ENTRA), expected=sent)
    else:
        assert flaw_of(row.token(OF_ENTRA), expected=sent) == row.flaw  # it names a code, and there was none


def test_people_of_tenants_are_known_by_tid_and_oid():
    assert account_of(verified(signed(OF_ENTRA)), Shape.ENTRA) == ADA


def test_people_of_another_issuer_are_known_by_sub_whatever_else_it_says():
    told = {**OF_ANOTHER, "tid": TENANT, "oid": "o-1"}
    assert account_of(verified(signed(told), entra=False), Shape.OIDC) == EVE


@pytest.mark.parametrize(("spelt", "ok"), [(ISSUER, True), (ISSUER.rstrip("/"), False), (ISSUER.upper(), False)])
def test_another_issuer_is_itself_to_the_letter(spelt, ok):
    token = signed({**OF_ANOTHER, "iss": spelt})
    if ok:
        assert verified(token, entra=False)["iss"] == ISSUER
    else:
        assert flaw_of(token, entra=False) == Flaw.WRONG_ISSUER


def test_an_allow_list_of_tenants_lets_nobody_in_where_there_are_none():
    only = evolve(EXPECTED, allowed_tenants=frozenset({TENANT}))
    assert verified(signed(OF_ENTRA), expected=only)
    assert flaw_of(signed({**OF_ANOTHER, "tid": TENANT}), entra=False, expected=only) == Flaw.WRONG_TENANT


# fmt: off
RENEWED = [
    pytest.param({},                       True, ADA, "",                  id="of the same person"),
    pytest.param({"nonce": "the first's"}, True, ADA, "",                  id="that repeats the first nonce"),
    pytest.param({"nonce": None},          True, ADA, "",                  id="without a nonce"),
    pytest.param({"oid": "o-2"},           True, ADA, Flaw.ANOTHER_PERSON, id="of another person"),
    pytest.param({"sub": "s-2"},           False, EVE, Flaw.ANOTHER_PERSON, id="of another subject"),
    pytest.param({},                       False, EVE, "",                 id="of the same subject"),
    pytest.param({},                       False, evolve(EVE, issuer=ADA.issuer), Flaw.ANOTHER_PERSON, id="of the subject of another issuer"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "entra", "before", "flaw"), RENEWED)
def test_a_renewed_token_is_of_whom_it_was(changes, entra, before, flaw):
    told = {**(OF_ENTRA if entra else OF_ANOTHER), **changes}
    token = signed({name: value for name, value in told.items() if value is not None})
    expected = Expected(client_id=CLIENT, nonce=None, access_token="at", account=before)
    if flaw:
        assert flaw_of(token, entra=entra, expected=expected) == flaw
    else:
        assert verified(token, entra=entra, expected=expected)


@pytest.mark.parametrize("row", ["expired", "not valid yet", "issued in the future"])
def test_where_the_time_is_wrong_one_is_told_to_look_at_the_clock(row):
    with pytest.raises(TokenRejected, match="clock"):
        verified(SPOILT[row].token(OF_ENTRA))


def test_nothing_of_the_token_is_in_what_is_raised():
    token = signed({**OF_ENTRA, "aud": "another"}, key=KEY)
    assert not any(part in flaw_of(token) for part in (*token.split("."), "ada", "another@"))

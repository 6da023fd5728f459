import pytest

from entrada.core.jose import claims as rules
from entrada.core.jose.compact import Flaw, InvalidToken, VerifiedClaims, sign, verify
from entrada.core.jose.numeric_date import NumericDate, Seconds
from tests.jose.known_keys import our_key

NOW = NumericDate(1_800_000_000)
ISSUER = "https://localhost:8443/c0105000-0000-4000-8000-000000000001/v2.0"
API = "c0105000-0000-4000-8000-00000000ba51"
GOOD = {"aud": API, "iss": ISSUER, "nbf": NOW - 300, "exp": NOW + 3600, "sub": "ada"}
LEFT_OUT = object()


def verified(members) -> VerifiedClaims:
    key = our_key()
    return verify(sign(members, key), {key.kid: key.verification_key})


# fmt: off
ROWS = [  # what is spoilt, the leeway, what is wrong
    pytest.param({},                                0,  None,                 id="good"),
    pytest.param({"aud": [API]},                    0,  None,                 id="aud is an array of one"),
    pytest.param({"aud": ["other", f"api://{API}"]}, 0, None,                 id="one of several names is ours"),
    pytest.param({"nbf": LEFT_OUT},                 0,  None,                 id="nbf may be left out"),
    pytest.param({"nbf": NOW},                      0,  None,                 id="valid from this second"),
    pytest.param({"exp": NOW + 1},                  0,  None,                 id="the last second"),
    pytest.param({"exp": NOW + 0.5},                0,  None,                 id="half a second left"),
    pytest.param({"exp": NOW - 59},                 60, None,                 id="expired within the leeway"),
    pytest.param({"nbf": NOW + 60},                 60, None,                 id="early within the leeway"),
    pytest.param({"exp": NOW},                      0,  Flaw.EXPIRED,         id="on exp it is over"),
    pytest.param({"exp": NOW - 60},                 60, Flaw.EXPIRED,         id="the leeway ends too"),
    pytest.param({"exp": 0},                        0,  Flaw.EXPIRED,         id="exp zero"),
    pytest.param({"exp": LEFT_OUT},                 0,  Flaw.CLAIM_MISSING,   id="exp left out"),
    pytest.param({"exp": None},                     0,  Flaw.CLAIM_MISSING,   id="exp null"),
    pytest.param({"exp": str(NOW + 9)},             0,  Flaw.CLAIM_MISSING,   id="exp is text"),
    pytest.param({"exp": True},                     0,  Flaw.CLAIM_MISSING,   id="exp is true"),
    pytest.param({"exp": [NOW + 9]},                0,  Flaw.CLAIM_MISSING,   id="exp is an array"),
    pytest.param({"nbf": NOW + 1},                  0,  Flaw.NOT_YET_VALID,   id="a second early"),
    pytest.param({"nbf": NOW + 61},                 60, Flaw.NOT_YET_VALID,   id="early beyond the leeway"),
    pytest.param({"nbf": "soon"},                   0,  Flaw.CLAIM_MISSING,   id="nbf is text"),
    pytest.param({"nbf": None},                     0,  Flaw.CLAIM_MISSING,   id="nbf null"),
    pytest.param({"iss": LEFT_OUT},                 0,  Flaw.CLAIM_MISSING,   id="iss left out"),
    pytest.param({"iss": [ISSUER]},                 0,  Flaw.CLAIM_MISSING,   id="iss is an array"),
    pytest.param({"iss": ISSUER + "/"},             0,  Flaw.WRONG_ISSUER,    id="iss with a slash more"),
    pytest.param({"iss": ISSUER.upper()},           0,  Flaw.WRONG_ISSUER,    id="iss in capitals"),
    pytest.param({"iss": ISSUER[:-1]},              0,  Flaw.WRONG_ISSUER,    id="iss cut short"),
    pytest.param({"aud": LEFT_OUT},                 0,  Flaw.CLAIM_MISSING,   id="aud left out"),
    pytest.param({"aud": {API: API}},               0,  Flaw.CLAIM_MISSING,   id="aud is an object"),
    pytest.param({"aud": [API, 7]},                 0,  Flaw.CLAIM_MISSING,   id="aud holds a number"),
    pytest.param({"aud": [[API]]},                  0,  Flaw.CLAIM_MISSING,   id="aud holds an array"),
    pytest.param({"aud": []},                       0,  Flaw.WRONG_AUDIENCE,  id="aud is empty"),
    pytest.param({"aud": API[:-1]},                 0,  Flaw.WRONG_AUDIENCE,  id="aud is a part of our name"),
    pytest.param({"aud": API.upper()},              0,  Flaw.WRONG_AUDIENCE,  id="aud in capitals"),
    pytest.param({"aud": ["other", "another"]},     0,  Flaw.WRONG_AUDIENCE,  id="aud names others"),
]
# fmt: on


@pytest.mark.parametrize(("spoilt", "leeway", "flaw"), ROWS)
def test_checking_claims(spoilt, leeway, flaw):
    members = {name: value for name, value in (GOOD | spoilt).items() if value is not LEFT_OUT}

    def check():
        rules.check(verified(members), issuer=ISSUER, audience={API, f"api://{API}"}, now=NOW, leeway=Seconds(leeway))

    if flaw is None:
        check()
    else:
        with pytest.raises(InvalidToken) as refused:
            check()
        assert refused.value.reason is flaw


def test_one_name_for_audience_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="collection"):
        rules.check(verified(GOOD | {"aud": API[:4]}), issuer=ISSUER, audience=API, now=NOW)


def test_no_audience_accepts_nothing():
    with pytest.raises(InvalidToken) as refused:
        rules.check(verified(GOOD), issuer=ISSUER, audience=(), now=NOW)
    assert refused.value.reason is Flaw.WRONG_AUDIENCE


def test_a_token_from_the_future_is_early_without_leeway():
    with pytest.raises(InvalidToken):
        rules.check(verified(GOOD | {"nbf": NOW + 1}), issuer=ISSUER, audience=[API], now=NOW)


def test_verified_claims_are_read_by_name_and_type():
    claims = verified(GOOD | {"amr": ["pwd"], "ratio": 0.5, "on": True})
    assert claims["amr"] == claims.get("amr") == ["pwd"]
    assert claims.get("absent") is None
    assert (claims.text("sub"), claims.number("exp"), claims.number("ratio")) == ("ada", NOW + 3600, 0.5)
    assert isinstance(claims.number("exp"), int)
    assert list(claims) == [*GOOD, "amr", "ratio", "on"]
    assert len(claims) == 8
    with pytest.raises(KeyError):
        claims["absent"]


@pytest.mark.parametrize(("reader", "name"), [("text", "exp"), ("text", "absent"), ("number", "sub"), ("number", "on")])
def test_a_claim_of_another_type_is_refused(reader, name):
    with pytest.raises(InvalidToken) as refused:
        getattr(verified(GOOD | {"on": True}), reader)(name)
    assert refused.value.reason is Flaw.CLAIM_MISSING


def test_claims_show_their_names_and_not_their_values():
    assert repr(verified(GOOD)) == "VerifiedClaims(aud, iss, nbf, exp, sub)"


def test_nobody_else_makes_verified_claims():
    with pytest.raises((TypeError, AttributeError)):
        VerifiedClaims(GOOD)["sub"]
    with pytest.raises(AttributeError):
        verified(GOOD).members = {"sub": "eve"}

"""What is said of a token that somebody looks at: taken apart believing nothing, judged by a table."""

import json

import pytest

from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.claim_words import CLAIMS, HEADERS, MOMENTS, claim_words
from entrada.core.protocol.tokens.findings import findings, kind_words, moment, span
from entrada.core.protocol.tokens.taken_apart import Form, NotReadable, TakenApart, take_apart

NOW = NumericDate(1_800_000_000)
HEADER: dict[str, object] = {"alg": "RS256", "typ": "JWT", "kid": "k"}
CLAIMS_ = {
    "iss": "https://i.example",
    "aud": "api://me",
    "exp": NOW + 600,
    "nbf": NOW,
    "iat": NOW,
    "scp": "a",
    "azp": "c",
}


def part(value: object) -> str:
    return base64url.encode(json.dumps(value).encode())


def token(header: object = None, claims: object = None, signature: str = "c2ln") -> str:
    return f"{part(HEADER if header is None else header)}.{part(CLAIMS_ if claims is None else claims)}.{signature}"


def said(text: str, *audiences: str) -> list[str]:
    """What must be refused about it."""
    taken = take_apart(text)
    assert isinstance(taken, TakenApart)
    return [one.words for one in findings(taken, NOW, audiences) if one.bad]


def notes(text: str) -> str:
    taken = take_apart(text)
    assert isinstance(taken, TakenApart)
    return " ".join(one.words for one in findings(taken, NOW) if not one.bad)


# fmt: off
BAD = [  # how it is spoilt, and what is said
    pytest.param({}, CLAIMS_ | {"exp": NOW},             "It expired 0 s ago.",       id="expires this second"),
    pytest.param({}, CLAIMS_ | {"exp": NOW - 3660},      "It expired 1 h 1 min ago.", id="expired"),
    pytest.param({}, CLAIMS_ | {"exp": "soon"},          "does not say when it ends", id="no end"),
    pytest.param({}, CLAIMS_ | {"nbf": NOW + 90},        "not valid before 1 min 30 s from now", id="not yet"),
    pytest.param({}, CLAIMS_ | {"aud": "api://other"},   "It is for api://other, not for api://me", id="another audience"),
    pytest.param({}, CLAIMS_ | {"aud": []},              "whom it is for",            id="no audience"),
    pytest.param({"alg": "none"}, CLAIMS_,               "Nobody signed it",          id="alg none"),
    pytest.param({"alg": 7}, CLAIMS_,                    "Nobody signed it",          id="alg that is no text"),
]
# fmt: on


@pytest.mark.parametrize(("header", "claims", "words"), BAD)
def test_what_makes_it_useless(header, claims, words):
    found = said(token(HEADER | header, claims), "api://me")
    assert len(found) == 1
    assert words in found[0]


def test_a_good_one_has_nothing_wrong():
    assert said(token(), "api://me", "another") == said(token()) == []
    assert said(token(claims=CLAIMS_ | {"aud": ["x", "api://me"]}), "api://me") == []


def test_a_signature_that_was_cut_off():
    assert said(token(signature="")) == ["It has no signature: part of it was cut off."]


# fmt: off
NOTES = [
    pytest.param({"alg": "HS256"}, {},                        "whoever can check it can forge it",  id="a shared secret"),
    pytest.param({"nonce": "n"},   {},                        "Graph alone can verify",             id="for Graph, as Entra makes it"),
    pytest.param({"jwk": {}},      {},                        "proves nothing",                     id="brings its key"),
    pytest.param({"crit": ["x"]},  {},                        "must be understood",                 id="crit"),
    pytest.param({},               {"ver": "1.0"},            "v1.0 access token",                  id="v1.0"),
    pytest.param({},               {"aud": "https://graph.microsoft.com"}, "your own API must not take it", id="for Graph"),
    pytest.param({},               {"exp": NOW + 200_000},    "It lives 2 d 7 h",                   id="lives long"),
    pytest.param({},               {"hasgroups": True},       "did not fit",                        id="too many groups"),
    pytest.param({},               {"nbf": NOW - 9, "iat": NOW + 9}, "issued 9 s from now",         id="from the future"),
]
# fmt: on


@pytest.mark.parametrize(("header", "claims", "words"), NOTES)
def test_what_surprises(header, claims, words):
    assert words in notes(token(HEADER | header, CLAIMS_ | claims))
    assert words not in notes(token())


# fmt: off
KINDS = [
    pytest.param({}, {"scp": "a", "azp": "c"},              "access token",              id="delegated"),
    pytest.param({}, {"roles": ["R"], "appid": "c"},        "of an application itself",  id="app-only, v1.0"),
    pytest.param({}, {"idtyp": "app", "azp": "c"},          "of an application itself",  id="idtyp app"),
    pytest.param({"typ": "at+jwt"}, {},                     "access token",              id="RFC 9068"),
    pytest.param({}, {"nonce": "n", "azp": "c"},            "an ID token",               id="with a nonce"),
    pytest.param({}, {"iss": "i", "sub": "s", "aud": "c", "exp": NOW, "iat": NOW}, "an ID token", id="what each must say"),
    pytest.param({}, {"admin": True, "name": "x", "exp": NOW}, "does not say what kind",  id="signed by oneself"),
    pytest.param({}, {"events": {}},                        "an event",                  id="logout token"),
]
# fmt: on


@pytest.mark.parametrize(("header", "claims", "words"), KINDS)
def test_which_kind_it_seems_to_be(header, claims, words):
    taken = take_apart(token(HEADER | header, claims))
    assert isinstance(taken, TakenApart)
    assert words in kind_words(taken)


# fmt: off
UNREADABLE = [
    pytest.param("opaque",                       "no JWT",              id="opaque"),
    pytest.param("a.b",                          "three parts",         id="two parts"),
    pytest.param("!.e30.x",                      "header is not base64", id="no base64url"),
    pytest.param(f"{part({})}.{part([])}.x",     "payload is not one JSON object", id="no object"),
    pytest.param("x" * 300_000,                  "longer than",         id="endless"),
]
# fmt: on


@pytest.mark.parametrize(("text", "words"), UNREADABLE)
def test_what_is_no_token(text, words):
    taken = take_apart(text)
    assert isinstance(taken, NotReadable)
    assert words in taken.words


def test_an_encrypted_one_shows_its_header():
    taken = take_apart(f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d")
    assert isinstance(taken, TakenApart)
    assert (taken.form, taken.header["enc"], dict(taken.claims)) == (Form.ENCRYPTED, "A256GCM", {})
    assert "encrypted" in findings(taken, NOW)[0].words


def test_moments_and_spans():
    assert [moment(value) for value in (5, 5.9, True, "5", -1, 10**15)] == [5, 5, None, None, None, None]
    assert [span(value) for value in (0, 59, 60, 3661, 90_000)] == ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h"]


def test_every_word_is_a_sentence():
    for words in (*CLAIMS.values(), *HEADERS.values()):
        assert words[0].isupper() or words.startswith("Half")
        assert words.endswith((".", ")"))
    assert claim_words("of-my-own") == ""
    assert {"exp", "nbf", "iat"} < MOMENTS

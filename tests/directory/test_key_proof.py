"""The proof that an application holds its key: one that is good, then a row per way to spoil it.  Section 38."""

import pytest
from attrs import evolve

from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.key_proof import proof_fault
from entrada.core.jose.numeric_date import NumericDate
from tests.directory.graph.registrations import BARE, guid
from tests.usecases.client_certificates import FROM, UNTIL, der, key_proof

NOW = NumericDate(FROM + 1000)
OWN = ClientCertificate(key_id=guid(1), display_name="x", der=der("2048 b"), not_before=FROM, expires_at=UNTIL)
OLD = evolve(OWN, key_id=guid(2), der=der(), expires_at=NumericDate(FROM + 1))
APP = evolve(BARE, certificates=(OLD, OWN))
GOOD = {"aud": "00000002-0000-0000-c000-000000000000", "iss": BARE.id, "nbf": NOW, "exp": NOW + 600}

# fmt: off
ROWS = [  # the key, the claims, a word of what is said
    pytest.param("2048 b", {}, None, id="good"),
    pytest.param("2048 b", {"iss": BARE.id.upper()}, None, id="the id in capitals"),
    pytest.param("2048 b", {"nbf": NOW + 300, "exp": NOW + 900}, None, id="by a clock that runs ahead"),
    pytest.param("2048", {}, "valid certificate", id="signed by an expired certificate"),
    pytest.param("2048 c", {}, "valid certificate", id="signed by somebody else"),
    pytest.param("2048 b", {"aud": "https://graph.microsoft.com"}, "aud", id="for another"),
    pytest.param("2048 b", {"aud": None}, "aud", id="for nobody"),
    pytest.param("2048 b", {"iss": BARE.app_id}, "iss", id="in the name of the appId"),
    pytest.param("2048 b", {"iss": None}, "iss", id="in nobody's name"),
    pytest.param("2048 b", {"exp": NOW + 601}, "ten minutes", id="for longer than ten minutes"),
    pytest.param("2048 b", {"nbf": NOW - 600, "exp": NOW}, "expired", id="it ends this second"),
    pytest.param("2048 b", {"nbf": NOW + 301, "exp": NOW + 900}, "not hold yet", id="not yet"),
    pytest.param("2048 b", {"exp": "soon"}, "numbers", id="a time in words"),
    pytest.param("2048 b", {"nbf": None}, "numbers", id="from nobody knows when"),
    pytest.param("2048 b", {"exp": 10**400}, "numbers", id="a number beyond all numbers"),
]
# fmt: on


@pytest.mark.parametrize(("kind", "claims", "word"), ROWS)
def test_a_proof(kind, claims, word):
    said = proof_fault(key_proof(kind, {**GOOD, **claims}), APP, NOW)
    assert (said is None) == (word is None)
    assert word is None or word in said


@pytest.mark.parametrize("proof", ["", "a.b.c", "x" * 20_000])
def test_what_is_no_token(proof):
    assert proof_fault(proof, APP, NOW)


def test_without_a_valid_certificate_nothing_is_proven():
    said = proof_fault(key_proof("2048", GOOD), evolve(BARE, certificates=(OLD,)), NOW)
    assert said
    assert "PATCH" in said

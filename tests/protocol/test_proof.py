"""A half-finished sign-in proves nothing after ten minutes, nor once the account has changed."""

import pytest
from attrs import evolve

from entrada.core.directory.user import Authenticator, PasswordCredential
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.interaction import pack_interaction, unpack_interaction
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.proof import Claimant, prove
from tests.protocol.golden_artefacts import INTERACTION
from tests.protocol.known import BEN, NOW, SESSION

PHONE = Authenticator(sealed_secret="sealed", added_at=NOW)
PASSWORD = PasswordCredential(hash="$argon2id$…", changed_at=NOW)
USER = evolve(BEN, password=PASSWORD, authenticator=PHONE)
PROOF = prove(USER, NOW, ("pwd",), keep=True, now=NOW)
CHANGED = evolve(PASSWORD, changed_at=NumericDate(NOW + 1))
# fmt: off
ROWS = [  # seconds later, the user then, does it stand
    pytest.param(0,   {},                                                         True,  id="good"),
    pytest.param(600, {},                                                         True,  id="ten minutes later"),
    pytest.param(601, {},                                                         False, id="a second more"),
    pytest.param(1,   {"account_enabled": False},                                 False, id="disabled"),
    pytest.param(1,   {"password": CHANGED},                                      False, id="the password has changed"),
    pytest.param(1,   {"password": None},                                         False, id="the password is gone"),
    pytest.param(1,   {"authenticator": None},                                    False, id="the authenticator was reset"),
    pytest.param(1,   {"authenticator": evolve(PHONE, sealed_secret="another")},  False, id="another authenticator"),
    pytest.param(1,   {"sign_in_sessions_valid_from": NumericDate(NOW + 1)},      False, id="signed out everywhere"),
    pytest.param(1,   {"sign_in_sessions_valid_from": NOW},                       True,  id="signed out everywhere in the second before"),
    pytest.param(1,   {"password": evolve(PASSWORD, hash="stronger")},       True,  id="hashed with today's parameters"),
    pytest.param(1,   {"display_name": "B. Blue", "version": 7},                  True,  id="what is no credential"),
]
# fmt: on


@pytest.mark.parametrize(("later", "changes", "stands"), ROWS)
def test_how_long_a_proof_stands(later, changes, stands):
    assert PROOF.stands(evolve(USER, **changes), NumericDate(NOW + later)) == stands


def claimant(**changes):
    given = {"user": USER, "authenticated_at": PROOF.authenticated_at, "methods": ("pwd",), "keep": True}
    return Claimant(**{**given, **changes})


def test_a_second_proof_makes_the_first_no_younger():
    later = NumericDate(NOW + 500)
    assert claimant(proof=PROOF).proof_of(("pwd", "otp", "mfa"), later) == evolve(PROOF, methods=("pwd", "otp", "mfa"))


def test_a_second_proof_is_for_the_credentials_of_the_first():
    user = evolve(USER, password=CHANGED)
    proof = claimant(user=user, proof=PROOF).proof_of(("pwd", "otp", "mfa"), NOW)
    assert not proof.stands(user, NOW)
    assert claimant(proof=PROOF).proof_after(user, ("pwd",), NOW).stands(user, NOW)


def test_a_session_made_stronger_keeps_the_time_of_its_password():
    later = NumericDate(NOW + 5000)
    proof = claimant().proof_of(("pwd", "otp", "mfa"), later)
    assert (proof.authenticated_at, proof.proved_at, proof.keep, proof.session_id) == (NOW, later, True, None)
    proof = claimant(session=SESSION).proof_of(("pwd", "otp", "mfa"), later)
    assert (proof.authenticated_at, proof.session_id) == (NOW, SESSION.id)
    again = claimant(proof=proof).proof_of(("pwd", "otp", "mfa"), NumericDate(later + 1))
    assert again == proof


def test_a_new_password_is_for_a_new_session():
    proof = claimant(session=SESSION).proof_of(("pwd", "otp", "mfa"), NOW)
    assert claimant(proof=proof).with_password_of(USER, NOW).session_id is None


@pytest.mark.parametrize(("proved", "methods"), [(False, ("pwd",)), (True, ("pwd", "otp", "mfa"))])
def test_what_a_session_had_proved_does_not_outlive_its_password(proved, methods):
    strong = claimant(methods=("pwd", "otp", "mfa"), session=SESSION)
    strong = evolve(strong, proof=strong.proof_of(strong.methods, NOW)) if proved else strong
    assert strong.with_password_of(USER, NumericDate(NOW + 5000)).methods == methods


def test_a_new_password_is_entered_now_and_the_code_before_it_still_counts():
    later = NumericDate(NOW + 500)
    user = evolve(USER, password=PasswordCredential(hash="n", changed_at=later), sign_in_sessions_valid_from=later)
    old = evolve(PROOF, methods=("pwd", "otp", "mfa"))
    proof = claimant(proof=old, methods=old.methods).with_password_of(user, later)
    assert (proof.authenticated_at, proof.proved_at, proof.methods) == (later, NOW, old.methods)
    assert proof.stands(user, later)
    assert not old.stands(user, later)


@pytest.mark.parametrize(("step", "session_id"), [(None, None), (60_000_000, SESSION.id)])
def test_it_travels_in_the_interaction(step, session_id):
    enrolling = Enrolling(user_id=BEN.id, secret=b"\0s", recovery_codes=("AAAA", "BBBB"), confirmed_step=step)
    proof = evolve(PROOF, session_id=session_id)
    under_way = evolve(
        INTERACTION, progress=evolve(INTERACTION.progress, proof=proof, enrolling=enrolling, replacing=True)
    )
    assert unpack_interaction(pack_interaction(under_way)) == under_way
    assert repr(enrolling.secret) not in repr(under_way)
    assert "BBBB" not in repr(under_way)

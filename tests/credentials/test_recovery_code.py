"""Codes for the day the phone is lost."""

import pytest

from entrada.core.credentials import recovery_code

DICE = bytes(range(recovery_code.COUNT * recovery_code.BYTES))
CODES = recovery_code.generate(DICE)


def test_ten_codes_of_eighty_bits_grouped_for_reading():
    assert len(set(CODES)) == 10
    assert CODES[0] == "AAAQ-EAYE-AUDA-OCAJ"
    assert all([len(group) for group in code.split("-")] == [4, 4, 4, 4] for code in CODES)


@pytest.mark.parametrize("typed", ["aaaq-eaye-auda-ocaj", "AAAQEAYEAUDAOCAJ", " aaaq eaye auda 0caj "])
def test_however_it_is_typed(typed):
    assert recovery_code.digest(typed) == recovery_code.digest(CODES[0])


def test_digests_differ_and_hold_no_code():
    kept = recovery_code.digests(CODES)
    assert len(set(kept)) == 10
    assert all(len(one) == 64 for one in kept)

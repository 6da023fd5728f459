"""Which new passwords are good enough.  NIST SP 800-63B-4 §3.1.1."""

import pytest

from entrada.core.credentials.password import MAX_LENGTH, MIN_LENGTH, fault

BEN = "ben@colors.example"

# fmt: off
ROWS = [  # the password, whose, what is said
    pytest.param("correct horse battery", BEN,              None,                                          id="words in lower case, with spaces"),
    pytest.param("123 456 789 12",        BEN,              None,                                          id="digits alone"),
    pytest.param("青い絵の具が一番好きです",         BEN,              None,                                          id="letters of any script"),
    pytest.param("a" * 8 + "bcde",        BEN,              None,                                          id="just long enough, just varied enough"),
    pytest.param("abcde" * 51 + "a",      BEN,              None,                                          id="just not too long"),
    pytest.param("Ab1!Ab1!xyz",           BEN,              "The password needs at least 12 characters.",  id="short, whatever it is made of"),
    pytest.param("",                      BEN,              "The password needs at least 12 characters.",  id="empty"),
    pytest.param("abcde" * 51 + "ab",     BEN,              "The password may have at most 256 characters.", id="too long"),
    pytest.param("xxBENxx12345",          BEN,              "The password must not contain the user name.", id="the user name, in any case"),
    pytest.param("xx bo xx 1234",         "bo@colors.example", None,                                       id="a user name too short to tell"),
    pytest.param("abcdabcdabcd",          BEN,              "The password repeats too few characters.",    id="four characters again and again"),
]
# fmt: on


@pytest.mark.parametrize(("password", "whose", "said"), ROWS)
def test_length_not_composition(password, whose, said):
    assert fault(password, whose) == said


def test_the_limits_are_the_documented_ones():
    assert (MIN_LENGTH, MAX_LENGTH) == (12, 256)

"""Which new passwords are good enough.  NIST SP 800-63B-4 §3.1.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.credentials.common_words import COMMON_WORDS
from entrada.core.credentials.documented import DOCUMENTED
from entrada.core.credentials.password import MAX_LENGTH, MIN_LENGTH, fault, known_words
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.policies import Policies
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

BEN = "ben@colors.example"
LONGEST = "we painted the old boat green on a wet friday " * 5 + "and then slept till ten ok"

# fmt: off
ROWS = [  # the password, whose, what is said
    pytest.param("correct horse battery", BEN,              None,                                          id="words in lower case, with spaces"),
    pytest.param("402 917 358 26",        BEN,              None,                                          id="digits alone"),
    pytest.param("青い絵の具が一番好きです",         BEN,              None,                                          id="letters of any script"),
    pytest.param("vxvzxbqzvbxq",          BEN,              None,                                          id="just long enough, just varied enough"),
    pytest.param(LONGEST,                 BEN,              None,                                          id="just not too long"),
    pytest.param("Ab1!Ab1!xyz",           BEN,              "The password needs at least 12 characters.",  id="short, whatever it is made of"),
    pytest.param("",                      BEN,              "The password needs at least 12 characters.",  id="empty"),
    pytest.param(LONGEST + "a",           BEN,              "The password may have at most 256 characters.", id="too long"),
    pytest.param("xxBENxx12345",          BEN,              "The password must not contain the user name.", id="the user name, in any case"),
    pytest.param("xk bo wq 2917",         "bo@colors.example", None,                                       id="a user name too short to tell"),
    pytest.param("abcdabcdabcd",          BEN,              "The password repeats too few characters.",    id="four characters again and again"),
]
# fmt: on


def guessed(missing: int) -> str:
    return (
        "The password is made of words, names, years, runs or repetitions that guessers try first. Add other words, "
        f"or {missing} more {'character' if missing == 1 else 'characters'} that nobody would expect."
    )


TENANT = Tenant(
    id=TenantId("t"),
    display_name="Colors",
    domains=("colors.example",),
    policies=Policies(banned_passwords=("turpentine",)),
)
ANN = User(
    id=UserId("u"),
    tenant_id=TENANT.id,
    user_principal_name="ann.lindqvist@colors.example",
    display_name="Ann Lindqvist",
    surname="Lindqvist",
    given_name="Annika",
)

# fmt: off
GUESSED = [  # the password, and how many characters are missing
    pytest.param("password2026",           6, id="a word and a year"),
    pytest.param("P@ssw0rd-P@ssw0rd",      5, id="disguised and doubled"),
    pytest.param("PaSsWoRdPaSsWoRd",       6, id="in any case"),
    pytest.param("p4$$w0rd1234!",          5, id="a word, a run, a sign"),
    pytest.param("ＰＡＳＳＷＯＲＤ2026!!", 5, id="in letters of full width"),  # noqa: RUF001
    pytest.param("abcdefghijklm",          7, id="one run up"),
    pytest.param("9876543210ab",           5, id="one run down"),
    pytest.param("qwertyuiop1q2w3e",       6, id="across the keyboard"),
    pytest.param("turpentine-turpentine",  5, id="a word that the tenant has banned"),
    pytest.param("Turp3nt1ne-blue1",       4, id="and disguised"),
    pytest.param("Colors-Colors-2026",     4, id="the tenant's name"),
    pytest.param("lindqvist-2026-x",       4, id="the surname"),
    pytest.param("Annika1984annika",       5, id="the given name, which the user name has not"),
    pytest.param("blue-annika-summer",     4, id="several words"),
    pytest.param("xuzq-password-1",        1, id="just not enough"),
    pytest.param("xuzq-password-1k",       0, id="just enough"),
    pytest.param("summer in the old mill", 0, id="a word among others"),
]
# fmt: on


# fmt: off
REPEATED = [
    "121212121212345", "135791357913", "a1a2a3a4a5a6", "10203040506070", "aabbccddeeff", "2468024680246",
    "xkqvxkqvxkqv7", "drowssaPdrowssaP", "nogardnogard99", "p a s s w o r d 1 2", "pass-word-pass", "l.e.t.m.e.i.n.9",
    "Entrada-dev-2026!", "entradadev2026", "Console-dev-secret", "tercesvedelosnoc", "qazwsxedcrfvtgb", "vvxxzzbbqqkk",
]
# fmt: on


@pytest.mark.parametrize("password", REPEATED)
def test_repeated_reversed_stepped_or_spaced_out_is_guessed_as_well(password):
    assert "guessers" in (fault(password, "zoe@colors.example") or "")


# fmt: off
FAIR = [
    "otter", "window", "kayak", "velvet", "mango", "badger", "hypnotic", "walrus", "parade", "bread", "noon",
    "bridge", "abuela", "casa", "lantern", "curtain", "mill", "thursdays", "washing", "bakes", "bookkeeper",
    "mississippi", "level", "banana", "tomatoes", "квартира", "дождь", "絵の具", "grün", "straße",
]
# fmt: on


@given(st.lists(st.sampled_from(FAIR), min_size=4, max_size=8, unique=True), st.sampled_from([" ", "-", "", ". ", "7"]))
def test_a_passphrase_of_ordinary_words_is_good(words, between):
    assert fault(between.join(words), "zoe@colors.example") is None


# fmt: off
SENTENCES = [
    "the cat sat on the mat", "to be or not to be that is it", "i hum while washing up", "purple-otter-window-9",
    "it rained all of thursday", "kayak over the noon level", "a dog, a hat, a boat, a plan", "0193-8852-7461",
    "Мы ехали домой под дождём", "der Hund schläft unter dem Tisch", "hush-hush, my rather quiet secret",
    "four unrelated curtains", "nine green lanterns", "quite a new one",
]
# fmt: on


@pytest.mark.parametrize("password", SENTENCES)
def test_so_is_a_sentence(password):
    assert fault(password, "zoe@colors.example") is None


@given(st.text(st.sampled_from("ab1- ."), min_size=12, max_size=MAX_LENGTH))
def test_few_characters_in_any_order_end_the_count_too(password):
    fault(password, "zoe@colors.example", ("ab", "a-b1"))


@pytest.mark.parametrize(("password", "missing"), GUESSED)
def test_what_guessers_try_first_counts_as_one(password, missing):
    said = fault(password, ANN.user_principal_name, known_words(ANN, TENANT))
    assert said == (guessed(missing) if missing else None)


def test_only_the_tenants_own_people_and_words_count():
    assert fault("turpentine-lindqvist", BEN) is None


@pytest.mark.parametrize("password", sorted(one for one in DOCUMENTED if len(one) >= MIN_LENGTH))
def test_what_stands_in_the_documentation_is_nobodys(password):
    assert fault(password, "zoe@colors.example") == "The password stands in our documentation: choose one of your own."


def test_the_list_has_some_hundred_words_in_the_form_they_are_compared_in():
    assert len(COMMON_WORDS) > 600
    assert all(word == word.strip().lower() and word for word in COMMON_WORDS)


@given(st.text(max_size=300))
def test_whatever_is_typed_gets_an_answer(password):
    said = fault(password, BEN)
    assert said is None or said.endswith(".")


@given(st.sampled_from(sorted(COMMON_WORDS)), st.sampled_from(sorted(COMMON_WORDS)), st.randoms())
def test_no_case_and_no_disguise_makes_common_words_good(one, other, dice):
    disguises = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
    letters = [dice.choice([c, c.upper(), *disguises.get(c, "")]) for c in f"{one}{other}2026!!"]
    assert fault("".join(letters), BEN) is not None


@pytest.mark.parametrize(("password", "whose", "said"), ROWS)
def test_length_not_composition(password, whose, said):
    assert fault(password, whose) == said


def test_the_limits_are_the_documented_ones():
    assert (MIN_LENGTH, MAX_LENGTH) == (12, 256)

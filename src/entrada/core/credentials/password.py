"""Which new passwords are good enough.  NIST SP 800-63B-4 §3.1.1: length, not composition; not what guessers try first.

What is easily guessed (common words, names that belong to the person, years, runs) counts as one character wherever it
stands, however it is disguised; what counts must still make eight.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from entrada.core.credentials.common_words import COMMON_WORDS
from entrada.core.credentials.documented import DOCUMENTED
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 256
MIN_COUNTING: Final = 8
_SHORTEST_WORD: Final = 3
_DISGUISES: Final = str.maketrans("@4831!|l05$679", "aabeiiiiossgtg")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


def fault(password: str, user_principal_name: str, known: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, as a sentence that says what to change; None when nothing is.

    *known* are further words that count as one character: `known_words` of whose password it is.
    """
    if len(password) < MIN_LENGTH:
        return f"The password needs at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"The password may have at most {MAX_LENGTH} characters."
    name = user_principal_name.partition("@")[0].casefold()
    if name and len(name) > 2 and name in password.casefold():
        return "The password must not contain the user name."
    if len(set(password)) < 5:
        return "The password repeats too few characters."
    if password in DOCUMENTED:
        return "The password stands in our documentation: choose one of your own."
    missing = MIN_COUNTING - _counting(password, _guessed([*known, *_words(user_principal_name)]))
    if missing > 0:
        return (
            "The password is made of words, names, years or runs that guessers try first. Add other words, "
            f"or {missing} more {'character' if missing == 1 else 'characters'} that nobody would expect."
        )
    return None


def known_words(user: User, tenant: Tenant) -> tuple[str, ...]:
    """What whoever guesses this person's password knows, and what the tenant has banned."""
    names = (user.display_name, user.given_name or "", user.surname or "", tenant.display_name, *tenant.domains)
    return (*tenant.policies.banned_passwords, *(word for name in names for word in _words(name)))


def _words(text: str) -> Iterator[str]:
    return (word for word in _BETWEEN_WORDS.split(text) if len(word) >= _SHORTEST_WORD)


def _guessed(known: Iterable[str]) -> frozenset[str]:
    return _COMMON | {_undisguised(_plain(word)) for word in known if len(word) >= _SHORTEST_WORD}


def _plain(text: str) -> str:
    """In one case and one form, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text).lower()


def _undisguised(plain: str) -> str:
    return plain.translate(_DISGUISES)


def _counting(password: str, words: Collection[str]) -> int:
    """The least number of pieces the password is made of: a word, a year, a run or a single character."""
    plain = _plain(password)
    bare, lengths = _undisguised(plain), sorted({len(word) for word in words})
    least = [0]
    for end in range(1, len(plain) + 1):
        pieces = {end - 1, _start_of_run(plain, end), *_starts_of_year(plain, end)}
        pieces.update(end - length for length in lengths if length <= end and bare[end - length : end] in words)
        least.append(1 + min(least[start] for start in pieces))
    return least[-1]


def _starts_of_year(plain: str, end: int) -> tuple[int, ...]:
    return (end - 4,) if end >= 4 and _YEAR.fullmatch(plain, end - 4, end) else ()


def _start_of_run(plain: str, end: int) -> int:
    """Where the run that ends before *end* begins: 1234, dcba, aaaa; of two characters it is none."""
    if end < 3:
        return end - 1
    step = ord(plain[end - 1]) - ord(plain[end - 2])
    start = end - 2
    while start > 0 and ord(plain[start]) - ord(plain[start - 1]) == step:
        start -= 1
    return start if abs(step) <= 1 and end - start >= 3 else end - 1


_COMMON: Final = frozenset(_undisguised(word) for word in COMMON_WORDS if len(word) >= _SHORTEST_WORD)

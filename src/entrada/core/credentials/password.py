"""Which new passwords are good enough.  NIST SP 800-63B-4 §3.1.1: length, not composition; not what guessers try first.

What is easily guessed (common words, names that belong to the person, years, runs, repetitions) counts as one character
wherever it stands, however it is disguised, spelt backwards or spaced out; what counts must still make eight.
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
_SEPARATORS: Final = re.compile(r"[\s_.,:;/+*~#'\"-]+")  # no sign that stands for a letter, no letter of any script
_SHORTEST_REPEATED: Final = 3


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
    missing = MIN_COUNTING - _counting(_plain(password), _guessed([*known, *_words(user_principal_name)]))
    if missing > 0:
        more = f"{missing} more {'character' if missing == 1 else 'characters'}"
        return (
            "The password is made of words, names, years, runs or repetitions that guessers try first. "
            f"Add other words, or {more} that nobody would expect."
        )
    return None


def known_words(user: User, tenant: Tenant) -> tuple[str, ...]:
    """What whoever guesses this person's password knows, and what the tenant has banned."""
    names = (user.display_name, user.given_name or "", user.surname or "", tenant.display_name, *tenant.domains)
    return (*tenant.policies.banned_passwords, *(word for name in names for word in _words(name)))


def _words(text: str) -> Iterator[str]:
    return (word for word in _BETWEEN_WORDS.split(text) if len(word) >= _SHORTEST_WORD)


def _guessed(known: Iterable[str]) -> frozenset[str]:
    return _COMMON | _forms(known)


def _forms(words: Iterable[str]) -> frozenset[str]:
    """As they are looked for: undisguised, without what separates their parts, and backwards."""
    plain = [_plain(word) for word in words if len(word) >= _SHORTEST_WORD]
    forwards = {_undisguised(form) for word in plain for form in (word, _SEPARATORS.sub("", word))}
    return frozenset(form[::step] for form in forwards if len(form) >= _SHORTEST_WORD for step in (1, -1))


def _plain(text: str) -> str:
    """In one case and one form, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text).lower()


def _undisguised(plain: str) -> str:
    return plain.translate(_DISGUISES)


def _counting(plain: str, words: Collection[str]) -> int:
    """The least number of pieces the password is made of; what separates them counts once, however often it stands."""
    together = _SEPARATORS.sub("", plain)
    return _pieces(plain, words) if together == plain else min(_pieces(plain, words), 1 + _pieces(together, words))


def _pieces(plain: str, words: Collection[str]) -> int:
    """A piece is a word, a year, a run, a repetition or a single character."""
    bare, lengths = _undisguised(plain), sorted({len(word) for word in words})
    least = [0]
    for end in range(1, len(plain) + 1):
        starts = {end - 1, _start_of_run(plain, end, 1), _start_of_run(plain, end, 2), _start_of_repetition(plain, end)}
        starts.update(_starts_of_year(plain, end))
        starts.update(end - length for length in lengths if length <= end and bare[end - length : end] in words)
        least.append(1 + min(least[start] for start in starts))
    return least[-1]


def _starts_of_year(plain: str, end: int) -> tuple[int, ...]:
    return (end - 4,) if end >= 4 and _YEAR.fullmatch(plain, end - 4, end) else ()


def _start_of_run(plain: str, end: int, stride: int) -> int:
    """Where the run that ends before *end* begins, whose characters are a constant step from those *stride* before.

    1234, dcba, 13579, aaaa; with a stride of two a1a2a3 and aabbcc.
    """
    at = end - 1
    while at >= 2 * stride and _step(plain, at, stride) == _step(plain, at - stride, stride):
        at -= 1
    start = max(0, at + 1 - 2 * stride)
    return start if _is_run(plain, start, end, stride) else end - 1


def _is_run(plain: str, start: int, end: int, stride: int) -> bool:
    """Two characters alike make one, else three close to each other; of longer steps four, since words have some."""
    if end - start < 2 * stride:
        return False
    steps = [abs(_step(plain, end - one, stride)) for one in range(1, stride + 1)]
    return steps == [0] or end - start >= stride * (3 if max(steps) <= 1 else 4)


def _step(plain: str, at: int, stride: int) -> int:
    return ord(plain[at]) - ord(plain[at - stride])


def _start_of_repetition(plain: str, end: int) -> int:
    """Where the longest part that ends before *end* begins, and that stood there before."""
    start = end - _SHORTEST_REPEATED
    while start > 0 and plain.find(plain[start:end], 0, start) >= 0:
        start -= 1
    return start + 1 if start + 1 <= end - _SHORTEST_REPEATED else end - 1


_COMMON: Final = _forms((*COMMON_WORDS, *DOCUMENTED))

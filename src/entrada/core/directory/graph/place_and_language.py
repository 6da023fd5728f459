"""Read what somebody is reached by and spoken to in: a country, a language, a mail address, a name of one word."""

import re
from typing import Final

from entrada.core.directory.graph.json_members import MemberFault, Read, line, said, text

_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST_MAIL: Final = 318
_MAIL: Final = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,253}")


def matching(pattern: re.Pattern[str], such_as: str) -> Read[str]:
    """*such_as* is the sentence's end: "a language such as en"."""

    def read(value: object, path: str) -> str:
        found = text(value, path)
        if not pattern.fullmatch(found):
            raise MemberFault(f"{path} is {such_as}, not {said(found)}.", path)
        return found

    return read


language: Final = matching(_LANGUAGE, "a language such as en or de-AT")
_mail: Final = matching(_MAIL, "a mail address such as ada@example.com")
_two_letters: Final = matching(_COUNTRY, "a country's two letters, such as AT")


def country(value: object, path: str) -> str:
    return _two_letters(value, path).upper()


def mail(value: object, path: str) -> str:
    """Shown to people, so without what turns a line of text or breaks it."""
    return line(_LONGEST_MAIL)(_mail(value, path), path)

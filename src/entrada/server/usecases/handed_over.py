"""What is handed to somebody who shall choose a password: one for a single sign-in, or a link that opens once."""

from typing import Final

from attrs import field, frozen

from entrada.server.usecases.installation import Installation

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # read without doubt: no l, o, 0, 1
_GROUPS: Final = 4
_GROUP: Final = 4  # letters of 5 bits: 80 bits in all


@frozen
class Temporary:
    password: str = field(repr=False)


@frozen
class Link:
    """Whoever opens it first, within three days, chooses the password."""

    url: str = field(repr=False)


def generated_password(here: Installation) -> str:
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in here.entropy(_GROUPS * _GROUP))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))

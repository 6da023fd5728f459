"""The parameters of a request, read once and strictly.  RFC 6749 §3.1, §3.2 and appendix B.

Every parameter may stand once; text must be UTF-8; NUL has no place in any.  Unknown parameters are kept out of sight:
they are ignored (§3.1) but still may not be doubled, so that no two readers see different requests.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from attrs import field, frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal

MAX_PARAMETERS = 100
MAX_VALUE = 16 * 1024


@frozen
class Parameters:
    _values: Mapping[str, str] = field(factory=dict[str, str], repr=False)  # secrets travel here

    def get(self, name: str) -> str | None:
        """The value, or None when the parameter is absent or empty: RFC 6749 §3.1 treats both alike."""
        return self._values.get(name) or None

    def sent(self, name: str) -> bool:
        """Whether the parameter is there at all, be it empty."""
        return name in self._values

    def items(self) -> Iterable[tuple[str, str]]:
        return self._values.items()


def parse_form(encoded: bytes) -> Parameters | Refusal:
    """Read an application/x-www-form-urlencoded query or body."""
    values: dict[str, str] = {}
    pieces = [piece for piece in encoded.split(b"&") if piece]
    if len(pieces) > MAX_PARAMETERS:
        return Refusal(why.BAD_REQUEST, {"fault": f"more than {MAX_PARAMETERS} parameters"})
    for piece in pieces:
        name, _, value = piece.partition(b"=")
        pair = _decoded(name), _decoded(value)
        if pair[0] is None or pair[1] is None:
            return Refusal(why.MALFORMED_REQUEST, {"fault": "a parameter is not UTF-8 text or holds NUL"})
        if pair[0] in values:
            return Refusal(why.BAD_REQUEST, {"fault": f"the parameter '{pair[0][:40]}' is sent more than once"})
        if len(pair[1]) > MAX_VALUE:
            return Refusal(why.TOO_LONG, {"fault": f"the parameter '{pair[0][:40]}' exceeds {MAX_VALUE} characters"})
        values[pair[0]] = pair[1]
    return Parameters(values)


def _decoded(raw: bytes) -> str | None:
    # Nothing is trimmed or guessed (Entra, 2019: form values are taken literally); a stray % stands for itself.
    if b"%" in raw or b"+" in raw:
        raw = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text

"""From one master key, a key for each purpose, tenant and day.  HKDF with SHA-256 (RFC 5869).

    master -- day --> epoch key -- purpose, tenant --> the key of an envelope
    master -- "lasting" -----> -- purpose, tenant --> a key that must never change, as the one behind pairwise subjects

The labels below are part of every artefact in the world: changing one letter locks all of them for good.
"""

from hmac import digest
from typing import Final

from attrs import Attribute, field, frozen
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.envelope import NONCE_BYTES, Epoch

KEY_BYTES: Final = 32

_DAY: Final = 86_400
_HEX_DIGITS: Final = 64
_HOW_TO_MAKE_ONE: Final = (
    "A master key is 32 random bytes as 43 characters of base64url or 64 hexadecimal digits. Make one with: "
    'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
)


def _whole(_: object, __: "Attribute[bytes]", value: bytes) -> None:
    if len(value) != KEY_BYTES:
        raise ValueError(_HOW_TO_MAKE_ONE)


@frozen
class MasterKey:
    """What everything sealed rests on.  Whoever has it can sign in as anyone: it never leaves the process."""

    value: bytes = field(repr=False, validator=_whole)

    @classmethod
    def parse(cls, text: str) -> "MasterKey":
        """Read an environment variable or a key file, whose last line may end; raise ValueError saying what to do."""
        written = text.strip()
        try:
            return cls(bytes.fromhex(written) if len(written) == _HEX_DIGITS else base64url.decode(written))
        except ValueError:  # not chained: the library's words could repeat a part of the key
            raise ValueError(_HOW_TO_MAKE_ONE) from None


def epoch_of(now: NumericDate) -> Epoch:
    return Epoch(now // _DAY)


def derive(master: MasterKey, *, purpose: str, tenant: str, epoch: Epoch | None) -> bytes:
    """32 bytes; *epoch* is None only for what must come out the same for ever."""
    since = b"lasting" if epoch is None else b"epoch %d" % epoch
    above = _expand(master.value, b"entrada " + since)
    return _expand(above, f"entrada {purpose} of {tenant}".encode("ascii"))


def synthetic_nonce(key: bytes, payload: bytes) -> bytes:
    """A nonce that follows from *key* and *payload*: to seal the same again gives the same envelope.

    Safe where a random nonce is not to be had, because equal nonces then mean equal payloads (the idea of RFC 8452).
    """
    return digest(_expand(key, b"entrada synthetic nonce"), payload, "sha256")[:NONCE_BYTES]


def _expand(key: bytes, label: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=label).derive(key)

"""One-time codes from an application on a phone.  RFC 6238, as every such application does: SHA-1, 6 digits, 30 s.

A code is good in its own half minute and in the one before and after, since clocks differ; whoever accepts one spends
its *step*, so that nobody who looked over a shoulder uses it again (§5.2).
"""

import hmac
from base64 import b32encode
from typing import Final

from pyotp.hotp import HOTP
from pyotp.totp import TOTP

from entrada.core.jose.numeric_date import NumericDate

PERIOD: Final = 30  # seconds
WINDOW: Final = 1  # steps to either side
SECRET_BYTES: Final = 20  # as long as the SHA-1 it keys; RFC 4226 §4 R6


def step_of(code: str, secret: bytes, now: NumericDate) -> int | None:
    """The place in time whose code this is, if it is near enough to *now*.

    Blanks do not count: applications show codes in two groups.
    """
    typed, expected = "".join(code.split()), HOTP(_base32(secret))
    here = now // PERIOD
    steps = range(here - WINDOW, here + WINDOW + 1)
    # Each is compared, whichever fits: how long it takes says nothing.
    fitting = [step for step in steps if hmac.compare_digest(expected.at(step).encode(), typed.encode())]
    return fitting[0] if fitting else None


def address(secret: bytes, account: str, issuer: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return TOTP(_base32(secret)).provisioning_uri(name=account, issuer_name=issuer)


def spelled(secret: bytes) -> str:
    """The secret for typing, in groups of four."""
    text = _base32(secret)
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _base32(secret: bytes) -> str:
    return b32encode(secret).decode()

"""Is an assertion within its time?  RFC 7523 §3; reference section 20.1.

There is no upper bound to its life, and it may be used again until it ends: MSAL Python keeps one for ten minutes.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds

FAST_CLOCKS: Final = Seconds(300)  # a client's clock may run ahead; one that is behind lives on its assertion's length


def refuse_time(claims: Mapping[str, object], now: NumericDate) -> Refusal | None:
    times = {name: _seconds(claims[name]) for name in ("exp", "nbf", "iat") if name in claims}
    if "exp" not in times or None in times.values():
        return Refusal(why.MALFORMED_ASSERTION, {"fault": "exp is missing, or a time in it is no number"})
    ends, starts = times["exp"], times.get("nbf")
    if (ends is not None and now >= ends) or (starts is not None and now + FAST_CLOCKS < starts):
        return Refusal(why.ASSERTION_OUT_OF_TIME)
    return None


def _seconds(value: object) -> float | None:
    # MSAL Python writes floats, MSAL .NET strings.
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if isfinite(seconds) else None

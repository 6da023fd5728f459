"""What time it is, for the token commands."""

import time

from entrada.core.jose.numeric_date import NumericDate


def clock() -> NumericDate:
    return NumericDate(int(time.time()))

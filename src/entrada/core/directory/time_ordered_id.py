"""A GUID in order of time: RFC 9562 §5.7, version 7, to the second."""

from typing import Final

from entrada.core.jose.numeric_date import NumericDate

DICE: Final = 10  # bytes that tell those of one second apart
_VERSION_AND_VARIANT: Final = 0xF << 76 | 0x3 << 62
_VERSION_7: Final = 0x7 << 76 | 0x2 << 62


def time_ordered_id(now: NumericDate, dice: bytes) -> str:
    number = (now * 1000) << 80 | int.from_bytes(dice[:DICE], "big")
    number = number & ~_VERSION_AND_VARIANT | _VERSION_7
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

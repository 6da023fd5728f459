"""A GUID in order of time: RFC 9562 §5.7, version 7, with a counter among those of one millisecond (§6.2, method 1)."""

from typing import Final

DICE: Final = 8  # bytes that tell those of different processes apart
COUNTED: Final = 1 << 12
_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0x2 << 62
_RANDOM: Final = (1 << 62) - 1


def time_ordered_id(milliseconds: int, count: int, dice: bytes) -> str:
    """*milliseconds* since 1970; *count* of those this process has made in that millisecond."""
    random = int.from_bytes(dice[:DICE], "big") & _RANDOM
    number = milliseconds << 80 | _VERSION_7 | (count % COUNTED) << 64 | _VARIANT | random
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

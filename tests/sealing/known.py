"""One tenant, one key, one moment that the sealing tests share."""

from typing import Final

from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keys import MasterKey

COLORS: Final = "c0105000-0000-4000-8000-000000000001"
PETALS: Final = "9e7a1500-0000-4000-8000-000000000001"
MASTER: Final = MasterKey(bytes(range(32)))
NOW: Final = NumericDate(1_800_000_000)  # 2027-01-15, 08:00 UTC
DAY: Final = 86_400

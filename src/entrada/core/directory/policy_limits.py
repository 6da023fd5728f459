"""Between which values a tenant's policies may be chosen.  Reference sections 27.4, 33 and 35."""

from typing import Final

from entrada.core.jose.numeric_date import Seconds

LOCKOUT_THRESHOLD: Final = (1, 50)  # failures
LOCKOUT_DURATION: Final = (Seconds(5), Seconds(5 * 60 * 60))
TOKEN_LIFETIME: Final = (Seconds(10 * 60), Seconds(24 * 60 * 60))  # of access tokens
MAX_BANNED: Final = 1000
BANNED_LENGTH: Final = (4, 16)  # as at Entra: a shorter word turns up in good passwords by chance

"""An authenticator being set up at a sign-in: nothing of it is kept until its recovery codes are.

So nobody is left with an authenticator and without the codes for the day it is lost; and a page sent twice, or opened
again, shows the same.
"""

from attrs import field, frozen

from entrada.core.directory.ids import UserId


@frozen(kw_only=True)
class Enrolling:
    user_id: UserId
    secret: bytes = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)
    confirmed_step: int | None = None  # of the code that showed that the authenticator knows the secret

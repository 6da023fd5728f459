"""An account that is signed in to this browser, live and enabled, as the session cookie and the store say together."""

from attrs import frozen

from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.user import User


@frozen
class Account:
    session: BrowserSession
    user: User  # at home, where the session is
    guest: User | None = None  # what stands for it in the tenant that a request is for, when that is another one

    @property
    def member(self) -> User:
        """The account as the tenant of the request knows it."""
        return self.guest or self.user

    def is_named(self, hint: str) -> bool:
        return hint.casefold() in (self.user.user_principal_name.casefold(), (self.user.mail or "").casefold() or None)

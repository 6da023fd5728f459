"""An account that is signed in to this browser, live and enabled, as the session cookie and the store say together."""

from attrs import frozen

from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.user import User


@frozen
class Account:
    session: BrowserSession
    user: User

    def is_named(self, hint: str) -> bool:
        return hint.casefold() in (self.user.user_principal_name.casefold(), (self.user.mail or "").casefold() or None)

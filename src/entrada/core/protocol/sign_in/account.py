"""An account that is signed in to this browser, live and enabled, as the session cookie and the store say together."""

from attrs import frozen

from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.user import User
from entrada.core.protocol.sign_in.proof import Claimant


@frozen
class Account:
    session: BrowserSession
    user: User  # at home, where the session is
    guest: User | None = None  # what stands for it in the tenant that a request is for, when that is another one
    second_factor_required: bool = False  # whatever a request asks for

    @property
    def member(self) -> User:
        """The account as the tenant of the request knows it."""
        return self.guest or self.user

    @property
    def claimant(self) -> Claimant:
        """As somebody whose session may have to become stronger."""
        return Claimant(
            user=self.user,
            authenticated_at=self.session.authenticated_at,
            methods=self.session.methods,
            keep=self.session.persistent,
            second_factor_required=self.second_factor_required,
            session=self.session,
        )

    def is_named(self, hint: str) -> bool:
        return hint.casefold() in (self.user.user_principal_name.casefold(), (self.user.mail or "").casefold() or None)

"""Who may be a user of the session: only whom the authority vouched for.  `AUTHENTICATION_BACKENDS` names it."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from entrada.client.web_sign_in.user import User
from entrada.django.people import Mapped, user_of


class EntradaBackend(ModelBackend):
    """Knows permissions of users and groups as Django's own, and takes no password."""

    def authenticate(  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self, request: HttpRequest | None, *, person: User | None = None, mapped: Mapped | None = None
    ) -> AbstractBaseUser | None:
        """Credentials of other backends name no *person*: Django then asks the next one."""
        if person is None or mapped is None:
            return None
        user = user_of(person, mapped)
        return user if user is not None and self.user_can_authenticate(user) else None

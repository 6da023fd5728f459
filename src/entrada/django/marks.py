"""Does Django's session rest on the sign-in at the authority, and on whose?

Two sessions meet in one browser: Django's, which anything may begin and end, and the sign-in's, which has the tokens.
The second is believed only as long as the first says that it came of it, for the user that it has now.
"""

from typing import Final, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from entrada.client.web_sign_in.user import User
from entrada.django.people import key_of

_MARK: Final = "_entrada"  # of Django's session


def mark(request: HttpRequest, person: User, user: AbstractBaseUser) -> None:
    request.session[_MARK] = _mark(person, user)


def is_marked(request: HttpRequest) -> bool:
    """Others' users are none of ours."""
    session = cast("SessionBase | None", getattr(request, "session", None))
    return session is not None and _MARK in session


def rests_on(request: HttpRequest, person: User | None) -> bool:
    user = request.user
    if person is None or not is_marked(request) or not isinstance(user, AbstractBaseUser):
        return False
    return bool(request.session[_MARK] == _mark(person, user))


def _mark(person: User, user: AbstractBaseUser) -> list[str]:
    return [key_of(person), str(user.pk)]

"""Protect an API made with Django REST framework: the caller is `request.auth`, and the scopes are permissions.

class ColorsAuthentication(BearerAuthentication):
    api = BearerAuth(settings)

class Colors(APIView):
    authentication_classes = [ColorsAuthentication]
    permission_classes = [HasScope("Colors.Read", or_roles=["Colors.ReadAll"])]
"""

from typing import Any, ClassVar, Final

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from entrada.client.api_protection.admission import decide
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.needs import Needs, needs
from entrada.client.api_protection.principal import Principal
from entrada.client.api_protection.wsgi import authorization_of
from entrada.django.api import BearerAuth

__all__ = ["BearerAuth", "BearerAuthentication", "Caller", "HasRole", "HasScope"]

_AUTHENTICATION: Final = "_entrada_authentication"


class Caller:
    """What the framework calls the user: somebody who is signed in, and no row of the project's database."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, principal: Principal) -> None:
        self.principal = principal

    def __str__(self) -> str:
        return self.principal.name or self.principal.object_id


class Refused(APIException):
    """What goes out is the challenge, whole."""

    def __init__(self, answer: Challenge) -> None:
        super().__init__(answer.description, answer.error or "unauthorized")
        self.status_code = answer.status
        self.auth_header = answer.headers.get("WWW-Authenticate")
        self.wait = int(answer.headers.get("Retry-After", 0))  # the framework's name for it


class BearerAuthentication(BaseAuthentication):
    """Make a subclass that names the *api*."""

    api: ClassVar[BearerAuth]

    def authenticate(self, request: Request) -> tuple[Caller, Principal]:
        answer = self.api.guard.check(authorization_of(request.META))
        if isinstance(answer, Challenge):
            raise Refused(answer)
        setattr(_plain(request), _AUTHENTICATION, self)
        return Caller(answer), answer

    def authenticate_header(self, request: Request) -> str:
        return f'Bearer realm="{self.api.guard.api.client_id}"'


def HasScope(*scopes: str, or_roles: tuple[str, ...] | list[str] = ()) -> type[BasePermission]:  # noqa: N802 - used as a class
    """People need the scopes; applications, where there are *or_roles*, need those."""
    return _permission(needs(scopes=scopes, roles=or_roles))


def HasRole(*roles: str) -> type[BasePermission]:  # noqa: N802 - used as a class
    """Everybody needs the roles."""
    return _permission(needs(roles=roles))


def _permission(needed: Needs) -> type[BasePermission]:
    class Needed(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            authentication: BearerAuthentication | None = getattr(_plain(request), _AUTHENTICATION, None)
            if authentication is None or not isinstance(request.auth, Principal):
                return False
            answer = decide(request.auth, needed, authentication.api.guard.api)
            if isinstance(answer, Challenge):
                raise Refused(answer)  # so that its header goes out; combine needs in one permission, not by `|`
            return True

    return Needed


def _plain(request: Request) -> HttpRequest:
    return request._request  # noqa: SLF001 - the framework's name for the request that it wraps

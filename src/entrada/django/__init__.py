"""Sign people in to a Django project, and protect its APIs: the words of `entrada.fastapi` and `entrada.flask`.

Nothing is imported before it is asked for: `INSTALLED_APPS` names this, and Django has no models yet when it reads it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from entrada.client.web_sign_in.user import GroupsUnknown, User
    from entrada.client.web_sign_in.web_settings import Api, SessionLimits
    from entrada.django.admin import admin_login
    from entrada.django.guarded import require, require_roles, require_scopes
    from entrada.django.person import atoken, auser, client, session, token, user
    from entrada.django.stand_in import as_user

__all__ = [
    "Api",
    "GroupsUnknown",
    "SessionLimits",
    "User",
    "admin_login",
    "as_user",
    "atoken",
    "auser",
    "client",
    "require",
    "require_roles",
    "require_scopes",
    "session",
    "token",
    "user",
]

_WHERE: Final = {
    "Api": "entrada.client.web_sign_in.web_settings",
    "GroupsUnknown": "entrada.client.web_sign_in.user",
    "SessionLimits": "entrada.client.web_sign_in.web_settings",
    "User": "entrada.client.web_sign_in.user",
    "admin_login": "entrada.django.admin",
    "as_user": "entrada.django.stand_in",
    "require": "entrada.django.guarded",
    "require_roles": "entrada.django.guarded",
    "require_scopes": "entrada.django.guarded",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE.get(name, "entrada.django.person")), name)

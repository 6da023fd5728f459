"""Is the project set up for the sign-in?  `manage.py check` says, and so does every command that starts one."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name for it
from django.db import connections
from django.urls import NoReverseMatch

from entrada.client.authority import ANY_TENANT, Shape
from entrada.client.errors import EntradaError
from entrada.django.arrivals import BACKEND
from entrada.django.configured import NAME, Configured, configured
from entrada.django.running import make, prefix

MIDDLEWARE: Final = "entrada.django.middleware.EntradaMiddleware"
_BEFORE: Final = "django.contrib.auth.middleware.AuthenticationMiddleware"


def check_sign_in(**_: Any) -> list[CheckMessage]:
    """Nothing for projects that only protect an API: those have no `ENTRADA`, no middleware and no backend of ours."""
    if not (hasattr(settings, NAME) or MIDDLEWARE in settings.MIDDLEWARE or _has_backend()):
        return []
    return list(_found())


def _found() -> Iterator[CheckMessage]:
    yield from _installed()
    try:
        told = configured(prefix())
        make(told)
    except NoReverseMatch:
        hint = 'Add path("auth/", include("entrada.django.urls")) to the URLconf.'
        yield Error("The routes of the sign-in are nowhere.", hint=hint, id="entrada.E003")
    except (EntradaError, TypeError, ValueError) as error:
        yield Error(f"{NAME} cannot be used: {error}", id="entrada.E004")
    else:
        yield from _wise(told)


def _installed() -> Iterator[CheckMessage]:
    names = cast("Sequence[str]", settings.MIDDLEWARE)
    if MIDDLEWARE not in names or _BEFORE not in names[: names.index(MIDDLEWARE)]:
        hint = f"Put {MIDDLEWARE!r} below {_BEFORE!r}: without it nothing ends a session that the authority ended."
        yield Error("MIDDLEWARE lacks the sign-in's, or has it too early.", hint=hint, id="entrada.E001")
    if not _has_backend():
        yield Error("AUTHENTICATION_BACKENDS lacks the sign-in's.", hint=f"Add {BACKEND!r}.", id="entrada.E002")


def _has_backend() -> bool:
    return BACKEND in cast("Sequence[str]", settings.AUTHENTICATION_BACKENDS)


def _wise(told: Configured) -> Iterator[CheckMessage]:
    web, mapped = told.web, told.mapped
    raised = mapped.staff_roles | mapped.superuser_roles
    everybody = web.authority.shape is Shape.ENTRA and web.authority.tenant in ANY_TENANT
    if raised and everybody and not web.allowed_tenants:
        hint = "Name ALLOWED_TENANTS: the administrator of any directory gives its own people the role."
        yield Error("Any directory could make members of staff here.", hint=hint, id="entrada.E005")
    if mapped.user_from_claims is None and _are_named_by_address():
        hint = "Set USER_FROM_CLAIMS to a function that makes your users."
        yield Error("New users would have a made-up name where an address belongs.", hint=hint, id="entrada.E006")
    if told.sessions is None and connections[told.database].settings_dict.get("ATOMIC_REQUESTS"):
        hint = "Name another alias of the same database, without ATOMIC_REQUESTS, as DATABASE."
        yield Warning("A view that fails would take back tokens just renewed.", hint=hint, id="entrada.W001")


def _are_named_by_address() -> bool:
    kind: type[AbstractBaseUser] = get_user_model()
    return bool(getattr(kind, "USERNAME_FIELD") == kind.get_email_field_name())  # noqa: B009 - the stubs know no such name

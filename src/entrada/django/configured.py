"""What the setting `ENTRADA` says: the sign-in's own settings in capitals, and a few of Django's.

The key that seals cookies and sessions is made of `SECRET_KEY`, the older ones of `SECRET_KEY_FALLBACKS`, unless told.
"""

from collections.abc import Mapping
from typing import Final, cast

from attrs import field, frozen
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from entrada.client.errors import BadSettings
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.web_settings import WebSettings
from entrada.django.people import Mapped, UserFromClaims

NAME: Final = "ENTRADA"
_SALT: Final = "entrada.django"


@frozen(kw_only=True)
class Configured:
    web: WebSettings
    mapped: Mapped
    sessions: SessionStore | None = None  # None: in the project's database
    database: str = "default"


@frozen(kw_only=True)
class _Own:
    """Those of Django alone, as they are written."""

    user_from_claims: str | UserFromClaims | None = None  # a function, or its dotted path
    groups_by_role: Mapping[str, str] = field(factory=dict[str, str])
    staff_roles: frozenset[str] = field(default=frozenset[str](), converter=frozenset)
    superuser_roles: frozenset[str] = field(default=frozenset[str](), converter=frozenset)
    sessions: SessionStore | None = None
    database: str = "default"


_OWN: Final = frozenset(
    {"user_from_claims", "groups_by_role", "staff_roles", "superuser_roles", "sessions", "database"}
)


def configured(prefix: str) -> Configured:
    """*prefix*: where `entrada.django.urls` is included, unless PREFIX says another.  Raises BadSettings."""
    written = cast("object", getattr(settings, NAME, None))
    if not isinstance(written, dict):
        raise BadSettings(f"The setting {NAME} is missing", advice=f"{NAME} = {{'CLIENT_ID': …, 'TENANT': …}}.")
    members = {name.lower(): value for name, value in cast("dict[str, object]", written).items()}
    own = _Own(**{name: value for name, value in members.items() if name in _OWN})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    rest = {name: value for name, value in members.items() if name not in _OWN}
    web = WebSettings.from_mapping({"prefix": prefix, **_keys(), **rest})
    return Configured(web=web, mapped=_mapped(own), sessions=own.sessions, database=own.database)


def _mapped(own: _Own) -> Mapped:
    hook = own.user_from_claims
    try:
        found = cast("UserFromClaims", import_string(hook)) if isinstance(hook, str) else hook
    except ImportError as error:
        raise BadSettings(f"USER_FROM_CLAIMS names nothing: {error}", advice="Give a dotted path.") from None
    return Mapped(
        groups_by_role=own.groups_by_role,
        staff_roles=own.staff_roles,
        superuser_roles=own.superuser_roles,
        user_from_claims=found,
    )


def _keys() -> dict[str, object]:
    fallbacks = cast("list[str]", settings.SECRET_KEY_FALLBACKS)
    return {"key": _key(settings.SECRET_KEY), "old_keys": [_key(one) for one in fallbacks]}


def _key(secret: str) -> str:
    return salted_hmac(_SALT, "the key of the web sign-in", secret=secret, algorithm="sha256").hexdigest()

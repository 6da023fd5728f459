"""Which Django user signed in: known by issuer, tenant and object id, never by a name or an address.

What the authority says anew at each sign-in is written to the user: their name, the groups their roles stand for.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Final

from attrs import field, frozen
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils.crypto import get_random_string

from entrada.client.web_sign_in.user import User
from entrada.django.models import Identity

UserFromClaims = Callable[[Mapping[str, object]], AbstractBaseUser | None]

_NAMED: Final = {"first_name": "given_name", "last_name": "family_name"}  # Django's field, the claim


@frozen(kw_only=True)
class Mapped:
    """What roles of the application stand for in Django."""

    groups_by_role: Mapping[str, str] = field(factory=dict[str, str])
    staff_roles: frozenset[str] = frozenset()
    superuser_roles: frozenset[str] = frozenset()
    user_from_claims: UserFromClaims | None = None


def key_of(person: User) -> str:
    """Compared octet by octet in every database; the three names themselves are not, in some."""
    named = json.dumps([person.issuer, person.tenant_id, person.user_id])
    return hashlib.sha256(named.encode()).hexdigest()


@transaction.atomic
def user_of(person: User, mapped: Mapped) -> AbstractBaseUser | None:
    """None where the project's own hook knows nobody."""
    if mapped.user_from_claims is not None:
        user = mapped.user_from_claims(person.claims)
    else:
        user = _known(person) or _new(person)
        _rename(user, person)
    if user is not None:
        _promote(user, person.roles, mapped)
    return user


def _known(person: User) -> AbstractBaseUser | None:
    found = Identity.objects.select_related("user").filter(key=key_of(person)).first()
    return None if found is None else found.user


def _new(person: User) -> AbstractBaseUser:
    """Named by chance: a readable name is somebody else's tomorrow, and one to foresee may have been taken on purpose.

    Of two first sign-ins at once, one finds what the other made.
    """
    try:
        with transaction.atomic():
            return _made(person)
    except IntegrityError:
        found = _known(person)
        if found is None:
            raise
        return found


def _made(person: User) -> AbstractBaseUser:
    user: AbstractBaseUser = get_user_model()()
    setattr(user, str(getattr(user, "USERNAME_FIELD")), f"entrada-{get_random_string(22)}")  # noqa: B009 - the stubs know no such name
    user.set_unusable_password()
    user.save()
    Identity.objects.create(
        key=key_of(person),
        user=user,
        issuer=person.issuer,
        tenant_id=person.tenant_id,
        object_id=person.user_id,
    )
    return user


def _rename(user: AbstractBaseUser, person: User) -> None:
    names = {at: person.claims.get(claim) for at, claim in _NAMED.items()}
    if not any(names.values()):
        names = {"first_name": person.name, "last_name": ""}
    for at, name in names.items():
        longest = _longest(user, at)
        if longest and isinstance(name, str):
            setattr(user, at, name[:longest])
    user.save()


def _longest(user: AbstractBaseUser, name: str) -> int:
    try:
        found = user._meta.get_field(name)  # noqa: SLF001 - Django's documented name for it
    except FieldDoesNotExist:
        return 0
    return (found.max_length or 0) if isinstance(found, models.CharField) else 0


def _promote(user: AbstractBaseUser, roles: frozenset[str], mapped: Mapped) -> None:
    """What roles stand for comes and goes with them; whatever else the user has stays as it is."""
    for flag, wanted in (("is_staff", mapped.staff_roles), ("is_superuser", mapped.superuser_roles)):
        if wanted and getattr(user, flag, None) is not None and getattr(user, flag) != bool(roles & wanted):
            setattr(user, flag, bool(roles & wanted))
            user.save(update_fields=[flag])
    if mapped.groups_by_role:
        _regroup(user, roles, mapped.groups_by_role)


def _regroup(user: object, roles: frozenset[str], by_role: Mapping[str, str]) -> None:
    if not isinstance(user, PermissionsMixin):  # a user model of the project's own may know no groups
        return
    wanted = {name for role, name in by_role.items() if role in roles}
    for name in set(by_role.values()):
        group, _ = Group.objects.get_or_create(name=name)
        if name in wanted:
            user.groups.add(group)
        else:
            user.groups.remove(group)

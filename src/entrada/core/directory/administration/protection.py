"""Whom an administrator must leave alone: whoever holds a directory role, themselves, the last who could help.

Reference section 38 leaves out what Entra's permissions pages say: without this, whoever may reset a password becomes
whoever they like.
"""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad, denied
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.user import User

SENSITIVE: Final = (
    "user_principal_name",
    "account_enabled",
    "mail",
    "other_mails",
    "mobile_phone",
    "business_phones",
)
"""Members by which somebody signs in, is signed out, or is reached when a password is lost."""


def is_oneself(actor: Actor, user: User) -> bool:
    return actor.user is not None and actor.user.id == user.id


def refuse_over_roles(actor: Actor, user: User) -> Problem | None:
    """An application by itself holds no role, so it touches nobody who does."""
    if not user.directory_roles or actor.operator or is_oneself(actor, user):
        return None
    if actor.user is not None and GLOBAL_ADMINISTRATOR in actor.user.directory_roles:
        return None
    name = user.user_principal_name
    return denied(f"Insufficient privileges: {name} holds a directory role, so it takes a Global Administrator.")


def refuse_sensitive(actor: Actor, before: User, after: User) -> Problem | None:
    touched = any(getattr(before, name) != getattr(after, name) for name in SENSITIVE)
    return refuse_over_roles(actor, before) if touched else None


def refuse_oneself(actor: Actor, user: User, what: str) -> Problem | None:
    """*what* as in "disable"."""
    return bad(f"You cannot {what} yourself: ask another administrator.") if is_oneself(actor, user) else None


def is_global_administrator(user: User) -> bool:
    """One who can act: a disabled one cannot."""
    return user.account_enabled and GLOBAL_ADMINISTRATOR in user.directory_roles


def last_administrator(user: User) -> Problem:
    return bad(
        f"{user.user_principal_name} is the last enabled Global Administrator: nobody could administer this tenant any "
        "more. Assign the role to somebody else first."
    )

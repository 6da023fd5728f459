"""May this actor do that?  A delegated permission never lets an application do more than the user may."""

from typing import Final

from entrada.core.directory.administration.actor import AS_THE_USER, Actor
from entrada.core.directory.administration.operations import RULES, Operation, Rule
from entrada.core.directory.administration.problem import Problem, denied
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.policies import Policies

_BASIC_ONLY: Final = "User.ReadBasic.All"


def may(
    actor: Actor, operation: Operation, *, owns: bool = False, itself: bool = False, policies: Policies | None = None
) -> Problem | None:
    """*owns*: the actor is among the object's owners; *itself*: the actor is the object.

    *policies* are the tenant's, where they let ordinary members do something.
    """
    if actor.operator:
        return None
    rule = RULES[operation]
    if actor.user is None:
        return _application_may(actor, operation, rule, owns=owns)
    if actor.permissions.isdisjoint(rule.scopes | AS_THE_USER):
        return _lacking(operation, rule.scopes)
    if _person_may(actor, operation, rule, owns=owns, itself=itself, policies=policies):
        return None
    return denied(f"Insufficient privileges to {operation}: {_who(rule)}.")


def sees_basics_only(actor: Actor, *, itself: bool = False) -> bool:
    """May this actor, who may read users, read no more of them than what they are called?"""
    if actor.operator:
        return False
    enough: set[str] = {*AS_THE_USER, *RULES[Operation.READ_USERS].scopes} - {_BASIC_ONLY}
    if itself:
        enough.update(RULES[Operation.READ_OWN_PROFILE].scopes - {_BASIC_ONLY})
    return actor.permissions.isdisjoint(enough)


def _application_may(actor: Actor, operation: Operation, rule: Rule, *, owns: bool) -> Problem | None:
    enough = rule.app_roles | (rule.owned_app_roles if owns else frozenset[str]())
    return _lacking(operation, rule.app_roles) if actor.permissions.isdisjoint(enough) else None


def _person_may(
    actor: Actor, operation: Operation, rule: Rule, *, owns: bool, itself: bool, policies: Policies | None
) -> bool:
    user = actor.user
    if user is None:
        return False
    if user.directory_roles & rule.roles or (rule.owner and owns) or (rule.itself and itself):
        return True
    is_member = user.user_type == "Member"
    if operation is Operation.CREATE_APPLICATION:
        return is_member and policies is not None and policies.users_register_applications
    # A guest who administers something must find it.
    return rule.member and (is_member or bool(user.directory_roles))


def _lacking(operation: Operation, permissions: frozenset[str]) -> Problem:
    if not permissions:
        return denied(f"Insufficient privileges to {operation}: no permission of Microsoft Graph covers it.")
    return denied(f"Insufficient privileges to {operation}: the token needs one of {', '.join(sorted(permissions))}.")


def _who(rule: Rule) -> str:
    others = {"an owner": rule.owner, "the user in person": rule.itself, "a member of the tenant": rule.member}
    who = [words for words, may_too in others.items() if may_too]
    roles = sorted(ROLE_NAMES[one] for one in rule.roles)
    if roles:  # last: they end in a list
        who.append(f"one of these roles: {', '.join(roles)}" if roles[1:] else f"the role {roles[0]}")
    return f"it takes {' or '.join(who)}" if who else "nobody may"

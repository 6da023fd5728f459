"""What a tenant decides for everybody in it, in the file.  Reference sections 27.4, 33 and 35."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from attrs import evolve

from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.plain_tree import Plain, members, texts, unless_true
from entrada.core.directory.document.scalars import (
    boolean,
    number,
    one_of,
    span,
    text,
    token_lifetime,
    written_lifetime,
    written_span,
)
from entrada.core.directory.document.tree import Node, Position
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.policy_limits import BANNED_LENGTH, LOCKOUT_DURATION, LOCKOUT_THRESHOLD, MAX_BANNED

Stated = Mapping[str, Any]
"""Policies by their attribute's name."""

_USUAL: Final = Policies()
_lockout_duration = span(*LOCKOUT_DURATION)


def read_policies(node: Node) -> Stated:
    fields = Fields(node, "policies")
    found = {
        "user_consent": fields.optional("userConsent", one_of(UserConsent)),
        "users_register_applications": fields.optional("usersRegisterApplications", boolean),
        "security_defaults": fields.optional("securityDefaults", boolean),
        "password_grant": fields.optional("passwordGrant", boolean),
        "lockout_threshold": fields.optional("lockoutThreshold", number(*LOCKOUT_THRESHOLD)),
        "lockout_duration": fields.optional("lockoutDuration", _lockout_duration),
        "banned_passwords": fields.optional("bannedPasswords", partial(_banned, fields.position_of("bannedPasswords"))),
        "access_token_lifetime": fields.optional("accessTokenLifetime", token_lifetime),
    }
    fields.finish()
    return {name: value for name, value in found.items() if value is not None}


def with_stated(stated: Stated, stored: Policies | None) -> Policies:
    """Each policy that a file does not state stays as it is: a file for one must not switch off another."""
    return evolve(stored or _USUAL, **stated)


def _banned(at: Position, node: Node) -> tuple[str, ...]:
    words = each(_banned_word)(node)
    if len(words) > MAX_BANNED:
        raise FaultFound(at, f"At most {MAX_BANNED} words can be banned, not {len(words)}.")
    return tuple(dict.fromkeys(words))


def _banned_word(node: Node) -> str:
    word = text(node).lower()
    least, most = BANNED_LENGTH
    if not least <= len(word) <= most:
        raise FaultFound(node.at, f"A banned word has {least} to {most} characters, not {len(word)}.")
    return word


def write_policies(policies: Policies) -> Plain:
    """Those that are not as every tenant has them."""
    usual, duration = _USUAL, written_span(policies.lockout_duration)
    consent = str(policies.user_consent)
    return members(
        userConsent=None if policies.user_consent is usual.user_consent else consent,
        usersRegisterApplications=unless_true(policies.users_register_applications),
        securityDefaults=policies.security_defaults or None,
        passwordGrant=policies.password_grant or None,
        lockoutThreshold=None if policies.lockout_threshold == usual.lockout_threshold else policies.lockout_threshold,
        lockoutDuration=None if policies.lockout_duration == usual.lockout_duration else duration,
        bannedPasswords=texts(policies.banned_passwords),
        accessTokenLifetime=written_lifetime(policies.access_token_lifetime),
    )

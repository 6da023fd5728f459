"""Whether a request needs consent, and whose.  Reference sections 26 (`.default`) and 27.3."""

import hashlib
from collections.abc import Iterable

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.user import User
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.consent.may_grant import Rules, may_consent_for_all, may_grant
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.consent.registered import Known, registered_scopes
from entrada.core.protocol.scope import ScopeRequest


@frozen
class Nothing:
    """Everything asked for is held."""


@frozen
class Ask:
    """Show the consent page."""

    permissions: tuple[Permission, ...]
    may_consent_for_all: bool
    missing: tuple[Permission, ...]  # of *permissions*; the others are shown again, and given already


@frozen
class AdminNeeded:
    """The user may not grant these; 90094."""

    permissions: tuple[Permission, ...]


Consent = Nothing | Ask | AdminNeeded


def digest(ask: Ask) -> bytes:
    """Names what a consent page showed, so that nothing else is granted by its button."""
    keys = sorted(" ".join(map(str, one.key)) for one in ask.permissions)
    return hashlib.sha256("|".join([*keys, str(ask.may_consent_for_all)]).encode()).digest()


def decide(
    wanted: Iterable[Permission],
    held: Held,
    user: User,
    rules: Rules,
    *,
    ask_again: bool,
    always: tuple[Permission, ...] = (),
) -> Consent:
    """*ask_again* is prompt=consent: the page is shown although everything is held.

    *always* stands on every page, asked for or not, and is given with it; it is never what a page is shown for.
    """
    permissions = tuple(wanted)
    missing = tuple(one for one in permissions if not held.has(one))
    beyond = tuple(one for one in missing if not may_grant(one, user, rules))
    if beyond:
        return AdminNeeded(beyond)
    if not missing and not (ask_again and permissions):
        return Nothing()
    with_it = (one for one in always if held.has(one) or may_grant(one, user, rules))
    shown = each_once((*(permissions if ask_again else missing), *with_it))
    return Ask(shown, may_consent_for_all(user), tuple(one for one in shown if not held.has(one)))


def wanted(
    request: ScopeRequest, client: Application, graph: Application, known: Known, held: Held, *, ask_again: bool = False
) -> tuple[Permission, ...]:
    """Every permission the request stands for; *known* holds the resources of the registrations for `.default`."""
    oidc = [Permission(graph, scope) for scope in graph.scopes if scope.value in request.oidc]
    named = [Permission(part.resource, scope) for part in request.resources for scope in part.scopes]
    # `.default` asks for nothing as long as anything of that resource is held, else for the whole registration.
    bare = [part.resource for part in request.resources if part.default and (ask_again or not held.of(part.resource))]
    static = registered_scopes(client, bare, known) if bare else []
    return each_once((*oidc, *named, *static))


def each_once(permissions: Iterable[Permission]) -> tuple[Permission, ...]:
    return tuple({one.key: one for one in permissions}.values())

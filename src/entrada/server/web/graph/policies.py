"""`/policies`: what the tenant decides for everybody in it.  Reference sections 27.4, 33 and 38."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.graph.policies_json import (
    authorization_policy_json,
    security_defaults_json,
    settings_json,
    token_lifetime_policy_json,
)
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.policies import (
    change_authorization_policy,
    change_security_defaults,
    change_settings,
    change_token_lifetime_policy,
    create_token_lifetime_policy,
    delete_token_lifetime_policy,
    find_policies,
)
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Handle, Resource
from entrada.server.web.graph.replies import Json, One, Reply
from entrada.server.web.graph.replying import done, sliced
from entrada.server.web.graph.row import changes, deletes, lists, makes, shows

AUTHORIZATION: Final = Resource(set="policies/authorizationPolicy", entity=shapes.AUTHORIZATION_POLICY)
SECURITY_DEFAULTS: Final = Resource(
    set="policies/identitySecurityDefaultsEnforcementPolicy", entity=shapes.SECURITY_DEFAULTS
)
SETTINGS: Final = Resource(set="policies/entradaSettings", entity=shapes.SETTINGS)
LIFETIMES: Final = Resource(set="policies/tokenLifetimePolicies", entity=shapes.TOKEN_LIFETIME_POLICY)
_Write = Callable[[Tenant], Json]
_Change = Callable[[Installation, Actor, Mapping[str, object], int | None], Awaitable[Tenant | Problem]]


def _showing(write: _Write) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await find_policies(call.here, call.actor)
        return found if isinstance(found, Problem) else One(members=write(found), version=found.version)

    return handle


def _changing(change: _Change, write: _Write) -> Handle:
    async def handle(call: Call) -> Reply:
        changed = await change(call.here, call.actor, call.members, call.seen)
        if isinstance(changed, Problem):
            return changed
        return One(members=write(changed), version=changed.version, changed=True)

    return handle


async def _lifetimes(call: Call) -> Reply:
    found = await find_policies(call.here, call.actor)
    if isinstance(found, Problem):
        return found
    policy = token_lifetime_policy_json(found)
    return sliced([] if policy is None else [policy], call, dict)


async def _show_lifetime(call: Call) -> Reply:
    found = await find_policies(call.here, call.actor)
    if isinstance(found, Problem):
        return found
    policy = token_lifetime_policy_json(found)
    if policy is None or policy["id"] != call.id.lower():
        return not_found("token lifetime policy", call.id)
    return One(members=policy, version=found.version)


async def _make_lifetime(call: Call) -> Reply:
    return _lifetime(await create_token_lifetime_policy(call.here, call.actor, call.members), made=True)


async def _change_lifetime(call: Call) -> Reply:
    changed = await change_token_lifetime_policy(call.here, call.actor, call.id, call.members, call.seen)
    return _lifetime(changed, changed=True)


async def _delete_lifetime(call: Call) -> Reply:
    return done(await delete_token_lifetime_policy(call.here, call.actor, call.id, call.seen))


def _lifetime(tenant: Tenant | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(tenant, Problem):
        return tenant
    members = token_lifetime_policy_json(tenant) or {}
    return One(members=members, version=tenant.version, made=made, changed=changed)


def _singleton(resource: Resource, words: str, write: _Write, change: _Change) -> tuple[Endpoint, ...]:
    path = f"/{resource.set}"
    return (
        shows(path, Operation.READ_POLICIES, words, resource, _showing(write)),
        changes(path, Operation.CHANGE_POLICIES, "Changes it.", resource, _changing(change, write)),
    )


# fmt: off
_READ: Final = Operation.READ_POLICIES
_CHANGE: Final = Operation.CHANGE_POLICIES
ROWS: Final[tuple[Endpoint, ...]] = (
    *_singleton(AUTHORIZATION, "Who registers applications, and who consents to them.", authorization_policy_json,
                change_authorization_policy),
    *_singleton(SECURITY_DEFAULTS, "Whether everybody needs a second factor.", security_defaults_json,
                change_security_defaults),
    *_singleton(SETTINGS, "Ours, where Graph has none: lockout, banned words, the password grant, lifetimes.",
                settings_json, change_settings),
    lists("/policies/tokenLifetimePolicies", _READ, "How long access tokens are good, where it is said.",
          LIFETIMES, _lifetimes),
    makes("/policies/tokenLifetimePolicies", _CHANGE, "Says it, for the whole tenant.", LIFETIMES, _make_lifetime),
    shows("/policies/tokenLifetimePolicies/{id}", _READ, "It.", LIFETIMES, _show_lifetime),
    changes("/policies/tokenLifetimePolicies/{id}", _CHANGE, "Changes it.", LIFETIMES, _change_lifetime),
    deletes("/policies/tokenLifetimePolicies/{id}", _CHANGE, "Says it no more: 60 to 90 minutes.", _delete_lifetime),
)
# fmt: on

"""What the tenant decides for everybody in it.  Graph: policies; reference sections 27.4, 33, 35 and 38.

All of them are kept in the tenant, whose version is theirs: whoever changes one on an older version is told of others.
"""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found, taken
from entrada.core.directory.graph import policies_members
from entrada.core.directory.graph.policies_json import token_lifetime_policy_id
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.organization import change_tenant
from entrada.server.usecases.administer.user_lookup import own_tenant
from entrada.server.usecases.installation import Installation

Asked = Mapping[str, object]


async def find_policies(here: Installation, actor: Actor) -> Tenant | Problem:
    """The tenant, which has them."""
    return may(actor, Operation.READ_POLICIES) or await own_tenant(here, actor)


async def change_authorization_policy(
    here: Installation, actor: Actor, members: Asked, seen: int | None = None
) -> Tenant | Problem:
    """Who registers applications, and who consents to them."""
    change = policies_members.changed_authorization_policy
    return await _change(here, actor, did.UPDATE_AUTHORIZATION_POLICY, change, members, seen)


async def change_security_defaults(
    here: Installation, actor: Actor, members: Asked, seen: int | None = None
) -> Tenant | Problem:
    """A second factor for everybody."""
    return await _change(here, actor, did.UPDATE_POLICY, policies_members.changed_security_defaults, members, seen)


async def change_settings(
    here: Installation, actor: Actor, members: Asked, seen: int | None = None
) -> Tenant | Problem:
    """Our own: banned words, lockout, the password grant, how long access tokens are good."""
    return await _change(here, actor, did.UPDATE_POLICY, policies_members.changed_settings, members, seen)


async def create_token_lifetime_policy(here: Installation, actor: Actor, members: Asked) -> Tenant | Problem:
    """There is one at most, for the whole tenant; an application's own stands in the application."""

    def changed(tenant: Tenant) -> Tenant | Problem:
        if tenant.policies.access_token_lifetime is not None:
            return taken("There is a token lifetime policy of this tenant already: change that one.")
        return _with(tenant, policies_members.changed_token_lifetime, members)

    return await change_tenant(here, actor, Operation.CHANGE_POLICIES, did.ADD_POLICY, changed, None)


async def change_token_lifetime_policy(
    here: Installation, actor: Actor, policy_id: str, members: Asked, seen: int | None = None
) -> Tenant | Problem:
    def changed(tenant: Tenant) -> Tenant | Problem:
        missing = _missing(tenant, policy_id)
        return missing or _with(tenant, policies_members.changed_token_lifetime, members)

    return await change_tenant(here, actor, Operation.CHANGE_POLICIES, did.UPDATE_POLICY, changed, seen)


async def delete_token_lifetime_policy(
    here: Installation, actor: Actor, policy_id: str, seen: int | None = None
) -> Tenant | Problem:
    """From then on access tokens are good for 60 to 90 minutes again."""

    def changed(tenant: Tenant) -> Tenant | Problem:
        usual = evolve(tenant.policies, access_token_lifetime=None)
        return _missing(tenant, policy_id) or evolve(tenant, policies=usual)

    return await change_tenant(here, actor, Operation.CHANGE_POLICIES, did.DELETE_POLICY, changed, seen)


async def _change(
    here: Installation,
    actor: Actor,
    activity: Activity,
    change: policies_members.Change,
    members: Asked,
    seen: int | None,
) -> Tenant | Problem:
    def changed(tenant: Tenant) -> Tenant | Problem:
        return _with(tenant, change, members)

    return await change_tenant(here, actor, Operation.CHANGE_POLICIES, activity, changed, seen)


def _with(tenant: Tenant, change: policies_members.Change, members: Asked) -> Tenant | Problem:
    policies = change(tenant.policies, members)
    return policies if isinstance(policies, Problem) else evolve(tenant, policies=policies)


def _missing(tenant: Tenant, policy_id: str) -> Problem | None:
    known = tenant.policies.access_token_lifetime is not None and policy_id.lower() == token_lifetime_policy_id(tenant)
    return None if known else not_found("token lifetime policy", policy_id)

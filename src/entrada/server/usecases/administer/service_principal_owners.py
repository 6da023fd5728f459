"""Who answers for an application as this tenant knows it: list, add, remove.  Graph: servicePrincipals/…/owners."""

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import carry_out
from entrada.server.usecases.administer.owners import added, owners_of, removed
from entrada.server.usecases.administer.service_principals import changeable, find_service_principal
from entrada.server.usecases.installation import Installation


async def list_service_principal_owners(
    here: Installation, actor: Actor, principal_id: str
) -> tuple[User | Installed, ...] | Problem:
    """Users and service principals, in order of id."""
    found = await find_service_principal(here, actor, principal_id)
    return found if isinstance(found, Problem) else await owners_of(here, found.principal)


async def add_service_principal_owner(
    here: Installation, actor: Actor, principal_id: str, owner_id: str, seen: int | None = None
) -> Problem | None:
    async def decide() -> Deed[None] | Problem:
        stored = await changeable(here, actor, Operation.CHANGE_SERVICE_PRINCIPAL, principal_id, seen)
        return stored if isinstance(stored, Problem) else await added(here, stored, owner_id)

    return await carry_out(here, actor, decide)


async def remove_service_principal_owner(
    here: Installation, actor: Actor, principal_id: str, owner_id: str, seen: int | None = None
) -> Problem | None:
    async def decide() -> Deed[None] | Problem:
        stored = await changeable(here, actor, Operation.CHANGE_SERVICE_PRINCIPAL, principal_id, seen)
        return stored if isinstance(stored, Problem) else await removed(here, stored, owner_id)

    return await carry_out(here, actor, decide)

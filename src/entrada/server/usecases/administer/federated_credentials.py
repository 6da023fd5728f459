"""The external tokens that an application trusts: list, create, find, change, delete.  Reference sections 20.3 and 38.

Graph: federatedIdentityCredentials.  One is named by its id or, as PATCH may make it, by its name.
"""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found, taken
from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.directory.federated_credential_rules import MOST, rivals_fault
from entrada.core.directory.graph.application_federated import new_federated, patched_federated
from entrada.server.usecases.administer.application_change import change_credentials
from entrada.server.usecases.administer.application_lookup import allowed
from entrada.server.usecases.installation import Installation

_WHAT = "federated credential"


async def list_federated_credentials(
    here: Installation, actor: Actor, name: str
) -> tuple[FederatedCredential, ...] | Problem:
    """All of them: there are 20 at most."""
    application = await allowed(here, actor, Operation.READ_APPLICATIONS, name)
    return application if isinstance(application, Problem) else application.federated_credentials


async def find_federated_credential(
    here: Installation, actor: Actor, name: str, credential: str
) -> FederatedCredential | Problem:
    application = await allowed(here, actor, Operation.READ_APPLICATIONS, name)
    if isinstance(application, Problem):
        return application
    return _named(application, credential) or not_found(_WHAT, credential)


async def create_federated_credential(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> FederatedCredential | Problem:
    def change(before: Application) -> tuple[Application, FederatedCredential] | Problem:
        return _with(before, None, new_federated(members, here.new_id()))

    return await change_credentials(here, actor, name, seen, change)


async def change_federated_credential(
    here: Installation, actor: Actor, name: str, credential: str, members: Mapping[str, object], seen: int | None = None
) -> FederatedCredential | Problem:
    def change(before: Application) -> tuple[Application, FederatedCredential] | Problem:
        found = _named(before, credential)
        if found is None:
            return not_found(_WHAT, credential)
        return _with(before, found, patched_federated(found, members))

    return await change_credentials(here, actor, name, seen, change)


async def upsert_federated_credential(
    here: Installation, actor: Actor, name: str, credential: str, members: Mapping[str, object], seen: int | None = None
) -> FederatedCredential | Problem:
    """Change the one of that name, or make it."""

    def change(before: Application) -> tuple[Application, FederatedCredential] | Problem:
        found = next((one for one in before.federated_credentials if one.name == credential), None)
        if found is not None:
            return _with(before, found, patched_federated(found, members))
        if members.get("name", credential) != credential:
            return bad(f"The address names the federated credential '{credential}', and name another.", "name")
        return _with(before, None, new_federated({**members, "name": credential}, here.new_id()))

    return await change_credentials(here, actor, name, seen, change)


async def delete_federated_credential(
    here: Installation, actor: Actor, name: str, credential: str, seen: int | None = None
) -> Problem | None:
    def change(before: Application) -> tuple[Application, None] | Problem:
        found = _named(before, credential)
        if found is None:
            return not_found(_WHAT, credential)
        kept = tuple(one for one in before.federated_credentials if one is not found)
        return evolve(before, federated_credentials=kept), None

    return await change_credentials(here, actor, name, seen, change)


def _named(application: Application, credential: str) -> FederatedCredential | None:
    trusted = application.federated_credentials
    return next((one for one in trusted if credential.lower() == one.id or credential == one.name), None)


def _with(
    before: Application, found: FederatedCredential | None, wanted: FederatedCredential | Problem
) -> tuple[Application, FederatedCredential] | Problem:
    if isinstance(wanted, Problem):
        return wanted
    had = before.federated_credentials
    trusted = (*had, wanted) if found is None else tuple(wanted if one is found else one for one in had)
    fault = rivals_fault(trusted)
    if fault is not None:
        return bad(fault) if len(trusted) > MOST else taken(fault, "name" if _same_name(trusted) else "subject")
    return evolve(before, federated_credentials=trusted), wanted


def _same_name(trusted: tuple[FederatedCredential, ...]) -> bool:
    return len({one.name for one in trusted}) < len(trusted)

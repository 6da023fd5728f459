"""What administrators do to applications, as Entra's audit log words it."""

from typing import Final

from attrs import evolve

from entrada.core.directory.administration.change import Activity
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import OperationType as Op

_CATEGORY: Final = "ApplicationManagement"

ADD_APPLICATION: Final = Activity(name="Add application", category=_CATEGORY, operation=Op.ADD)
UPDATE_APPLICATION: Final = Activity(name="Update application", category=_CATEGORY, operation=Op.UPDATE)
UPDATE_CREDENTIALS: Final = Activity(
    name="Update application – Certificates and secrets management",
    category=_CATEGORY,
    operation=Op.UPDATE,
)
DELETE_APPLICATION: Final = Activity(name="Delete application", category=_CATEGORY, operation=Op.DELETE)
RESTORE_APPLICATION: Final = Activity(name="Restore application", category=_CATEGORY, operation=Op.ADD)
PURGE_APPLICATION: Final = Activity(name="Hard Delete application", category=_CATEGORY, operation=Op.DELETE)
RESTORE_SERVICE_PRINCIPAL: Final = Activity(name="Restore service principal", category=_CATEGORY, operation=Op.ADD)
PURGE_SERVICE_PRINCIPAL: Final = Activity(name="Hard Delete service principal", category=_CATEGORY, operation=Op.DELETE)
ADD_OWNER: Final = Activity(name="Add owner to application", category=_CATEGORY, operation=Op.ASSIGN)
REMOVE_OWNER: Final = Activity(name="Remove owner from application", category=_CATEGORY, operation=Op.UNASSIGN)
ADD_OWNER_OF_PRINCIPAL: Final = Activity(name="Add owner to service principal", category=_CATEGORY, operation=Op.ASSIGN)
REMOVE_OWNER_OF_PRINCIPAL: Final = Activity(
    name="Remove owner from service principal", category=_CATEGORY, operation=Op.UNASSIGN
)


def activity_of(before: Application, after: Application) -> Activity:
    """A change of the credentials alone has a name of its own."""
    kept = evolve(
        after,
        client_secrets=before.client_secrets,
        certificates=before.certificates,
        federated_credentials=before.federated_credentials,
    )
    return UPDATE_CREDENTIALS if kept == before != after else UPDATE_APPLICATION

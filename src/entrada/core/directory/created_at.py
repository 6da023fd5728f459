"""Since when an object has been there.  Graph: createdDateTime, which nobody writes but the directory itself."""

from typing import TypeVar

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate

E = TypeVar("E", bound=Entity)


def with_creation(entity: E, before: Entity | None, now: NumericDate) -> E:
    """*entity* with the date of what was there *before*, else of now."""
    match entity:
        case Tenant() | User() | Group() | Application() | ServicePrincipal() | AppRoleAssignment():
            since: NumericDate = getattr(before, "created_at", now)
            return evolve(entity, created_at=since)
        case _:
            return entity

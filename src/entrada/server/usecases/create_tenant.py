"""Make a tenant and its first administrator, who has no password yet and gets a link to choose one."""

from typing import Final

from attrs import frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.microsoft_graph import graph_principal
from entrada.core.directory.names import is_domain, is_principal_name
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited, operator
from entrada.server.usecases.enrol import enrolment_link
from entrada.server.usecases.installation import Installation

_LONGEST_NAME: Final = 256


@frozen(kw_only=True)
class NewTenant:
    display_name: str
    domain: str
    administrator: str  # user principal name
    administrator_name: str


@frozen
class TenantRefused:
    """Nothing was made; why, as a sentence."""

    fault: str


@frozen
class Created:
    tenant: Tenant
    administrator: User
    link: str  # one-time: whoever opens it first chooses the password


async def create_tenant(here: Installation, asked: NewTenant) -> Created | TenantRefused:
    domain = asked.domain.lower()
    fault = _fault(asked, domain)
    if fault is not None:
        return TenantRefused(fault)
    if await here.store.find_tenant_by_domain(domain) is not None:
        return TenantRefused(_TAKEN.format(domain=domain))
    tenant = Tenant(id=TenantId(here.new_id()), display_name=asked.display_name.strip(), domains=(domain,))
    user = User(
        id=UserId(here.new_id()),
        tenant_id=tenant.id,
        user_principal_name=asked.administrator,
        display_name=asked.administrator_name.strip(),
        directory_roles=frozenset({GLOBAL_ADMINISTRATOR}),
    )
    made = (PutEntity(tenant), PutEntity(user), PutEntity(graph_principal(tenant.id)))
    if await here.store.commit(audited(here, operator(here, tenant.id), did.CREATE_TENANT, made)):
        return Created(tenant, user, enrolment_link(here, user))
    if await here.store.find_tenant_by_domain(domain) is not None:  # somebody took it between our look and our commit
        return TenantRefused(_TAKEN.format(domain=domain))
    raise StoreContended


_TAKEN: Final = "The domain {domain} belongs to a tenant already."


def _fault(asked: NewTenant, domain: str) -> str | None:
    if not is_domain(domain):
        return f"{asked.domain!r} is no domain such as example.com."
    for name in (asked.display_name, asked.administrator_name):
        if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
            return f"A name is one line of at most {_LONGEST_NAME} characters, not {name!r}."
    if not is_principal_name(asked.administrator):
        return f"{asked.administrator!r} is no user principal name such as ada@{domain}."
    if asked.administrator.partition("@")[2].lower() != domain:
        return f"The administrator's name must end in @{domain}: {asked.administrator} does not."
    return None

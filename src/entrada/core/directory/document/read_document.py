"""A whole directory file: its tenants, or everything that is wrong with it."""

from functools import partial

from entrada.core.directory.document.branding import read_branding
from entrada.core.directory.document.entries import Document, TenantEntry
from entrada.core.directory.document.fault import Fault, FaultFound
from entrada.core.directory.document.fields import Fields, each, objects
from entrada.core.directory.document.policies import read_policies, with_stated
from entrada.core.directory.document.read_access import read_assignment, read_grant, read_principal
from entrada.core.directory.document.read_application import read_application
from entrada.core.directory.document.read_people import read_group, read_message, read_user
from entrada.core.directory.document.scalars import boolean, country, domain, guid, language, text
from entrada.core.directory.document.tree import Node
from entrada.core.directory.ids import TenantId
from entrada.core.directory.microsoft_graph import SERVICE_TENANT
from entrada.core.directory.tenant import Branding, Tenant


def read_document(root: Node) -> Document | tuple[Fault, ...]:
    """The document, or every fault found, in the order of the file: one for each object that cannot be read."""
    faults = list[Fault]()
    tenants: tuple[TenantEntry, ...] = ()
    try:
        fields = Fields(root, "The file")
        tenants = fields.required("tenants", objects(partial(_read_tenant, faults), faults))
        fields.finish()
    except FaultFound as found:
        faults.extend(found.faults)
    return tuple(sorted(faults)) or Document(tenants)


def _read_tenant(faults: list[Fault], node: Node) -> TenantEntry:
    fields = Fields(node, "A tenant")
    stated = fields.optional("policies", read_policies) or {}
    tenant = Tenant(
        id=fields.required("id", _tenant_id),
        display_name=fields.required("displayName", text),
        domains=fields.required("domains", each(domain)),
        enabled=fields.given("enabled", boolean, default=True),
        policies=with_stated(stated, None),
        country=fields.optional("countryLetterCode", country),
        preferred_language=fields.optional("preferredLanguage", language),
        branding=fields.given("branding", read_branding, Branding()),
    )
    if not tenant.domains:
        raise FaultFound(fields.at, "A tenant needs a domain.")
    entry = TenantEntry(
        at=fields.at,
        tenant=tenant,
        policies=stated,
        users=fields.given("users", objects(partial(read_user, tenant), faults), ()),
        groups=fields.given("groups", objects(partial(read_group, tenant), faults), ()),
        applications=fields.given("applications", objects(partial(read_application, tenant), faults), ()),
        principals=fields.given("servicePrincipals", objects(read_principal, faults), ()),
        grants=fields.given("oauth2PermissionGrants", objects(read_grant, faults), ()),
        assignments=fields.given("appRoleAssignments", objects(read_assignment, faults), ()),
        messages=fields.given("messages", objects(read_message, faults), ()),
    )
    fields.finish()
    return entry


def _tenant_id(node: Node) -> TenantId:
    said = TenantId(guid(node))
    if said == SERVICE_TENANT or set(said) <= {"0", "-"}:
        raise FaultFound(node.at, f"{said} belongs to the platform; no tenant may take it.")
    return said

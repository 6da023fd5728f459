"""Service principals of the file and what was granted to them.

Graph: servicePrincipal, oauth2PermissionGrant, appRoleAssignment.  Applications are named by `appId`, never by the id
of their service principal, which differs from tenant to tenant.
"""

from entrada.core.directory.document.entries import AssignmentEntry, GrantEntry, PrincipalEntry
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.scalars import boolean, guid, paragraphs, reference, text, token_lifetime
from entrada.core.directory.document.tree import Node
from entrada.core.directory.ids import ServicePrincipalId


def read_principal(node: Node) -> PrincipalEntry:
    fields = Fields(node, "A service principal")
    given_id = fields.optional("id", guid)
    entry = PrincipalEntry(
        at=fields.at,
        app=fields.required("appId", reference),
        id=ServicePrincipalId(given_id) if given_id else None,
        account_enabled=fields.given("accountEnabled", boolean, default=True),
        app_role_assignment_required=fields.given("appRoleAssignmentRequired", boolean, default=False),
        low_impact_scopes=fields.every("lowImpactScopes", reference),
        owners=fields.every("owners", reference),
        notes=fields.optional("notes", paragraphs),
        tags=fields.every("tags", text),
        access_token_lifetime=fields.optional("accessTokenLifetime", token_lifetime),
    )
    fields.finish()
    return entry


def read_grant(node: Node) -> GrantEntry:
    """`consentType` must be said, so that a forgotten principal never grants to everybody."""
    fields = Fields(node, "A permission grant")
    consent_type = fields.required("consentType", _consent_type)
    entry = GrantEntry(
        at=fields.at,
        client=fields.required("clientAppId", reference),
        resource=fields.required("resourceAppId", reference),
        principal=fields.optional("principal", reference),
        scopes=fields.required("scopes", each(reference)),
    )
    fields.finish()
    if (consent_type == "Principal") != (entry.principal is not None):
        raise FaultFound(entry.at, "A grant of consentType Principal names its principal; AllPrincipals names none.")
    return entry


def _consent_type(node: Node) -> str:
    said = text(node)
    if said not in {"Principal", "AllPrincipals"}:
        raise FaultFound(node.at, f"A consent type is Principal or AllPrincipals, not {said!r}.")
    return said


def read_assignment(node: Node) -> AssignmentEntry:
    fields = Fields(node, "An app role assignment")
    entry = AssignmentEntry(
        at=fields.at,
        user=fields.optional("user", reference),
        group=fields.optional("group", reference),
        client=fields.optional("clientAppId", reference),
        resource=fields.required("resourceAppId", reference),
        role=fields.required("appRole", reference),
    )
    fields.finish()
    if sum(principal is not None for principal in (entry.user, entry.group, entry.client)) != 1:
        raise FaultFound(entry.at, "An app role is assigned to one of user, group and clientAppId.")
    return entry

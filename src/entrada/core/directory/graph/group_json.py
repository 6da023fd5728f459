"""A group as Graph writes it.  Reference section 38."""

from uuid import UUID

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.group import Group


def group_json(group: Group) -> dict[str, object]:
    return {
        "id": group.id,
        "deletedDateTime": None,
        "classification": None,
        "createdDateTime": written_moment(group.created_at) if group.created_at else None,
        "creationOptions": [],
        "description": group.description,
        "displayName": group.display_name,
        "expirationDateTime": None,
        "groupTypes": [],
        "isAssignableToRole": None,
        "mail": None,
        "mailEnabled": not group.security_enabled,
        "mailNickname": group.mail_nickname,
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesSecurityIdentifier": None,
        "onPremisesSyncEnabled": None,
        "proxyAddresses": [],
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": group.security_enabled,
        "securityIdentifier": security_identifier(group.id),
        "visibility": None,
    }


def security_identifier(group_id: str) -> str:
    """The GUID as Windows writes whom it knows from the cloud: four numbers below the authority 12."""
    data = UUID(group_id).bytes_le
    return "S-1-12-1-" + "-".join(str(int.from_bytes(data[at : at + 4], "little")) for at in range(0, 16, 4))

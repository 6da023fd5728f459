"""A row of the audit log as Graph v1.0 writes it (auditLogs/directoryAudits).  Reference section 38."""

from entrada.core.directory.directory_audit import AuditTarget, DirectoryAudit, Initiator
from entrada.core.directory.graph.json_members import written_moment


def directory_audit_json(audit: DirectoryAudit) -> dict[str, object]:
    return {
        "id": audit.id,
        "category": audit.category,
        "correlationId": audit.correlation_id,
        "result": "success",  # what fails is not written
        "resultReason": "",
        "activityDisplayName": audit.activity,
        "activityDateTime": written_moment(audit.at),
        "loggedByService": "Core Directory",
        "operationType": audit.operation.value,
        "initiatedBy": _initiator(audit.initiated_by),
        "targetResources": [_target(one) for one in audit.targets],
        "additionalDetails": [{"key": "via", "value": audit.initiated_by.via}],
    }


def _initiator(by: Initiator) -> dict[str, object]:
    """A user through an application is the user, as at Entra; whoever sits at the machine has a name at most."""
    if by.user_id is not None:
        user = {
            "id": by.user_id,
            "displayName": None,
            "userPrincipalName": by.user_principal_name,
            "ipAddress": by.address,
            "userType": None,
            "homeTenantId": None,
            "homeTenantName": None,
        }
        return {"user": user, "app": None}
    app = {
        "appId": by.app_id,
        "displayName": by.app_display_name,
        "servicePrincipalId": None,
        "servicePrincipalName": None,
    }
    return {"user": None, "app": app}


def _target(target: AuditTarget) -> dict[str, object]:
    return {
        "id": target.id,
        "displayName": target.display_name,
        "type": target.type,
        "userPrincipalName": target.user_principal_name,
        "groupType": None,
        "modifiedProperties": [
            {"displayName": one.display_name, "oldValue": one.old_value, "newValue": one.new_value}
            for one in target.modified
        ],
    }

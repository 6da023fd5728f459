"""A directory role as Graph writes it.  Reference section 38."""

from entrada.core.directory.directory_role import ROLE_NAMES


def directory_role_json(template_id: str) -> dict[str, object]:
    """One object everywhere: a tenant has no roles of its own here, so the id is the template's."""
    return {
        "id": template_id,
        "deletedDateTime": None,
        "description": None,
        "displayName": ROLE_NAMES.get(template_id, template_id),
        "roleTemplateId": template_id,
    }

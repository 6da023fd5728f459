"""The directory roles a user may hold, by name and role template id: the `wids` of a token.  Graph: directoryRole."""

from typing import Final

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
USER_ADMINISTRATOR: Final = "fe930be7-5e62-47db-91af-98c3a49a38b1"
ORDINARY_MEMBER: Final = "b79fbf4d-3ef9-4689-8143-76b194e85509"

APPLICATION_ADMINISTRATOR: Final = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
CLOUD_APPLICATION_ADMINISTRATOR: Final = "158c047a-c907-4556-b7ef-446551a6b5f7"
APPLICATION_DEVELOPER: Final = "cf1c38e5-3621-4004-a7cb-879624dced7c"
GLOBAL_READER: Final = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
DIRECTORY_READERS: Final = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
GROUPS_ADMINISTRATOR: Final = "fdd7a751-b60b-444a-984c-02652fe8fa1c"
PASSWORD_ADMINISTRATOR: Final = "966707d0-3269-4727-9be2-8c3a10f19b9d"
AUTHENTICATION_ADMINISTRATOR: Final = "c4e39bd9-1100-46d3-8c65-fb160da0071f"
PRIVILEGED_ROLE_ADMINISTRATOR: Final = "e8611ab8-c189-46e8-94e1-60213ab1f814"
SECURITY_READER: Final = "5d6b6bb7-de71-4623-b4af-96380a352509"
REPORTS_READER: Final = "4a5d8f65-41da-4de4-8968-e035b65339cf"

ROLE_NAMES: Final = {
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    APPLICATION_ADMINISTRATOR: "Application Administrator",
    CLOUD_APPLICATION_ADMINISTRATOR: "Cloud Application Administrator",
    APPLICATION_DEVELOPER: "Application Developer",
    GLOBAL_READER: "Global Reader",
    DIRECTORY_READERS: "Directory Readers",
    GROUPS_ADMINISTRATOR: "Groups Administrator",
    PASSWORD_ADMINISTRATOR: "Password Administrator",
    AUTHENTICATION_ADMINISTRATOR: "Authentication Administrator",
    PRIVILEGED_ROLE_ADMINISTRATOR: "Privileged Role Administrator",
    SECURITY_READER: "Security Reader",
    REPORTS_READER: "Reports Reader",
    USER_ADMINISTRATOR: "User Administrator",
}

TEMPLATE_IDS: Final = {name: template_id for template_id, name in ROLE_NAMES.items()}

CONSENTING: Final = frozenset(
    {
        GLOBAL_ADMINISTRATOR,
        PRIVILEGED_ROLE_ADMINISTRATOR,
        APPLICATION_ADMINISTRATOR,
        CLOUD_APPLICATION_ADMINISTRATOR,
    }
)
"""Who may consent for the organization.  Reference section 27.4."""

GRAPH_ROLE_CONSENTING: Final = frozenset({GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR})
"""Who may give an application app roles of Microsoft Graph: with them it could make its own administrators."""

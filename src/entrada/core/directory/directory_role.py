"""The directory roles a user may hold, by name and role template id: the `wids` of a token.  Graph: directoryRole."""

from typing import Final

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
USER_ADMINISTRATOR: Final = "fe930be7-5e62-47db-91af-98c3a49a38b1"
ORDINARY_MEMBER: Final = "b79fbf4d-3ef9-4689-8143-76b194e85509"

ROLE_NAMES: Final = {
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
    "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
    "5d6b6bb7-de71-4623-b4af-96380a352509": "Security Reader",
    USER_ADMINISTRATOR: "User Administrator",
}

TEMPLATE_IDS: Final = {name: template_id for template_id, name in ROLE_NAMES.items()}

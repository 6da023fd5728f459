"""Whose accounts a path segment lets in, and which applications may be used there.  Reference section 1.2."""

from enum import StrEnum

from attrs import frozen

from entrada.core.directory.tenant import Tenant


class Global(StrEnum):
    """Path segments that stand for every tenant.  `consumers` is no tenant of ours, so it is unknown."""

    COMMON = "common"
    ORGANIZATIONS = "organizations"


@frozen
class Authority:
    """The tenant segment of a request, looked up: one tenant, or every tenant when None."""

    segment: str  # as it stands in the URLs of documents: the GUID, `common` or `organizations`
    tenant: Tenant | None

    @property
    def name(self) -> str:
        return self.tenant.id if self.tenant else self.segment

"""A tenant: one organization's directory.  Graph: organization."""

from attrs import field, frozen

from entrada.core.directory.ids import TenantId
from entrada.core.directory.policies import Policies


@frozen(kw_only=True)
class Tenant:
    id: TenantId
    display_name: str
    domains: tuple[str, ...]  # lower case, verified; the first is the default
    enabled: bool = True
    policies: Policies = field(factory=Policies)
    country: str | None = None  # two letters: `tenant_ctry`
    preferred_language: str | None = None  # `xms_tpl`
    version: int = field(default=0, eq=False)  # what the store last gave it; 0: not stored yet

    @property
    def default_domain(self) -> str:
        return self.domains[0]

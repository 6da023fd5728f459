"""A tenant: one organization's directory.  Graph: organization."""

from attrs import field, frozen

from entrada.core.directory.ids import TenantId
from entrada.core.directory.policies import Policies
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class Branding:
    """What a tenant's sign-in pages look like.  Graph: organizationalBranding."""

    accent: str | None = None  # #rrggbb; the pages choose a legible text colour for it
    logo: bytes | None = field(default=None, repr=False)  # PNG, JPEG or WebP
    sign_in_text: str | None = None


@frozen(kw_only=True)
class Tenant:
    id: TenantId
    display_name: str
    domains: tuple[str, ...]  # lower case, verified; the first is the default
    enabled: bool = True
    policies: Policies = field(factory=Policies)
    country: str | None = None  # two letters: `tenant_ctry`
    preferred_language: str | None = None  # `xms_tpl`
    branding: Branding = field(factory=Branding)
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)  # what the store last gave it; 0: not stored yet

    @property
    def default_domain(self) -> str:
        return self.domains[0]

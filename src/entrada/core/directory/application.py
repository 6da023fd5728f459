"""An app registration.  Graph: application."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Final

from attrs import field, frozen

from entrada.core.directory.client_credential import ClientCertificate, FederatedCredential
from entrada.core.directory.ids import ApplicationId, ClientId, PermissionId, TenantId
from entrada.core.directory.optional_claims import OptionalClaims
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from entrada.core.jose.numeric_date import NumericDate, Seconds


class SignInAudience(StrEnum):
    MY_ORG = "AzureADMyOrg"
    MULTIPLE_ORGS = "AzureADMultipleOrgs"
    ORGS_AND_PERSONAL = "AzureADandPersonalMicrosoftAccount"
    PERSONAL = "PersonalMicrosoftAccount"


MULTI_TENANT_AUDIENCES: Final = (SignInAudience.MULTIPLE_ORGS, SignInAudience.ORGS_AND_PERSONAL)


class Platform(StrEnum):
    """Under which platform a redirect URI is registered: it decides the client rules (reference section 15.2)."""

    WEB = "web"
    SPA = "spa"
    PUBLIC_CLIENT = "publicClient"


@frozen
class RedirectUri:
    uri: str
    platform: Platform


@frozen(kw_only=True)
class ClientSecret:
    """Graph: passwordCredential.  Machine-made secrets hold 160 bits or more, so a plain digest is enough."""

    key_id: str
    display_name: str
    digest: str = field(repr=False)  # hex SHA-256 of the secret's UTF-8
    hint: str
    not_before: NumericDate
    expires_at: NumericDate
    seed: bool = False


@frozen(kw_only=True)
class PreAuthorizedApplication:
    app_id: ClientId
    permission_ids: frozenset[PermissionId]


@frozen(kw_only=True)
class Application:
    id: ApplicationId
    app_id: ClientId
    tenant_id: TenantId
    display_name: str
    sign_in_audience: SignInAudience = SignInAudience.MY_ORG
    redirect_uris: tuple[RedirectUri, ...] = ()
    logout_url: str | None = None
    identifier_uris: tuple[str, ...] = ()
    requested_access_token_version: int | None = None
    scopes: tuple[PermissionScope, ...] = ()
    app_roles: tuple[AppRole, ...] = ()
    pre_authorized: tuple[PreAuthorizedApplication, ...] = ()
    required_resource_access: tuple[RequiredResourceAccess, ...] = ()
    client_secrets: tuple[ClientSecret, ...] = ()
    certificates: tuple[ClientCertificate, ...] = ()
    federated_credentials: tuple[FederatedCredential, ...] = ()
    known_client_applications: frozenset[ClientId] = frozenset()  # whose consent covers this API's own permissions too
    enable_id_token_issuance: bool = False  # from the authorization endpoint: hybrid and implicit
    optional_claims: OptionalClaims = field(factory=OptionalClaims)
    group_membership_claims: frozenset[str] = frozenset()  # SecurityGroup, DirectoryRole, ApplicationGroup, All
    access_token_lifetime: Seconds | None = None  # as an API's policy
    is_fallback_public_client: bool = False
    publisher_domain: str | None = None
    verified_publisher: str | None = None
    terms_url: str | None = None
    privacy_url: str | None = None
    enabled: bool = True
    description: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    home_page_url: str | None = None
    support_url: str | None = None
    marketing_url: str | None = None
    service_management_reference: str | None = None
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)

    @cached_property
    def offered(self) -> Mapping[str, PermissionScope]:
        """The enabled scopes by their value in lower case: case is not distinguished in the asking."""
        return {scope.value.lower(): scope for scope in self.scopes if scope.is_enabled}

    @cached_property
    def offered_values(self) -> frozenset[str]:
        """The enabled scopes in their registered spelling."""
        return frozenset(scope.value for scope in self.offered.values())

    @property
    def is_multi_tenant(self) -> bool:
        return self.sign_in_audience in MULTI_TENANT_AUDIENCES

    def may_be_used_in(self, tenant_id: TenantId) -> bool:
        """As a client or as an API.  An application for personal accounts only may be used nowhere: we have none."""
        at_home = self.tenant_id == tenant_id and self.sign_in_audience is SignInAudience.MY_ORG
        return at_home or self.is_multi_tenant

"""A tenant, its domains and its looks as Graph writes them.  Graph: organization, domain, organizationalBranding."""

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.tenant import Tenant


def organization_json(tenant: Tenant) -> dict[str, object]:
    return {
        "id": tenant.id,
        "deletedDateTime": None,
        "assignedPlans": [],
        "businessPhones": [],
        "city": None,
        "country": None,
        "countryLetterCode": tenant.country,
        "createdDateTime": written_moment(tenant.created_at) if tenant.created_at else None,
        "defaultUsageLocation": None,
        "displayName": tenant.display_name,
        "marketingNotificationEmails": [],
        "onPremisesSyncEnabled": None,
        "postalCode": None,
        "preferredLanguage": tenant.preferred_language,
        "privacyProfile": None,
        "provisionedPlans": [],
        "securityComplianceNotificationMails": [],
        "securityComplianceNotificationPhones": [],
        "state": None,
        "street": None,
        "technicalNotificationMails": [],
        "tenantType": "AAD",
        "verifiedDomains": [_verified(tenant, name) for name in tenant.domains],
    }


def _verified(tenant: Tenant, name: str) -> dict[str, object]:
    is_default = name == tenant.default_domain
    return {"capabilities": "", "isDefault": is_default, "isInitial": False, "name": name, "type": "Managed"}


def domain_json(tenant: Tenant, name: str) -> dict[str, object]:
    return {
        "id": name,
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isDefault": name == tenant.default_domain,
        "isInitial": False,
        "isRoot": True,
        "isVerified": True,
        "manufacturer": None,
        "model": None,
        "passwordNotificationWindowInDays": None,
        "passwordValidityPeriodInDays": None,
        "state": None,
        "supportedServices": [],
    }


def branding_json(tenant: Tenant) -> dict[str, object]:
    """The logo is fetched and put by itself; here is whether there is one."""
    branding = tenant.branding
    return {
        "id": "0",  # Graph's name of the looks for every language
        "backgroundColor": branding.accent,
        "signInPageText": branding.sign_in_text,
        "usernameHintText": None,
        "bannerLogoRelativeUrl": "bannerLogo" if branding.logo else None,
    }

"""Read what a request writes into a tenant: its names, its looks, its domains.  Reference section 38."""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.branding_rules import MAX_TEXT, accent_fault
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    boolean,
    judge,
    line,
    paragraphs,
    reading,
    said,
    text,
)
from entrada.core.directory.graph.place_and_language import country, language
from entrada.core.directory.names import is_domain
from entrada.core.directory.tenant import Tenant

_ABSENT: Final = (
    "businessPhones",
    "city",
    "country",
    "defaultUsageLocation",
    "marketingNotificationEmails",
    "onPremisesSyncEnabled",
    "postalCode",
    "privacyProfile",
    "securityComplianceNotificationMails",
    "securityComplianceNotificationPhones",
    "state",
    "street",
    "technicalNotificationMails",
)


def changed_organization(tenant: Tenant, members: Mapping[str, object]) -> Tenant | Problem:
    def read() -> Tenant:
        asked = Members(members, "organization")
        changed = evolve(
            tenant,
            display_name=asked.given("displayName", line(256), tenant.display_name),
            country=asked.nullable("countryLetterCode", country, tenant.country),
            preferred_language=asked.nullable("preferredLanguage", language, tenant.preferred_language),
        )
        asked.ignore("id", "createdDateTime", "deletedDateTime", "tenantType", "assignedPlans", "provisionedPlans")
        asked.ignore("verifiedDomains", "@odata.type")
        for name in _ABSENT:
            asked.only(name, [], why=f"{name} is not kept here: leave it out.")
        asked.finish()
        return changed

    return reading(read)


def changed_branding(tenant: Tenant, members: Mapping[str, object]) -> Tenant | Problem:
    """Null takes a thing off again.  The logo comes as an image, by itself."""

    def read() -> Tenant:
        asked, branding = Members(members, "branding"), tenant.branding
        changed = evolve(
            branding,
            accent=asked.nullable("backgroundColor", _accent, branding.accent) or None,
            sign_in_text=asked.nullable("signInPageText", _sign_in_text, branding.sign_in_text) or None,
        )
        asked.ignore("id", "bannerLogoRelativeUrl", "@odata.type")
        asked.only("usernameHintText", why="usernameHintText is not kept here: leave it out.")
        asked.finish()
        return evolve(tenant, branding=changed)

    return reading(read)


def new_domain(members: Mapping[str, object]) -> str | Problem:
    """Its name, in lower case."""

    def read() -> str:
        asked = Members(members, "domain")
        name = asked.required("id", _domain)
        asked.finish()
        return name

    return reading(read)


def changed_domain(tenant: Tenant, name: str, members: Mapping[str, object]) -> Tenant | Problem:
    """Only one may be the default: it becomes it by saying so."""

    def read() -> Tenant:
        asked = Members(members, "domain")
        is_default = asked.given("isDefault", boolean, name == tenant.default_domain)
        asked.ignore("id", "isVerified", "isAdminManaged", "isRoot", "isInitial", "authenticationType", "@odata.type")
        asked.finish()
        if not is_default and name == tenant.default_domain:
            raise MemberFault("isDefault: make another domain the default one; then this is none.", "isDefault")
        rest = tuple(one for one in tenant.domains if one != name)
        return evolve(tenant, domains=(name, *rest)) if is_default else tenant

    return reading(read)


def _accent(value: object, path: str) -> str:
    accent = text(value, path).lower()
    if accent:
        judge(accent_fault(accent), path)
    return accent


def _sign_in_text(value: object, path: str) -> str:
    """Forms end lines their own way."""
    return paragraphs(MAX_TEXT)(value, path).replace("\r\n", "\n")


def _domain(value: object, path: str) -> str:
    name = text(value, path).lower()
    if not is_domain(name):
        raise MemberFault(f"{path} is a domain such as colors.example, not {said(name)}.", path)
    return name

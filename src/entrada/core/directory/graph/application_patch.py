"""Write Graph's members into an application: PATCH, and POST on the defaults.  Reference section 37.

What is missing stays.  Of `web`, `api`, `spa`, `publicClient` and `info` the named members are replaced, and lists as a
whole.  What cannot be honoured here is refused as soon as it says anything but its default; read-only members may be
sent back as they are, and no otherwise, where Graph would drop some of them without a word.
"""

import re
from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory import application_rules, redirect_uri_rules
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import (
    Application,
    Platform,
    PreAuthorizedApplication,
    RedirectUri,
    SignInAudience,
)
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.graph.application_not_here import refuse_not_here
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    boolean,
    each,
    guid,
    integer,
    judge,
    line,
    objects,
    one_of,
    paragraphs,
    reading,
    said,
    text,
    without_doubles,
)
from entrada.core.directory.graph.key_credential import keys_reader
from entrada.core.directory.graph.password_credential import passwords_reader
from entrada.core.directory.graph.permission import NewId, required_access, roles_reader, scopes_reader
from entrada.core.directory.ids import ClientId, PermissionId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.tenant import Tenant

LONGEST_NAME: Final = 120
_GROUPS: Final = ("All", "ApplicationGroup", "DirectoryRole", "SecurityGroup")
READ_ONLY: Final = (
    "id",
    "appId",
    "createdDateTime",
    "deletedDateTime",
    "publisherDomain",
    "verifiedPublisher",
    "disabledByMicrosoftStatus",
    "applicationTemplateId",
)


def patched(
    application: Application, members: Mapping[str, object], tenant: Tenant, *, new_id: NewId
) -> Application | Problem:
    """*application* with *members* written into it, all of its rules kept."""
    changed = reading(lambda: _patched(application, Members(members, "application"), new_id))
    if isinstance(changed, Problem):
        return changed
    fault = application_rules.newly_broken(application, changed, tenant)
    return changed if fault is None else bad(fault.message, fault.target or None)


def _patched(app: Application, members: Members, new_id: NewId) -> Application:
    _refuse_what_is_fixed(app, members)
    changed = evolve(
        app,
        display_name=members.given("displayName", line(LONGEST_NAME), app.display_name),
        description=members.nullable("description", paragraphs(1024), app.description) or None,
        notes=members.nullable("notes", paragraphs(1024), app.notes) or None,
        tags=members.given("tags", each(line(256)), app.tags),
        service_management_reference=members.nullable(
            "serviceManagementReference", line(256), app.service_management_reference
        ),
        sign_in_audience=members.given("signInAudience", one_of(SignInAudience), app.sign_in_audience),
        identifier_uris=members.given("identifierUris", each(text), app.identifier_uris),
        is_fallback_public_client=members.emptied(
            "isFallbackPublicClient", boolean, app.is_fallback_public_client, empty=False
        ),
        app_roles=members.given("appRoles", roles_reader(app.app_roles, new_id), app.app_roles),
        required_resource_access=members.given("requiredResourceAccess", required_access, app.required_resource_access),
        certificates=members.given("keyCredentials", keys_reader(app.certificates, new_id), app.certificates),
        client_secrets=members.given("passwordCredentials", passwords_reader(app.client_secrets), app.client_secrets),
        optional_claims=members.emptied("optionalClaims", _optional_claims, app.optional_claims, OptionalClaims()),
        group_membership_claims=members.emptied(
            "groupMembershipClaims", _group_claims, app.group_membership_claims, frozenset()
        ),
    )
    without_doubles([one.key_id for one in changed.certificates], "keyId", "keyCredentials")
    changed = _with_platforms(_with_api(_with_info(changed, members.within("info")), members, new_id), members)
    members.finish()
    return changed


def _refuse_what_is_fixed(app: Application, members: Members) -> None:
    now = application_json(app)
    for name in READ_ONLY:
        members.only(name, now[name], why=f"{name} is read-only: leave it out, or send it back as it is.")
    refuse_not_here(members)


def _with_info(app: Application, info: Members) -> Application:
    changed = evolve(
        app,
        terms_url=info.nullable("termsOfServiceUrl", _page, app.terms_url),
        privacy_url=info.nullable("privacyStatementUrl", _page, app.privacy_url),
        support_url=info.nullable("supportUrl", _page, app.support_url),
        marketing_url=info.nullable("marketingUrl", _page, app.marketing_url),
    )
    refuse_not_here(info)
    info.finish()
    return changed


def _with_api(app: Application, members: Members, new_id: NewId) -> Application:
    api = members.within("api")
    known = tuple[str, ...](app.known_client_applications)
    changed = evolve(
        app,
        requested_access_token_version=api.nullable(
            "requestedAccessTokenVersion", integer(1, 2), app.requested_access_token_version
        ),
        scopes=api.given("oauth2PermissionScopes", scopes_reader(app.scopes, new_id), app.scopes),
        pre_authorized=api.given("preAuthorizedApplications", _PRE_AUTHORIZED, app.pre_authorized),
        known_client_applications=frozenset(
            map(ClientId, api.given("knownClientApplications", each(guid), known)),
        ),
    )
    refuse_not_here(api)
    api.finish()
    return changed


def _pre_authorized(members: Members) -> PreAuthorizedApplication:
    return PreAuthorizedApplication(
        app_id=ClientId(members.required("appId", guid)),
        permission_ids=frozenset(map(PermissionId, members.required("delegatedPermissionIds", each(guid)))),
    )


_PRE_AUTHORIZED: Final = objects(_pre_authorized, "pre-authorized application")


def _with_platforms(app: Application, members: Members) -> Application:
    web = members.within("web")
    issuance = web.within("implicitGrantSettings")
    changed = evolve(
        app,
        logout_url=web.nullable("logoutUrl", _logout_url, app.logout_url),
        home_page_url=web.nullable("homePageUrl", _page, app.home_page_url),
        enable_id_token_issuance=issuance.given("enableIdTokenIssuance", boolean, app.enable_id_token_issuance),
    )
    refuse_not_here(issuance)
    issuance.finish()
    refuse_not_here(web)
    platforms = {
        Platform.WEB: web,
        Platform.SPA: members.within("spa"),
        Platform.PUBLIC_CLIENT: members.within("publicClient"),
    }
    for platform, within in platforms.items():
        changed = _with_redirect_uris(changed, platform, within)
    return changed


def _with_redirect_uris(app: Application, platform: Platform, within: Members) -> Application:
    given = within.has("redirectUris")
    uris = within.given("redirectUris", each(text), tuple[str, ...]())
    within.finish()
    if not given:
        return app
    path = within.path_of("redirectUris")
    for uri in uris:
        judge(redirect_uri_rules.fault(uri, platform), path)
    of = {one: tuple(uri for uri in app.redirect_uris if uri.platform is one) for one in Platform}
    of[platform] = tuple(RedirectUri(uri, platform) for uri in uris)
    return evolve(app, redirect_uris=tuple(uri for one in Platform for uri in of[one]))


def _logout_url(value: object, path: str) -> str:
    url = text(value, path)
    judge(redirect_uri_rules.logout_url_fault(url), path)
    return url


def _page(value: object, path: str) -> str:
    """It becomes a link, on the consent page and elsewhere."""
    url = line(2048)(value, path)
    if not re.match(r"https?://[^\s/?#]", url) or re.search(r"[\s<>\"\\^`{|}]", url):
        raise MemberFault(f"{path} is the https address of a page, not {said(url)}.", path)
    return url


def _optional_claims(value: object, path: str) -> OptionalClaims:
    members = Members(value, "application", path)
    found = OptionalClaims(id_token=_claims(members, "idToken"), access_token=_claims(members, "accessToken"))
    refuse_not_here(members)
    members.finish()
    return found


def _claims(members: Members, token: str) -> tuple[OptionalClaim, ...]:
    none = tuple[OptionalClaim, ...]()
    claims = members.emptied(token, objects(_claim, "optional claim"), none, none)
    without_doubles([one.name for one in claims], "claim", members.path_of(token), ignoring_case=False)
    return claims


def _claim(members: Members) -> OptionalClaim:
    members.only("source", why="There are no directory extensions here: leave source out.")
    return OptionalClaim(
        name=members.required("name", _claim_name),
        essential=members.emptied("essential", boolean, stored=False, empty=False),
        additional_properties=members.nullable("additionalProperties", each(line(256)), None) or (),
    )


def _claim_name(value: object, path: str) -> str:
    name = text(value, path)
    if not re.fullmatch(r"[!-~]{1,120}", name):
        raise MemberFault(f"{path} is a claim's name: letters, digits and punctuation, not {said(name)}.", path)
    return name


def _group_claims(value: object, path: str) -> frozenset[str]:
    """One word or several with commas between them; None for none."""
    words = [word.strip() for word in text(value, path).split(",")]
    if words in (["None"], [""]):
        return frozenset()
    for word in words:
        if word not in _GROUPS:
            raise MemberFault(f"{said(word)} is no kind of group: None, or some of {', '.join(_GROUPS)}.", path)
    return frozenset(words)

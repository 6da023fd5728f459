"""An application registration of the file.  Graph: application; reference section 37."""

from collections.abc import Callable
from functools import partial

from attrs import evolve

from entrada.core.directory import identifier_uri_rules
from entrada.core.directory.application import (
    MULTI_TENANT_AUDIENCES,
    Application,
    Platform,
    RedirectUri,
    SignInAudience,
)
from entrada.core.directory.derived_id import application_id
from entrada.core.directory.document.certificate import read_certificate
from entrada.core.directory.document.claims import read_group_membership_claims, read_optional_claims
from entrada.core.directory.document.credential import read_secret
from entrada.core.directory.document.entries import ApplicationEntry, PreAuthorizedEntry, RequiredEntry
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.federated import read_federated
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.read_permission import read_role, read_scope, refuse_doubles
from entrada.core.directory.document.scalars import (
    boolean,
    client_id,
    domain,
    guid,
    one_of,
    paragraphs,
    reference,
    text,
    token_lifetime,
    token_version,
)
from entrada.core.directory.document.tree import Node
from entrada.core.directory.ids import ApplicationId, ClientId
from entrada.core.directory.optional_claims import OptionalClaims
from entrada.core.directory.redirect_uri_rules import fault, logout_url_fault
from entrada.core.directory.tenant import Tenant

MAX_REDIRECT_URIS = 256


def read_application(tenant: Tenant, node: Node) -> ApplicationEntry:
    fields = Fields(node, "An application")
    given_id, app_id = fields.optional("id", guid), fields.required("appId", client_id)
    audience = fields.given("signInAudience", one_of(SignInAudience), SignInAudience.MY_ORG)
    plain = Application(
        id=ApplicationId(given_id) if given_id else application_id(app_id),
        app_id=app_id,
        tenant_id=tenant.id,
        display_name=fields.required("displayName", text),
        sign_in_audience=audience,
        identifier_uris=fields.every("identifierUris", _identifier_uri(app_id, tenant, audience)),
        app_roles=fields.every("appRoles", partial(read_role, app_id)),
        is_fallback_public_client=fields.given("isFallbackPublicClient", boolean, default=False),
        publisher_domain=fields.optional("publisherDomain", domain),
        enabled=fields.given("enabled", boolean, default=True),
        certificates=fields.every("keyCredentials", partial(read_certificate, app_id)),
        federated_credentials=fields.every("federatedIdentityCredentials", partial(read_federated, app_id)),
        optional_claims=fields.given("optionalClaims", read_optional_claims, OptionalClaims()),
        group_membership_claims=fields.given("groupMembershipClaims", read_group_membership_claims, frozenset()),
        access_token_lifetime=fields.optional("accessTokenLifetime", token_lifetime),
        description=fields.optional("description", paragraphs),
        notes=fields.optional("notes", paragraphs),
        tags=fields.every("tags", text),
        service_management_reference=fields.optional("serviceManagementReference", text),
    )
    api = fields.within("api")
    entry = ApplicationEntry(
        at=fields.at,
        application=_with_links(_with_platforms(_with_api(plain, api), fields), fields),
        id_given=given_id is not None,
        present=fields.given("servicePrincipal", boolean, default=True),
        secrets=fields.every("passwordCredentials", partial(read_secret, plain)),
        owners=fields.every("owners", reference),
        required=fields.every("requiredResourceAccess", _required),
        pre_authorized=api.every("preAuthorizedApplications", _pre_authorized),
    )
    api.finish()
    fields.finish()
    refuse_doubles(entry.application, fields.at)
    return entry


def _with_api(application: Application, api: Fields) -> Application:
    return evolve(
        application,
        requested_access_token_version=api.optional("requestedAccessTokenVersion", token_version),
        scopes=api.every("oauth2PermissionScopes", partial(read_scope, application.app_id)),
        known_client_applications=frozenset(api.every("knownClientApplications", client_id)),
    )


def _with_platforms(application: Application, fields: Fields) -> Application:
    web, spa, public = fields.within("web"), fields.within("spa"), fields.within("publicClient")
    issuance = web.within("implicitGrantSettings")
    filled = evolve(
        application,
        redirect_uris=(
            *web.every("redirectUris", _redirect_uri(Platform.WEB)),
            *spa.every("redirectUris", _redirect_uri(Platform.SPA)),
            *public.every("redirectUris", _redirect_uri(Platform.PUBLIC_CLIENT)),
        ),
        logout_url=web.optional("logoutUrl", _logout_url),
        home_page_url=web.optional("homePageUrl", _page),
        enable_id_token_issuance=issuance.given("enableIdTokenIssuance", boolean, default=False),
    )
    for read in (issuance, web, spa, public):
        read.finish()
    _refuse_double_uris(filled.redirect_uris, fields)
    return filled


def _refuse_double_uris(uris: tuple[RedirectUri, ...], fields: Fields) -> None:
    # One URI under two platforms would leave it to chance which client rules hold.
    words = [uri.uri for uri in uris]
    if doubled := next((word for word in words if words.count(word) > 1), None):
        raise FaultFound(fields.at, f"The redirect URI {doubled!r} is listed twice.")
    if len(words) > MAX_REDIRECT_URIS:
        raise FaultFound(fields.at, f"An application has at most {MAX_REDIRECT_URIS} redirect URIs, not {len(words)}.")


def _with_links(application: Application, fields: Fields) -> Application:
    info, publisher = fields.within("info"), fields.within("verifiedPublisher")
    filled = evolve(
        application,
        terms_url=info.optional("termsOfServiceUrl", _page),
        privacy_url=info.optional("privacyStatementUrl", _page),
        support_url=info.optional("supportUrl", _page),
        marketing_url=info.optional("marketingUrl", _page),
        verified_publisher=publisher.optional("displayName", text),
    )
    info.finish()
    publisher.finish()
    return filled


def _redirect_uri(platform: Platform) -> Callable[[Node], RedirectUri]:
    def read(node: Node) -> RedirectUri:
        uri = text(node)
        if said := fault(uri, platform):
            raise FaultFound(node.at, said)
        return RedirectUri(uri, platform)

    return read


def _logout_url(node: Node) -> str:
    url = text(node)
    if said := logout_url_fault(url):
        raise FaultFound(node.at, f"The logout URL: {said}")
    return url


def _page(node: Node) -> str:
    url = text(node)
    # It becomes a link on the consent page.
    if not url.startswith(("https://", "http://")):
        raise FaultFound(node.at, f"{url!r} is not the https address of a page.")
    return url


def _identifier_uri(app_id: ClientId, tenant: Tenant, audience: SignInAudience) -> Callable[[Node], str]:
    def read(node: Node) -> str:
        uri = text(node)
        multi_tenant = audience in MULTI_TENANT_AUDIENCES
        if said := identifier_uri_rules.fault(uri, app_id, tenant, multi_tenant=multi_tenant):
            raise FaultFound(node.at, said)
        return uri

    return read


def _required(node: Node) -> RequiredEntry:
    fields = Fields(node, "A required resource")
    entry = RequiredEntry(
        resource=fields.required("resourceAppId", reference),
        scopes=fields.every("scopes", reference),
        roles=fields.every("roles", reference),
    )
    fields.finish()
    return entry


def _pre_authorized(node: Node) -> PreAuthorizedEntry:
    fields = Fields(node, "A pre-authorized application")
    entry = PreAuthorizedEntry(
        app_id=fields.required("appId", client_id), scopes=fields.required("scopes", each(reference))
    )
    fields.finish()
    return entry

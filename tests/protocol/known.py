"""One tenant, its people, a client and an API that the tables of the protocol share; each row spoils one thing."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve

from entrada.core.directory.application import Application, ClientSecret, Platform, RedirectUri, SignInAudience
from entrada.core.directory.derived_id import application_id, service_principal_id
from entrada.core.directory.ids import ClientId, FamilyId, PermissionId, SessionId, TenantId, UserId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH, graph_principal
from entrada.core.directory.permission import PermissionScope, RequiredResourceAccess
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.client_authentication.authenticate import secret_digest
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.scope import ScopeRequest, parse_words, resolve
from entrada.core.protocol.sign_in.account import Account

DAY: Final = 86_400
NOW: Final = NumericDate(1_800_000_000)
ORIGIN: Final = "https://id.example"
GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"


def guid(number: int) -> str:
    return f"c0105000-0000-4000-8000-{number:012x}"


TENANT: Final = Tenant(id=TenantId(guid(1)), display_name="Colors", domains=("colors.example",))
OTHER_TENANT: Final = Tenant(id=TenantId(guid(2)), display_name="Petals", domains=("petals.example",))
HERE: Final = Authority(TENANT.id, TENANT)
THERE: Final = Authority(OTHER_TENANT.id, OTHER_TENANT)
COMMON: Final = Authority("common", None)

BEN: Final = User(
    id=UserId(guid(0xB1)),
    tenant_id=TENANT.id,
    user_principal_name="ben@colors.example",
    display_name="Ben Blue",
    given_name="Ben",
    surname="Blue",
    mail="ben.blue@colors.example",
    password=PasswordCredential(hash="$argon2id$…", changed_at=NOW),
)
ADA: Final = evolve(
    BEN,
    id=UserId(guid(0xA1)),
    user_principal_name="ada@colors.example",
    display_name="Ada Amber",
    mail="ada@colors.example",
    directory_roles=frozenset({GLOBAL_ADMINISTRATOR}),
)
EVA: Final = evolve(
    BEN, id=UserId(guid(0xE1)), tenant_id=OTHER_TENANT.id, user_principal_name="eva@petals.example", mail=None
)


def permission(number: int, value: str, **more: Any) -> PermissionScope:
    return PermissionScope(
        id=PermissionId(guid(number)),
        value=value,
        admin_consent_display_name=value,
        admin_consent_description=value,
        **more,
    )


READ: Final = permission(0x501, "Colors.Read")
WRITE: Final = permission(0x502, "Colors.Write", admin_only=True)
GONE: Final = permission(0x503, "Colors.Gone", is_enabled=False)
API_URI: Final = "api://colors"


def application(number: int, name: str, **more: Any) -> Application:
    app_id = ClientId(guid(number))
    return Application(id=application_id(app_id), app_id=app_id, tenant_id=TENANT.id, display_name=name, **more)


API: Final = application(
    0xBA51, "Colors API", identifier_uris=(API_URI,), scopes=(READ, WRITE, GONE), requested_access_token_version=2
)
OTHER_API: Final = application(0xBA52, "Petals API", identifier_uris=("api://petals",), scopes=(READ,))
GRAPH: Final = MICROSOFT_GRAPH
USER_READ: Final = next(scope for scope in GRAPH.scopes if scope.value == "User.Read")

SECRET: Final = "repsys-dev-secret"
CALLBACK: Final = "https://app.example/auth/callback"
WEB_SECRET: Final = ClientSecret(
    key_id=guid(0x5EC),
    display_name="one",
    digest=secret_digest(SECRET),
    hint="rep",
    not_before=NumericDate(NOW - DAY),
    expires_at=NumericDate(NOW + DAY),
)
CLIENT: Final = application(
    0xE951,
    "repsys",
    redirect_uris=(RedirectUri(CALLBACK, Platform.WEB),),
    client_secrets=(WEB_SECRET,),
    required_resource_access=(
        RequiredResourceAccess(resource_app_id=GRAPH.app_id, scopes=(USER_READ.id,)),
        RequiredResourceAccess(resource_app_id=API.app_id, scopes=(READ.id, WRITE.id)),
    ),
)
MULTI: Final = evolve(CLIENT, sign_in_audience=SignInAudience.MULTIPLE_ORGS)
PRINCIPAL: Final = ServicePrincipal(
    id=service_principal_id(TENANT.id, CLIENT.app_id), tenant_id=TENANT.id, app_id=CLIENT.app_id
)
API_PRINCIPAL: Final = evolve(PRINCIPAL, id=service_principal_id(TENANT.id, API.app_id), app_id=API.app_id)
GRAPH_PRINCIPAL: Final = graph_principal(TENANT.id)
KNOWN: Final = {"https://graph.microsoft.com": GRAPH, API_URI: API, API.app_id: API, "api://petals": OTHER_API}

STANDING: Final = Standing(
    tenant=TENANT, user=BEN, issued_in=TENANT, member=BEN, client=CLIENT, service_principal=PRINCIPAL
)
SESSION: Final = BrowserSession(
    tenant_id=TENANT.id,
    id=SessionId(guid(0x5E)),
    user_id=BEN.id,
    authenticated_at=NumericDate(NOW - 60),
    methods=("pwd",),
    persistent=False,
    ends_at=NumericDate(NOW + 90 * DAY),
)
FAMILY_ID: Final = FamilyId(guid(0xFA))


def as_platform(client: Application, platform: Platform) -> Application:
    """*client* with its redirect URI under *platform* instead."""
    return evolve(client, redirect_uris=(RedirectUri(CALLBACK, platform),))


def account(user: User, number: int = 0x5E, **changes: Any) -> Account:
    session = evolve(SESSION, id=SessionId(guid(number)), tenant_id=user.tenant_id, user_id=user.id, **changes)
    return Account(session, user)


def asked(scope: str) -> ScopeRequest:
    """A scope parameter that is known to be good."""
    words = parse_words(scope)
    assert not isinstance(words, Refusal)
    request = resolve(words, KNOWN, TENANT.id)
    assert not isinstance(request, Refusal)
    return request


def holding(graph: str = "", api: str = "") -> Held:
    return Held({GRAPH.app_id: frozenset(graph.split()), API.app_id: frozenset(api.split())})


def parameters(values: Mapping[str, str | None]) -> Parameters:
    """None leaves a parameter out."""
    return Parameters({name: value for name, value in values.items() if value is not None})


def said(answer: object) -> Reason | object:
    """The reason of a refusal; anything else as it is."""
    return answer.reason if isinstance(answer, Refusal) else answer

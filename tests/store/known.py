"""One of each thing that is remembered."""

from attrs import evolve

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.application import Application, ClientSecret, Platform, RedirectUri
from entrada.core.directory.client_credential import ClientCertificate, FederatedCredential
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import (
    AuditTarget,
    DirectoryAudit,
    Initiator,
    ModifiedProperty,
    OperationType,
)
from entrada.core.directory.entity import Entity
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import (
    ApplicationId,
    ClientId,
    FamilyId,
    GroupId,
    PermissionId,
    ServicePrincipalId,
    SessionId,
    TenantId,
    UserId,
)
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.story import Fact, Kind, Story, Use
from entrada.core.directory.tenant import Branding, Tenant
from entrada.core.directory.user import HomeAccount, PasswordCredential, User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import OpenFamily, OpenSession, PutEntity, StartDeviceFlow
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.port import Store

DAY = 86_400
NOW = NumericDate(20_000 * DAY + 5)


def guid(number: int) -> str:
    return f"c0105000-0000-4000-8000-{number:012x}"


TENANT = Tenant(id=TenantId(guid(1)), display_name="Colors", domains=("colors.example", "paint.example"))
OTHER_TENANT = Tenant(id=TenantId(guid(2)), display_name="Petals", domains=("petals.example",))

ADA = User(
    id=UserId(guid(0xA1)),
    tenant_id=TENANT.id,
    user_principal_name="Ada@Colors.example",
    display_name="Ada Ångström",
    directory_roles=frozenset({"62e90394-69f5-4237-9190-012177145e10"}),
    password=PasswordCredential(hash="$argon2id$…", changed_at=NOW),
)
BEN = User(id=UserId(guid(0xB1)), tenant_id=TENANT.id, user_principal_name="ben@colors.example", display_name="Ben")
CLEO_AT_HOME = HomeAccount(tenant_id=OTHER_TENANT.id, user_id=UserId(guid(0xC2)))
GUEST = User(
    id=UserId(guid(0xC1)),
    tenant_id=TENANT.id,
    user_principal_name="cleo_petals.example#EXT#@colors.example",
    display_name="Cleo",
    user_type="Guest",
    home=CLEO_AT_HOME,
)
PAINTERS = Group(id=GroupId(guid(0xA171)), tenant_id=TENANT.id, display_name="Painters")
ARTISTS = Group(id=GroupId(guid(0xA172)), tenant_id=TENANT.id, display_name="Artists", security_enabled=False)
PAINTERS_ARE_ARTISTS = GroupMember(tenant_id=TENANT.id, group_id=ARTISTS.id, member_id=PAINTERS.id)
ADA_PAINTS = GroupMember(tenant_id=TENANT.id, group_id=PAINTERS.id, member_id=ADA.id)
APP = Application(
    id=ApplicationId(guid(0xA01)),
    app_id=ClientId(guid(0xA02)),
    tenant_id=TENANT.id,
    display_name="Colors API",
    identifier_uris=("api://colors", "https://colors.example/API"),
    redirect_uris=(RedirectUri("http://localhost:5000/auth/callback", Platform.WEB),),
    scopes=(
        PermissionScope(
            id=PermissionId(guid(0x501)),
            value="Colors.Read",
            admin_consent_display_name="Read colors",
            admin_consent_description="Reads colors.",
        ),
    ),
    app_roles=(
        AppRole(
            id=PermissionId(guid(0x502)),
            value="Painter",
            display_name="Painter",
            description="Paints.",
            allowed_member_types=frozenset({"User", "Application"}),
        ),
    ),
    required_resource_access=(
        RequiredResourceAccess(resource_app_id=ClientId(guid(0xA02)), scopes=(PermissionId(guid(0x501)),)),
    ),
    client_secrets=(
        ClientSecret(key_id=guid(0x601), display_name="one", digest="00ff", hint="abc", not_before=NOW, expires_at=NOW),
    ),
)
OTHER_APP = Application(
    id=ApplicationId(guid(0xB01)), app_id=ClientId(guid(0xB02)), tenant_id=TENANT.id, display_name="repsys"
)
PRINCIPAL = ServicePrincipal(id=ServicePrincipalId(guid(0xC01)), tenant_id=TENANT.id, app_id=APP.app_id)
OTHER_PRINCIPAL = ServicePrincipal(id=ServicePrincipalId(guid(0xC02)), tenant_id=TENANT.id, app_id=OTHER_APP.app_id)
ADAS_GRANT = PermissionGrant(
    tenant_id=TENANT.id,
    client_id=OTHER_PRINCIPAL.id,
    resource_id=PRINCIPAL.id,
    principal_id=ADA.id,
    scopes=frozenset({"Colors.Read", "Colors.Write"}),
)
EVERYBODYS_GRANT = evolve(ADAS_GRANT, principal_id=None, scopes=frozenset({"User.Read"}))
ADAS_ROLE = AppRoleAssignment(
    tenant_id=TENANT.id, principal_id=ADA.id, resource_id=PRINCIPAL.id, app_role_id=PermissionId(guid(0x502))
)
DAEMONS_ROLE = evolve(ADAS_ROLE, principal_id=OTHER_PRINCIPAL.id)
PAINTERS_ROLE = evolve(ADAS_ROLE, principal_id=PAINTERS.id)
ADA_OWNS = Owner(tenant_id=TENANT.id, object_id=APP.id, owner_id=ADA.id)
DELETED_APP = DeletedItem(
    tenant_id=TENANT.id,
    id=guid(0xB01),
    deleted_at=NOW,
    application=evolve(
        OTHER_APP,
        client_secrets=APP.client_secrets,
        certificates=(
            ClientCertificate(
                key_id=guid(0x602), display_name="two", der=b"\x30\x82\x00\xff", not_before=NOW, expires_at=NOW
            ),
        ),
        federated_credentials=(
            FederatedCredential(id=guid(0x603), name="ci", issuer="https://ci", subject="main", audience="api://x"),
        ),
        version=3,
    ),
    service_principal=evolve(OTHER_PRINCIPAL, tags=("a",), low_impact_scopes=frozenset({"User.Read"}), version=2),
    grants=(evolve(ADAS_GRANT, version=1), evolve(EVERYBODYS_GRANT, version=2)),
    assignments=(evolve(DAEMONS_ROLE, version=1),),
    owners=(evolve(ADA_OWNS, object_id=OTHER_APP.id, version=1),),
)
DELETED_USER = DeletedItem(
    tenant_id=TENANT.id,
    id=BEN.id,
    deleted_at=NOW,
    user=evolve(BEN, password=ADA.password, version=7),
    memberships=(evolve(ADA_PAINTS, member_id=BEN.id, version=1),),
)
BRANDED = Tenant(
    id=TenantId(guid(3)), display_name="Logo", domains=("logo.example",), branding=Branding(logo=b"\x89PNG\x00")
)
MESSAGE = Message(
    id="AAMk-1",
    tenant_id=TENANT.id,
    user_id=ADA.id,
    subject="Crème ☕",
    sender_name="Ben",
    sender_address="ben@colors.example",
    received_at=NOW,
    body="Hello",
)
POLICY = GatewayRecord(
    tenant_id=TENANT.id,
    kind=RecordKind.POLICY,
    id="apis/colors",
    display_name="policies of apis/colors",
    content='{"text":"<policies>…</policies>"}',
    secrets="sealed",
)

ONE_OF_EACH: tuple[Entity, ...] = (
    TENANT,
    ADA,
    GUEST,
    PAINTERS,
    ADA_PAINTS,
    APP,
    PRINCIPAL,
    ADAS_GRANT,
    EVERYBODYS_GRANT,
    ADAS_ROLE,
    ADA_OWNS,
    DELETED_APP,
    DELETED_USER,
    MESSAGE,
    POLICY,
)

SESSION = BrowserSession(
    tenant_id=TENANT.id,
    id=SessionId(guid(0x5E)),
    user_id=ADA.id,
    authenticated_at=NOW,
    methods=("pwd", "mfa"),
    persistent=True,
    ends_at=NumericDate(NOW + 30 * DAY),
    user_agent="Chromium",
    address="127.0.0.1",
)
SIGN_IN = SignIn(
    tenant_id=TENANT.id,
    id=guid(0x51),
    at=NOW,
    user_id=ADA.id,
    client_id=OTHER_APP.app_id,
    session_id=SESSION.id,
    address="127.0.0.1",
    user_agent="Chromium",
    correlation_id=guid(0xC0),
)
FAMILY = TokenFamily(
    key=FamilyKey(tenant_id=TENANT.id, id=FamilyId(guid(0xFA)), end_day=20_090),
    client_id=OTHER_APP.app_id,
    user_id=ADA.id,
    session_id=SESSION.id,
    issued_at=NumericDate(NOW + 10),
)
SUCCESSOR = evolve(FAMILY, key=evolve(FAMILY.key, id=FamilyId(guid(0xFB)), end_day=20_180))
FAMILY_WITHOUT_BROWSER = evolve(FAMILY, session_id=None)
SIGN_IN_WITHOUT_BROWSER = evolve(SIGN_IN, id=guid(0x5F), session_id=None)
DEVICE_FLOW = DeviceFlow(
    key=DeviceFlowKey(tenant_id=TENANT.id, id=FamilyId(guid(0xDE))),
    user_code="BCDFGHJKL",
    client_id=OTHER_APP.app_id,
    scope="openid api://colors/Colors.Read",
    asked_at=NOW,
    ends_at=NumericDate(NOW + 900),
    address="192.0.2.7",
    user_agent="a television",
)
APPROVAL = Approval(
    tenant_id=OTHER_TENANT.id,
    user_id=CLEO_AT_HOME.user_id,
    issued_in=TENANT.id,
    session_id=SESSION.id,
    authenticated_at=NOW,
    methods=("pwd", "mfa"),
)
ATTEMPTS = Attempts(
    tenant_id=TENANT.id,
    user_id=ADA.id,
    counter=Counter.UNFAMILIAR,
    failures=3,
    locks=1,
    locked_until=NumericDate(NOW + 60),
    failed_at=NOW,
    recent=(b"\x00 \xff", b"two"),
)
SIGNING_KEY = SigningKeyRecord(sequence=1, kid="kid-1", sealed="sealed", published_at=NOW)

AUDIT = DirectoryAudit(
    tenant_id=TENANT.id,
    id=guid(0xAD),
    at=NOW,
    activity="Update user",
    category="UserManagement",
    operation=OperationType.UPDATE,
    correlation_id=guid(0xC0),
    initiated_by=Initiator(via="graph", user_id=BEN.id, user_principal_name=BEN.user_principal_name),
    targets=(
        AuditTarget(
            id=ADA.id,
            type="User",
            display_name=ADA.display_name,
            version=2,
            modified=(ModifiedProperty(display_name="jobTitle", old_value=None, new_value='"Malerin ☕"'),),
        ),
    ),
)
STORY = Story(
    tenant_id=TENANT.id,
    trace_id=guid(0x57),
    at=NOW,
    correlation_id=guid(0xC0),
    kind=Kind.INTERACTIVE,
    event="redeem",
    granted=False,
    aadsts=50126,
    rule="WRONG_PASSWORD",
    asked=(Fact(name="client_id", value=OTHER_APP.app_id), Fact(name="state", value="ü")),
    weighed=(Fact(name="attempts", value="3"),),
    user_id=ADA.id,
)
USE = Use(tenant_id=TENANT.id, object_id=APP.app_id, key_id=guid(0x601), at=NOW)

OPEN_SESSION = OpenSession(SESSION, SIGN_IN)
OPEN_FAMILY = OpenFamily(FAMILY)
START_DEVICE_FLOW = StartDeviceFlow(DEVICE_FLOW)


def family_of(number: int) -> TokenFamily:
    return evolve(FAMILY, key=evolve(FAMILY.key, id=FamilyId(guid(0xFA000 + number))))


def flow_of(number: int) -> DeviceFlow:
    key = evolve(DEVICE_FLOW.key, id=FamilyId(guid(0xDE000 + number)))
    return evolve(DEVICE_FLOW, key=key, user_code=f"CODE{number}")


async def remember(store: Store, *entities: Entity) -> None:
    """Put *entities* one by one; each must be new."""
    for entity in entities:
        assert await store.commit([PutEntity(entity)])


async def sign_in(store: Store) -> None:
    assert await store.commit([OPEN_SESSION])


async def start_family(store: Store) -> None:
    await sign_in(store)
    assert await store.commit([OPEN_FAMILY])

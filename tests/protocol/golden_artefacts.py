"""One of each sealed artefact, with every field in use: `vectors/sealed/v1.json` holds how the first release sealed them."""

from collections.abc import Callable
from typing import Any, Final

from attrs import evolve, frozen

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ANY_TENANT, ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn, pack_sessions, unpack_sessions
from entrada.core.protocol.artefacts.code import pack_code, unpack_code
from entrada.core.protocol.artefacts.device_code import DeviceCode, pack_device_code, unpack_device_code
from entrada.core.protocol.artefacts.enrolment import Enrolment, pack_enrolment, unpack_enrolment
from entrada.core.protocol.artefacts.interaction import Interaction, pack_interaction, unpack_interaction
from entrada.core.protocol.artefacts.refresh_token import pack_refresh_token, unpack_refresh_token
from entrada.core.protocol.device_flow import DeviceFlowKey
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version

THEN: Final = NumericDate(1_800_000_000)
COLORS: Final = TenantId("c0105000-0000-4000-8000-000000000001")
REPSYS: Final = ClientId("c0105000-0000-4000-8000-00000000e951")
BEN: Final = UserId("c0105000-0000-4000-8000-0000000000b1")
SESSION: Final = SessionId("01a3185c-5000-7000-8000-00000000005e")
FAMILY: Final = FamilyId("01a3185c-5000-7000-8000-0000000000fa")

CODE: Final = CodePayload(
    tenant_id=COLORS,
    id=FAMILY,
    client_id=REPSYS,
    user_id=BEN,
    issued_in=COLORS,
    session_id=SESSION,
    platform=Platform.PUBLIC_CLIENT,
    scope="openid profile offline_access User.Read",
    redirect_digest=bytes(range(32)),
    challenge=bytes(range(32, 64)),
    nonce="n-0S6_WzA2Mj",
    authenticated_at=NumericDate(THEN - 60),
    with_auth_time=True,
    methods=("pwd", "mfa"),
    issued_at=THEN,
    family_ends_at=NumericDate(THEN + 90 * 86_400),
)
REFRESH_TOKEN: Final = RefreshTokenPayload(
    tenant_id=COLORS,
    family_id=FAMILY,
    family_ends_at=NumericDate(THEN + 86_400),
    generation=300,
    client_id=REPSYS,
    user_id=BEN,
    issued_in=COLORS,
    platform=Platform.SPA,
    scope="openid offline_access",
    authenticated_at=NumericDate(THEN - 60),
    methods=("pwd",),
    sealed_at=THEN,
)
DEVICES_TOKEN: Final = evolve(REFRESH_TOKEN, platform=Platform.PUBLIC_CLIENT, without_redirect=True)
DEVICE_CODE: Final = DeviceCode(
    key=DeviceFlowKey(tenant_id=COLORS, id=FAMILY), client_id=REPSYS, ends_at=NumericDate(THEN + 900)
)
INTERACTION: Final = Interaction(
    segment="common",
    version=Version.V2,
    parameters=Parameters({"client_id": REPSYS, "state": "ü&=", "empty": ""}),
    browser=bytes(range(64, 96)),
    correlation_id="7f6f1d9c-0f5f-4f5e-9d3e-2b6b9ad6a001",
    progress=Progress(started_at=THEN, chosen=SESSION, username="ben@colors.example", another=True, consented=True),
)
SESSIONS: Final = (
    SignedIn(tenant_id=COLORS, session_id=SESSION, user_id=BEN, persistent=True, seen_at=THEN),
    SignedIn(
        tenant_id=TenantId("9e7a1500-0000-4000-8000-000000000001"),
        session_id=SessionId("01a3185c-5000-7000-8000-00000000005f"),
        user_id=UserId("9e7a1500-0000-4000-8000-0000000000e1"),
        persistent=False,
        seen_at=NumericDate(THEN - 5),
    ),
)
ENROLMENT: Final = Enrolment(
    tenant_id=COLORS, user_id=BEN, issued_at=THEN, credential_changed_at=NumericDate(THEN - 86_400)
)


@frozen
class Golden:
    name: str  # of its case in the file
    purpose: str
    tenant: str
    value: Any
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes], Any]


# fmt: off
GOLDEN: Final = (
    Golden("an authorization code", purposes.CODE,             COLORS,     CODE,          pack_code,          lambda data: unpack_code(COLORS, data)),
    Golden("a refresh token",       purposes.REFRESH_TOKEN,    COLORS,     REFRESH_TOKEN, pack_refresh_token, lambda data: unpack_refresh_token(COLORS, data)),
    Golden("an interaction",        purposes.INTERACTION,      ANY_TENANT, INTERACTION,   pack_interaction,   unpack_interaction),
    Golden("browser sessions",      purposes.BROWSER_SESSIONS, ANY_TENANT, SESSIONS,      pack_sessions,      unpack_sessions),
    Golden("a device code",         purposes.DEVICE_CODE,      COLORS,     DEVICE_CODE,   pack_device_code,   lambda data: unpack_device_code(COLORS, data)),
    Golden("a device's refresh token", purposes.REFRESH_TOKEN, COLORS,     DEVICES_TOKEN, pack_refresh_token, lambda data: unpack_refresh_token(COLORS, data)),
    Golden("an enrolment",          purposes.ENROLMENT,        COLORS,     ENROLMENT,     pack_enrolment,     lambda data: unpack_enrolment(COLORS, data)),
)
# fmt: on

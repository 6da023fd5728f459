"""An authorization code as packed bytes."""

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.payload import Payload, pack, unpack

_PLATFORMS = tuple(Platform)  # packed as a number: only ever append
_KINDS = 4  # of claims


class PackedCode(Payload, frozen=True):
    id: bytes
    client: bytes
    user: bytes
    session: bytes
    platform: int
    scope: str
    redirect: bytes
    challenge: bytes
    authenticated_at: int
    methods: tuple[str, ...]
    issued_at: int
    family_ends_at: int
    nonce: str | None = None
    with_auth_time: bool = False
    issued_in: bytes = b""  # empty: the account's own tenant
    claims: tuple[tuple[str, ...], ...] = ()  # in order: of ID tokens, of access tokens, capabilities, contexts


def pack_code(code: CodePayload) -> bytes:
    return pack(
        PackedCode(
            id=to_bytes(code.id),
            client=to_bytes(code.client_id),
            user=to_bytes(code.user_id),
            session=to_bytes(code.session_id),
            platform=_PLATFORMS.index(code.platform),
            scope=code.scope,
            redirect=code.redirect_digest,
            challenge=code.challenge,
            authenticated_at=code.authenticated_at,
            methods=code.methods,
            issued_at=code.issued_at,
            family_ends_at=code.family_ends_at,
            nonce=code.nonce,
            with_auth_time=code.with_auth_time,
            issued_in=to_bytes(code.issued_in) if code.issued_in != code.tenant_id else b"",
            claims=_packed(code.claims) if code.claims != ClaimsRequest() else (),
        )
    )


def unpack_code(tenant: str, data: bytes) -> CodePayload:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedCode)
    return CodePayload(
        tenant_id=TenantId(tenant),
        id=FamilyId(to_text(packed.id)),
        client_id=ClientId(to_text(packed.client)),
        user_id=UserId(to_text(packed.user)),
        issued_in=TenantId(to_text(packed.issued_in) if packed.issued_in else tenant),
        session_id=SessionId(to_text(packed.session)),
        platform=_PLATFORMS[packed.platform],
        scope=packed.scope,
        redirect_digest=packed.redirect,
        challenge=packed.challenge,
        nonce=packed.nonce,
        authenticated_at=NumericDate(packed.authenticated_at),
        with_auth_time=packed.with_auth_time,
        methods=packed.methods,
        issued_at=NumericDate(packed.issued_at),
        family_ends_at=NumericDate(packed.family_ends_at),
        claims=_unpacked(packed.claims) if packed.claims else ClaimsRequest(),
    )


def _packed(asked: ClaimsRequest) -> tuple[tuple[str, ...], ...]:
    sets = (asked.id_token, asked.access_token, asked.capabilities)
    return (*(tuple(sorted(names)) for names in sets), asked.auth_contexts)


def _unpacked(packed: tuple[tuple[str, ...], ...]) -> ClaimsRequest:
    if len(packed) != _KINDS:
        raise NotSealed
    id_token, access_token, capabilities, contexts = packed
    return ClaimsRequest(
        id_token=frozenset(id_token),
        access_token=frozenset(access_token),
        capabilities=frozenset(capabilities),
        auth_contexts=contexts,
    )

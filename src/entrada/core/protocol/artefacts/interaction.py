"""A sign-in under way: the request and what the person did so far, sealed into the page's form.

Bound to the browser by the digest of a cookie, so a form lured into another browser does nothing (login CSRF).
"""

from attrs import field, frozen

from entrada.core.directory.ids import SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.sign_in.proof import Proof
from entrada.core.protocol.version import Version
from entrada.core.sealing.payload import Payload, pack, unpack


@frozen(kw_only=True)
class Interaction:
    segment: str  # of the request's path: a tenant, `common` or `organizations`
    version: Version
    parameters: Parameters = field(repr=False)
    browser: bytes = field(repr=False)  # SHA-256 of the browser cookie
    correlation_id: str
    progress: Progress
    errand: Errand = Errand.AUTHORIZE
    subject: str = ""  # what the errand is about: the id of a device flow


class _PackedProof(Payload, frozen=True):
    tenant: str
    user: str
    proved_at: int
    authenticated_at: int
    methods: tuple[str, ...]
    keep: bool
    stamp: bytes
    session: str | None = None


class _PackedEnrolling(Payload, frozen=True):
    user: str
    secret: bytes
    recovery_codes: tuple[str, ...]
    confirmed_step: int | None


class PackedInteraction(Payload, frozen=True):
    segment: str
    version: str
    parameters: tuple[tuple[str, str], ...]
    browser: bytes
    correlation_id: str
    started_at: int
    chosen: str | None = None
    username: str | None = None
    consented: bool = False
    another: bool = False
    shown: bytes = b""
    errand: int = Errand.AUTHORIZE.value
    subject: str = ""
    proof: _PackedProof | None = None
    enrolling: _PackedEnrolling | None = None
    replacing: bool = False


def pack_interaction(interaction: Interaction) -> bytes:
    progress = interaction.progress
    return pack(
        PackedInteraction(
            segment=interaction.segment,
            version=interaction.version.value,
            parameters=tuple(interaction.parameters.items()),
            browser=interaction.browser,
            correlation_id=interaction.correlation_id,
            started_at=progress.started_at,
            chosen=progress.chosen,
            username=progress.username,
            consented=progress.consented,
            another=progress.another,
            shown=progress.shown,
            errand=interaction.errand.value,
            subject=interaction.subject,
            proof=_pack_proof(progress.proof) if progress.proof else None,
            enrolling=_pack_enrolling(progress.enrolling) if progress.enrolling else None,
            replacing=progress.replacing,
        )
    )


def unpack_interaction(data: bytes) -> Interaction:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedInteraction)
    progress = Progress(
        started_at=NumericDate(packed.started_at),
        chosen=SessionId(packed.chosen) if packed.chosen else None,
        username=packed.username,
        consented=packed.consented,
        another=packed.another,
        shown=packed.shown,
        proof=_unpack_proof(packed.proof) if packed.proof else None,
        enrolling=_unpack_enrolling(packed.enrolling) if packed.enrolling else None,
        replacing=packed.replacing,
    )
    return Interaction(
        segment=packed.segment,
        version=Version(packed.version),
        parameters=Parameters(dict(packed.parameters)),
        browser=packed.browser,
        correlation_id=packed.correlation_id,
        progress=progress,
        errand=Errand(packed.errand),
        subject=packed.subject,
    )


def _pack_proof(proof: Proof) -> _PackedProof:
    return _PackedProof(
        tenant=proof.tenant_id,
        user=proof.user_id,
        proved_at=proof.proved_at,
        authenticated_at=proof.authenticated_at,
        methods=proof.methods,
        keep=proof.keep,
        stamp=proof.stamp,
        session=proof.session_id,
    )


def _unpack_proof(packed: _PackedProof) -> Proof:
    return Proof(
        tenant_id=TenantId(packed.tenant),
        user_id=UserId(packed.user),
        proved_at=NumericDate(packed.proved_at),
        authenticated_at=NumericDate(packed.authenticated_at),
        methods=packed.methods,
        keep=packed.keep,
        stamp=packed.stamp,
        session_id=SessionId(packed.session) if packed.session else None,
    )


def _pack_enrolling(enrolling: Enrolling) -> _PackedEnrolling:
    return _PackedEnrolling(
        user=enrolling.user_id,
        secret=enrolling.secret,
        recovery_codes=enrolling.recovery_codes,
        confirmed_step=enrolling.confirmed_step,
    )


def _unpack_enrolling(packed: _PackedEnrolling) -> Enrolling:
    return Enrolling(
        user_id=UserId(packed.user),
        secret=packed.secret,
        recovery_codes=packed.recovery_codes,
        confirmed_step=packed.confirmed_step,
    )

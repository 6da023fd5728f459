"""What somebody has proved of who they are while no session says so yet.  Design section 6.

It travels in the sealed interaction, so it counts in one browser only; for ten minutes; and for the credentials it was
proved with: a changed password or another authenticator makes it void.
"""

from hashlib import sha256

from attrs import evolve, field, frozen

from entrada.core.directory.ids import SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.sign_in.second_factor import PASSWORD


@frozen(kw_only=True)
class Proof:
    tenant_id: TenantId
    user_id: UserId
    proved_at: NumericDate  # of its ten minutes
    authenticated_at: NumericDate  # when the password was entered: what the session will say
    methods: tuple[str, ...]
    keep: bool  # "stay signed in"
    stamp: bytes = field(repr=False)  # of the credentials
    session_id: SessionId | None = None  # the live session that it makes stronger; None: it opens another

    def stands(self, user: User, now: NumericDate) -> bool:
        return (
            now - self.proved_at <= lifetimes.FACTOR
            and user.account_enabled
            and user.sign_in_sessions_valid_from <= self.authenticated_at
            and self.stamp == stamp_of(user)
        )


@frozen(kw_only=True)
class Claimant:
    """Somebody who has entered a right password: for this sign-in, or for the session it is to make stronger."""

    user: User
    authenticated_at: NumericDate
    methods: tuple[str, ...]
    keep: bool
    second_factor_required: bool = False
    proof: Proof | None = None
    session: BrowserSession | None = None

    def proof_of(self, methods: tuple[str, ...], now: NumericDate) -> Proof:
        """That *methods* are proved too.  What was proved before grows no younger, nor is it for other credentials."""
        if self.proof is not None:
            return evolve(self.proof, methods=methods)
        proof = prove(self.user, self.authenticated_at, methods, keep=self.keep, now=now)
        return evolve(proof, session_id=self.session.id if self.session else None)

    def proof_after(self, changed: User, methods: tuple[str, ...], now: NumericDate) -> Proof:
        """The same, when this very step gave the account other credentials."""
        return evolve(self.proof_of(methods, now), stamp=stamp_of(changed))

    def with_password_of(self, changed: User, now: NumericDate) -> Proof:
        """That *changed*, who has just chosen another password, entered it *now*; every session from before is over.

        So what such a session had proved counts no more; what was proved in this sign-in does.
        """
        methods = self.methods if self.proof is not None else PASSWORD
        return evolve(self.proof_after(changed, methods, now), authenticated_at=now, session_id=None)


def prove(
    user: User, authenticated_at: NumericDate, methods: tuple[str, ...], *, keep: bool, now: NumericDate
) -> Proof:
    return Proof(
        tenant_id=user.tenant_id,
        user_id=user.id,
        proved_at=now,
        authenticated_at=authenticated_at,
        methods=methods,
        keep=keep,
        stamp=stamp_of(user),
    )


def stamp_of(user: User) -> bytes:
    """Changes with the password and with the authenticator.

    Not with the password's hash: parameters of Argon2 are raised at a sign-in, and that changes no credential.
    """
    changed_at = user.password.changed_at if user.password else 0
    secret = user.authenticator.sealed_secret if user.authenticator else ""
    return sha256(f"{changed_at} {secret}".encode()).digest()

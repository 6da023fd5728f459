"""The passwords and client secrets a file asks for, as digests: kept where they are the same, hashed where new.

Plain values are compared with what is stored before they are hashed, so that applying a file twice changes nothing.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from attrs import evolve, field, frozen

from entrada.core.credentials import password as password_rules
from entrada.core.credentials.documented import DOCUMENTED
from entrada.core.directory.application import Application, ClientSecret
from entrada.core.directory.document.credential import (
    Hashed,
    InTheEnvironment,
    InTheFile,
    PasswordEntry,
    SecretEntry,
    Stored,
)
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.jose.numeric_date import NumericDate

TWO_YEARS = 2 * 365 * 24 * 3600
LAST_DATE = 253_402_300_799  # of the year 9999
MACHINE_MADE = 27  # characters of base64url that hold 160 bits


@frozen(kw_only=True)
class SeedCredential:
    """A credential the file calls seed, about to be stored."""

    kind: Literal["password", "client secret"]
    owner: str  # a user principal name, or an application's display name
    owner_id: str  # a user's id, or an appId
    name: str  # the secret's display name; empty for a password
    known: tuple[str, ...] = ()  # words that a password must not lean on


@frozen
class Replacement:
    """What to use in place of a seed credential; *made* when nobody knows it yet, so it must be shown once."""

    value: str = field(repr=False)
    made: bool


@frozen
class MadeCredential:
    credential: SeedCredential
    value: str = field(repr=False)


ReplaceSeed = Callable[[SeedCredential], Replacement | None]
"""None keeps the seed.  Asked only where nothing better than a seed is stored."""


@frozen(kw_only=True)
class Credentials:
    """How to make digests, where to find values, what to do with seeds."""

    hash_password: Callable[[str], Awaitable[str]]
    verify_password: Callable[[str, str], Awaitable[bool]]  # the plain password, then the stored hash
    environment: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    replace_seed: ReplaceSeed | None = None  # None: the known passwords stay known, in development


class Settlement:
    """One run over a file; remembers what was made on the way and what stays without a value."""

    def __init__(self, credentials: Credentials, now: NumericDate) -> None:
        self._credentials = credentials
        self._now = now
        self.made: list[MadeCredential] = []
        self.without_value: list[str] = []
        self.signed_out: list[User] = []  # they have another password now, or none any more

    async def user(
        self, user: User, asked: PasswordEntry | None, stored: User | None, tenant: Tenant, *, prune: bool
    ) -> User:
        """*user* of *tenant* with its password.  What the file leaves out is kept, or removed with *prune*.

        A second factor is the person's own: no file states it, so no file takes it away.
        """
        current = stored.password if stored and not user.home else None
        password = await self._password(user, asked, current, tenant) if asked else None if prune else current
        # Sessions that were revoked stay revoked, whichever older file is applied.
        valid_from = stored.sign_in_sessions_valid_from if stored else NumericDate(0)
        settled = evolve(
            user,
            authenticator=stored.authenticator if stored else None,
            recovery_codes=stored.recovery_codes if stored else (),
            sign_in_sessions_valid_from=max(user.sign_in_sessions_valid_from, valid_from),
            password=password,
        )
        if stored is None or stored.password is None or (password and password.hash == stored.password.hash):
            return settled
        self.signed_out.append(settled)
        return evolve(settled, sign_in_sessions_valid_from=max(settled.sign_in_sessions_valid_from, self._now))

    async def _password(
        self, user: User, asked: PasswordEntry, current: PasswordCredential | None, tenant: Tenant
    ) -> PasswordCredential | None:
        match asked.source:
            case Stored():
                if current is None:
                    self.without_value.append(f"the password of {user.user_principal_name}")
                    return None
                return evolve(current, must_change=_must_change(asked, current))
            case Hashed(digest):
                return self._hashed_password(asked, digest, current)
            case InTheFile() | InTheEnvironment():
                return await self._plain_password(user, asked, current, password_rules.known_words(user, tenant))

    def _hashed_password(
        self, asked: PasswordEntry, digest: str, current: PasswordCredential | None
    ) -> PasswordCredential:
        same = current is not None and current.hash == digest
        changed_at = _first(asked.changed_at, current.changed_at if current and same else None, self._now)
        # The mark of a seed goes when the password changes, never by leaving it out of a file.
        seed = asked.seed or (current is not None and same and current.seed)
        must_change = _must_change(asked, current if same else None)
        return PasswordCredential(hash=digest, changed_at=changed_at, seed=seed, must_change=must_change)

    async def _plain_password(
        self, user: User, asked: PasswordEntry, current: PasswordCredential | None, known: tuple[str, ...]
    ) -> PasswordCredential:
        name = user.user_principal_name
        seed = SeedCredential(kind="password", owner=name, owner_id=user.id, name="", known=known)
        if asked.seed and current and not current.seed and self._credentials.replace_seed:
            return current
        value, is_seed = self._value(asked, seed)
        if current and await self._credentials.verify_password(value, current.hash):
            return evolve(current, seed=current.seed or is_seed, must_change=_must_change(asked, current))
        # Only a new one: a file that was good yesterday can be applied today, whatever has been banned since.
        if not is_seed and (fault := password_rules.fault(value, name, known)):
            raise FaultFound(asked.at, fault)
        digest = await self._credentials.hash_password(value)
        must_change = _must_change(asked, None)
        return PasswordCredential(hash=digest, changed_at=self._now, seed=is_seed, must_change=must_change)

    def secrets(
        self, application: Application, asked: tuple[SecretEntry, ...], stored: Application | None, *, prune: bool
    ) -> Application:
        """*application* with its secrets; those the file does not name stay, or go with *prune*."""
        current = {secret.key_id: secret for secret in stored.client_secrets} if stored else {}
        named = {entry.key_id for entry in asked}
        others = [] if prune else [secret for key_id, secret in current.items() if key_id not in named]
        settled = (self._secret(application, entry, current.get(entry.key_id)) for entry in asked)
        wanted = {secret.key_id: secret for secret in (*filter(None, settled), *others)}
        in_stored_order = [key_id for key_id in current if key_id in wanted]
        order = dict.fromkeys([*in_stored_order, *wanted])
        return evolve(application, client_secrets=tuple(wanted[key_id] for key_id in order))

    def _secret(
        self, application: Application, asked: SecretEntry, current: ClientSecret | None
    ) -> ClientSecret | None:
        match asked.source:
            case Stored():
                if current is None:
                    self.without_value.append(
                        f"the secret {asked.display_name.strip() or asked.key_id} of {application.display_name}"
                    )
                    return None
                return self._dated(asked, current.digest, current.hint, current, is_seed=current.seed)
            case Hashed(digest):
                return self._dated(asked, digest, asked.hint or "", current, is_seed=asked.seed)
            case InTheFile() | InTheEnvironment():
                return self._plain_secret(application, asked, current)

    def _plain_secret(self, application: Application, asked: SecretEntry, current: ClientSecret | None) -> ClientSecret:
        seed = SeedCredential(
            kind="client secret", owner=application.display_name, owner_id=application.app_id, name=asked.display_name
        )
        if asked.seed and current and not current.seed and self._credentials.replace_seed:
            return current
        value, is_seed = self._value(asked, seed)
        if not is_seed and len(value) < MACHINE_MADE:
            # A plain digest of a chosen word is found by trying words.
            raise FaultFound(asked.at, f"A client secret has at least {MACHINE_MADE} characters, made by a machine.")
        digest = hashlib.sha256(value.encode()).hexdigest()
        return self._dated(asked, digest, asked.hint or value[:3], current, is_seed=is_seed)

    def _dated(
        self, asked: SecretEntry, digest: str, hint: str, current: ClientSecret | None, *, is_seed: bool
    ) -> ClientSecret:
        same = current if current and current.digest == digest else None
        not_before = _first(asked.not_before, same.not_before if same else None, self._now)
        two_years_on = NumericDate(min(not_before + TWO_YEARS, LAST_DATE))
        return ClientSecret(
            key_id=asked.key_id,
            display_name=asked.display_name,
            digest=digest,
            hint=asked.hint or hint,
            not_before=not_before,
            expires_at=_first(asked.expires_at, same.expires_at if same else None, two_years_on),
            seed=is_seed or (same is not None and same.seed),
        )

    def _value(self, asked: PasswordEntry | SecretEntry, seed: SeedCredential) -> tuple[str, bool]:
        """The plain value to store, and whether it is a seed."""
        replace = self._credentials.replace_seed
        if asked.seed and replace and (replacement := replace(seed)):
            if replacement.made:
                self.made.append(MadeCredential(seed, replacement.value))
            return replacement.value, False
        match asked.source:
            case InTheFile(value):
                return value, asked.seed or value in DOCUMENTED
            case InTheEnvironment(name):
                if found := self._credentials.environment.get(name):
                    return found, asked.seed or found in DOCUMENTED
                raise FaultFound(asked.at, f"The environment variable {name} is not set.")
            case _:
                raise FaultFound(asked.at, "There is no plain value here.")


def _must_change(asked: PasswordEntry, same: PasswordCredential | None) -> bool:
    """*same*: the stored password, where it stays."""
    if asked.must_change is None:
        return same is not None and same.must_change
    return asked.must_change


def _first(*dates: NumericDate | None) -> NumericDate:
    """The first date that is one; the epoch is."""
    return next(date for date in dates if date is not None)

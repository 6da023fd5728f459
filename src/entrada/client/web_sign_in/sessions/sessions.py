"""Find, begin, change and end sessions, sealed on their way to whichever store.

The id is 256 random bits, new at each sign-in, and rests as its digest; the seal is bound to it, so that none who can
write to the store can put one session in another's place.  These methods may block: flows go through `run`.
"""

import hashlib
from collections.abc import Callable
from typing import Final, TypeVar

from attrs import define, field, frozen

from entrada.client.errors import StorageError
from entrada.client.flow import Flow, doing
from entrada.client.web_sign_in.sealer import Box
from entrada.client.web_sign_in.session import Session, logout_name, pack_session, unpack_session
from entrada.client.web_sign_in.sessions.port import Row, SessionStore
from entrada.client.web_sign_in.web_settings import SessionLimits
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds

T = TypeVar("T")
ID_BYTES: Final = 32
_ID_LENGTH: Final = 43  # of these as base64url
_ATTEMPTS: Final = 100  # at a change that others keep making too
_LONGEST_BEGINNING: Final = Seconds(2 * 60)  # a code is redeemed in less


@frozen
class Found:
    key: str  # of its row: a digest of the id that the cookie holds, which opens nothing
    session: Session
    version: int


@define
class Sessions:
    store: SessionStore
    box: Box = field(repr=False)
    limits: SessionLimits
    entropy: Callable[[int], bytes] = field(repr=False)

    def run(self, work: Callable[[], T]) -> Flow[T]:
        return (yield from doing(work)) if self.store.blocks else work()

    def begin(self, session: Session, now: NumericDate) -> tuple[str, Found]:
        """With the id for the cookie, which nobody is told again."""
        id_ = base64url.encode(self.entropy(ID_BYTES))
        key = _digest(id_)
        self.store.add(self._row(key, session, 1), now)
        return id_, Found(key, session, 1)

    def find(self, id_: str, now: NumericDate) -> Found | None:
        return self.find_key(key_of(id_), now)

    def find_key(self, key: str, now: NumericDate) -> Found | None:
        row = self.store.find(key, now) if key else None
        session = self._unsealed(row) if row is not None else None
        if row is None or session is None or session.expires_at(self.limits) <= now:
            return None
        return Found(key, session, row.version)

    def change(self, found: Found, decide: Callable[[Session], Session], now: NumericDate) -> Found | None:
        """What *decide* makes of the newest; None: it has ended.  *decide* may be asked several times."""
        current: Found | None = found
        for _ in range(_ATTEMPTS):
            if current is None:
                return None
            after = decide(current.session)
            if after == current.session:
                return current
            if self.store.replace(self._row(found.key, after, current.version + 1), now):
                return Found(found.key, after, current.version + 1)
            current = self.find_key(found.key, now)
        raise StorageError("Others keep changing the session at the same time")

    def end(self, id_: str) -> None:
        self.end_key(key_of(id_))

    def end_key(self, key: str) -> None:
        if key:
            self.store.remove(key)

    def end_named(self, kind: str, value: str, fits: Callable[[Session], bool], now: NumericDate) -> int:
        """How many ended, of those that the authority calls so and that fit."""
        keys = [key for key in self.store.named(_digest(logout_name(kind, value)), now) if self._fits(key, fits, now)]
        for key in keys:
            self.store.remove(key)
        return len(keys)

    def once(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        """Is it the first time that this is seen?"""
        return self.store.mark(_digest(mark), until, now)

    def was_seen(self, mark: str, now: NumericDate) -> bool:
        return self.store.marked([_digest(mark)], now)

    # ---- ends that come while a session begins ----

    def note_end(self, issuer: str, name: str, now: NumericDate) -> None:
        """Before the sessions of that name end, so that one that begins meanwhile is found by it, or finds this."""
        self.once(_ended(issuer, name, now), NumericDate(now + 2 * _LONGEST_BEGINNING), now)

    def has_ended(self, session: Session, since: NumericDate, now: NumericDate) -> bool:
        """Did the authority end it before it was there, between *since* and *now*?"""
        first = max(since, now - _LONGEST_BEGINNING) - 1  # two clocks need not turn together
        names, issuer = session.names(), session.user.issuer
        marks = [_digest(_ended(issuer, name, at)) for name in names for at in range(first, now + 1)]
        return self.store.marked(marks, now)

    def _fits(self, key: str, fits: Callable[[Session], bool], now: NumericDate) -> bool:
        row = self.store.find(key, now)
        session = self._unsealed(row) if row is not None else None
        return session is not None and fits(session)

    def _row(self, key: str, session: Session, version: int) -> Row:
        return Row(
            key=key,
            sealed=self.box.lock(pack_session(session), key),
            version=version,
            expires_at=session.expires_at(self.limits),
            ends_at=session.ends_at,
            names=frozenset(_digest(name) for name in session.names()),
        )

    def _unsealed(self, row: Row) -> Session | None:
        """None where another key sealed it, or an incompatible release: whoever it was signs in again."""
        payload = self.box.unlock(row.sealed, row.key)
        try:
            return unpack_session(payload) if payload is not None else None
        except ValueError:
            return None


def _ended(issuer: str, name: str, second: int) -> str:
    return f"ended {issuer} {name} {second}"


def key_of(id_: str) -> str:
    """Empty for what is no id."""
    return _digest(id_) if len(id_) == _ID_LENGTH and id_.isascii() else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

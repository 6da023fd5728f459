"""What is remembered of somebody who signed in, and how long: on the server, while the cookie holds an opaque id."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from attrs import asdict, evolve, field, frozen

from entrada.client.token_cache.port import Kept
from entrada.client.tokens import AccessToken, Account
from entrada.client.web_sign_in.user import User
from entrada.client.web_sign_in.web_settings import SessionLimits
from entrada.core.jose.json_object import parse_object
from entrada.core.jose.numeric_date import NumericDate, Seconds, as_date

RENEWAL: Final = Seconds(30)  # whoever said they renew the tokens and did not in that time, died over it
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_ROUNDS: Final = 20  # the last use is written down that often in an idle time, not at every request


@frozen(kw_only=True)
class Session:
    user: User
    sid: str = ""  # the authority's session, as the ID token says
    session_state: str = ""  # the same as the browser told it, which may tell anything
    began_at: NumericDate
    seen_at: NumericDate
    ends_at: NumericDate  # however much it is used
    kept: Kept = field(factory=Kept, repr=False)
    renewing_until: NumericDate | None = None  # one of many who wait renews the tokens
    tried: Mapping[str, NumericDate] = field(factory=dict[str, NumericDate])  # what they signed in for, and when

    def expires_at(self, limits: SessionLimits) -> NumericDate:
        return min(NumericDate(self.seen_at + limits.idle), self.ends_at)

    def is_renewed_by_another(self, now: NumericDate) -> bool:
        return self.renewing_until is not None and now < self.renewing_until

    def names(self) -> frozenset[str]:
        """What a logout may call it by: the authority's session, or the person.

        Where the ID token names no session, a logout of one of the person's is taken for a logout of this (`lone`).
        """
        told = {"sid": self.sid, "sub": self.user.subject}
        if not self.sid:
            told |= {"lone": self.user.subject, "session_state": self.session_state}
        return frozenset(logout_name(kind, value) for kind, value in told.items() if value)


def logout_name(kind: str, value: str) -> str:
    return f"{kind} {value}"


def last_end(user: User, limits: SessionLimits, now: NumericDate) -> NumericDate | None:
    """When a session of theirs ends however much it is used; None: never begins, by a claim that is over or unread."""
    longest = NumericDate(now + limits.absolute)
    claim = user.claims.get(limits.ceiling_claim) if limits.ceiling_claim is not None else None
    if claim is None:
        return longest
    ceiling = as_date(int(claim) if isinstance(claim, str) and _WHOLE.fullmatch(claim) else claim)
    return min(longest, ceiling) if ceiling is not None and ceiling > now else None


def seen(session: Session, limits: SessionLimits, now: NumericDate) -> Session:
    """Itself, unless it is time to write down that it is used."""
    return evolve(session, seen_at=now) if now - session.seen_at >= limits.idle // _ROUNDS else session


# ---- as bytes ----


def pack_session(session: Session) -> bytes:
    members = asdict(session, value_serializer=_plain)
    return json.dumps(members, separators=(",", ":")).encode()


def unpack_session(data: bytes) -> Session:
    """Raise ValueError for what an incompatible release wrote: whoever it was signs in again."""
    try:
        found = cast("dict[str, Any]", parse_object(data))
        user, kept = (found.pop(name) for name in ("user", "kept"))
        return Session(user=_user(user), kept=_kept(kept), **found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a session") from error


def _plain(_: object, __: object, value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(cast("Any", value))
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value


def _user(members: dict[str, Any]) -> User:
    groups = members.pop("known_groups")
    roles, scopes = (frozenset(cast("list[str]", members.pop(name))) for name in ("roles", "scopes"))
    known = None if groups is None else frozenset(cast("list[str]", groups))
    return User(roles=roles, scopes=scopes, known_groups=known, **members)


def _kept(members: dict[str, Any]) -> Kept:
    account = members.pop("account")
    access = tuple(_access(one) for one in members.pop("access"))
    return Kept(account=Account(**account) if account else None, access=access, **members)


def _access(members: dict[str, Any]) -> AccessToken:
    scopes, asked = (members.pop(name) for name in ("scopes", "asked"))
    return AccessToken(scopes=frozenset(scopes), asked=None if asked is None else frozenset(asked), **members)

"""What was a sign-in begun for, and was that tried already?  So that nobody is sent round for ever.

A need has a short name, which goes along in the transaction: a sign-in is credited with what it was begun for, and with
nothing that another tab asked for meanwhile.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from typing import Final

from attrs import evolve

from entrada.client.web_sign_in.session import Session
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds

TRIED: Final = Seconds(10 * 60)  # what the authority did not give is not asked for again at once
_NAME_BYTES: Final = 12  # it rests in a cookie
_POINT_IN_TIME: Final = re.compile(r'("value"\s*:\s*)"?\d{9,}"?')  # which a challenge may name anew at each round


def context_need(acr: str) -> str:
    return _name("acr", acr)


def age_need(max_age: Seconds) -> str:
    return _name("max_age", str(max_age))


def token_need(scopes: Iterable[str], claims: str | None) -> str:
    return _name("token", *sorted(scopes), "claims", _POINT_IN_TIME.sub(r'\1""', claims or ""))


def came_back(session: Session, before: Session | None, needs: Iterable[str], contexts: Collection[str]) -> Session:
    """A new session that knows what was tried: by it and, where it is the same person, *before*.

    Not the contexts that it has: should a later sign-in not have them, they are asked for again.
    """
    now = session.began_at
    known = {name: at for name, at in before.tried.items() if now - at < TRIED} if before is not None else {}
    given = {context_need(one) for one in contexts}
    tried = {**known, **dict.fromkeys(needs, now)}
    return evolve(session, tried={name: at for name, at in tried.items() if name not in given})


def tried_at(session: Session, need: str, now: NumericDate) -> NumericDate | None:
    """When they came back from a sign-in for it; None: never, or too long ago."""
    at = session.tried.get(need)
    return at if at is not None and now - at < TRIED else None


def _name(*words: str) -> str:
    return base64url.encode(hashlib.sha256(json.dumps(words).encode()).digest()[:_NAME_BYTES])

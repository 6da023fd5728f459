"""Tokens, sign-ins under way and half-filled forms, kept sealed in cookies that no script reads (docs/decisions/0023).

Bounded in size and bound to the session: they open under its secret alone, and go when it ends.
"""

from typing import Final, TypeVar

from attrs import frozen
from starlette.responses import Response

from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.console_keep import KeptAsking, KeptDraft, KeptToken, squeeze, unsqueeze
from entrada.core.sealing.envelope import NotSealed
from entrada.server.web.signed_in.session import KEPT, set_cookie
from entrada.server.web.signed_in.visitor import Visitor

CHUNK: Final = 3_600  # characters: browsers take 4,096 with name and attributes
Kept = TypeVar("Kept", KeptToken, KeptAsking, KeptDraft)


@frozen
class _Place:
    name: str
    purpose: str
    lifetime: Seconds
    most: int  # chunks


_PLACES: Final = {
    KeptToken: _Place("token", purposes.CONSOLE_TOKEN, Seconds(12 * 60 * 60), 4),
    KeptAsking: _Place("sign-in", purposes.CONSOLE_SIGN_IN, Seconds(60 * 60), 1),
    KeptDraft: _Place("draft", purposes.CONSOLE_DRAFT, Seconds(60 * 60), 3),
}


def read(visitor: Visitor, kind: type[Kept]) -> Kept | None:
    """None for what was kept in another session, too."""
    place = _PLACES[kind]
    sealed = "".join(visitor.request.cookies.get(name, "") for name in _names(visitor, place))
    if not sealed:
        return None
    try:
        opened = visitor.here.open(
            sealed, purpose=place.purpose, lifetime=place.lifetime, max_length=CHUNK * place.most
        )
        found: Kept = unsqueeze(opened.payload, kind)
    except NotSealed:
        return None
    return found if found.secret == visitor.session.secret else None


def keep(visitor: Visitor, answer: Response, value: KeptToken | KeptAsking | KeptDraft) -> bool:
    """In place of what was there.  False, and nothing is kept, where it is too large."""
    place = _PLACES[type(value)]
    payload = squeeze(value)
    if payload is None:
        return False
    sealed = visitor.here.seal(payload, purpose=place.purpose)
    chunks = [sealed[at : at + CHUNK] for at in range(0, len(sealed), CHUNK)]
    if len(chunks) > place.most:
        return False
    for number, name in enumerate(_names(visitor, place)):
        if number < len(chunks):
            set_cookie(visitor.site, answer, name, chunks[number], place.lifetime)
        elif name in visitor.request.cookies:
            set_cookie(visitor.site, answer, name, "", 0)
    return True


def forget(visitor: Visitor, answer: Response, kind: type[Kept]) -> None:
    for name in _names(visitor, _PLACES[kind]):
        if name in visitor.request.cookies:
            set_cookie(visitor.site, answer, name, "", 0)


def _names(visitor: Visitor, place: _Place) -> list[str]:
    return [visitor.site.cookies.name(f"{KEPT}{place.name}-{number}") for number in range(place.most)]

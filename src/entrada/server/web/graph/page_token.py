"""Where the next page begins, sealed: nobody begins a page where we did not end one.

Bound to the tenant, the path and everything that decides which objects come in which order.
"""

from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.ids import TenantId
from entrada.core.directory.query.condition import Value
from entrada.core.directory.query.query import After
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation
from entrada.server.web.by_token.asked import Asked

_LIFETIME: Final = Seconds(86_400)
_MOST: Final = 8192
_DECIDES: Final = ("filter", "search", "orderby")
_REFUSED: Final = (
    "This page token is none of ours, has expired, or belongs to another request. Begin at the first page."
)


class _Place(Struct, forbid_unknown_fields=True, array_like=True):
    asked: str
    value: Value
    id: str


def seal_place(here: Installation, tenant_id: TenantId, asked: Asked, after: After) -> str:
    place = _Place(_digest(asked), after.value, after.id)
    return here.seal(msgspec.json.encode(place), purpose=purposes.PAGE, tenant=tenant_id)


def open_place(here: Installation, tenant_id: TenantId, asked: Asked, token: str) -> After | Problem:
    try:
        opened = here.open(token, purpose=purposes.PAGE, lifetime=_LIFETIME, max_length=_MOST)
        place = msgspec.json.decode(opened.payload, type=_Place)
    except (NotSealed, msgspec.DecodeError):
        return bad(_REFUSED, "$skiptoken")
    if opened.tenant != tenant_id or place.asked != _digest(asked):
        return bad(_REFUSED, "$skiptoken")
    return After(place.value, place.id)


def _digest(asked: Asked) -> str:
    given = {name.lower().removeprefix("$"): value.strip() for name, value in asked.query}
    said = [asked.path.strip("/").lower(), *(given.get(one, "") for one in _DECIDES)]
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:32]

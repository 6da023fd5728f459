"""What one finds on coming in: what ends soon, who was refused, what was changed, how much there is; or one's own.

Each part is asked for in one short page, so that a visit costs as little in a large directory as in a small one.
"""

from typing import Final

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.graph.sign_in import ToldStory
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Order, Query
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.usecases.administer.groups import list_groups
from entrada.server.usecases.administer.logs import list_audits, list_sign_ins
from entrada.server.usecases.administer.users import list_users
from entrada.server.web.portal.applications.expiry import SOON, expired, expires_soon
from entrada.server.web.portal.door import Visitor, page
from entrada.server.web.portal.logs.audits import who

_SHOWN: Final = 5
_OWNED: Final = 20
_NEWEST: Final = Order("at", descending=True)
_REFUSED: Final = Query(where=Compare("granted", Op.EQ, value=False), order=_NEWEST, top=_SHOWN)


@frozen(kw_only=True)
class Ending:
    """An application of which a secret or certificate has expired, or will soon."""

    app: Application
    names: tuple[str, ...]  # of those secrets and certificates
    first: NumericDate


@frozen(kw_only=True)
class Count:
    name: str
    path: str
    number: int


async def show(visitor: Visitor) -> Response:
    everybodys = visitor.may(Operation.CHANGE_APPLICATION) or visitor.may(Operation.READ_AUDITS)
    return page(
        visitor,
        "portal/home.html",
        title="Home",
        at="home",
        roles=sorted(ROLE_NAMES.get(one, one) for one in visitor.user.directory_roles),
        everybodys=everybodys,
        endings=await _endings(visitor, owned=not everybodys),
        owned=None if everybodys else await _owned(visitor),
        may_register=visitor.may(Operation.CREATE_APPLICATION),
        refused=await _refused(visitor),
        changes=await _changes(visitor),
        counts=await _counts(visitor),
    )


async def _endings(visitor: Visitor, *, owned: bool) -> list[Ending]:
    """What will end first, then what has ended last; the list of applications shows the others."""
    now = visitor.here.clock()
    by_end = Order("credential_expires_at")
    soon = Query(where=expires_soon(now), order=by_end, top=_SHOWN)
    over = Query(where=expired(now), order=Order("credential_expires_at", descending=True), top=_SHOWN)
    pages = [await list_applications(visitor.here, visitor.actor, one, owned=owned) for one in (soon, over)]
    return [_ending(app, now) for found in pages if not isinstance(found, Problem) for app in found.items]


def _ending(app: Application, now: NumericDate) -> Ending:
    ends = sorted(
        [(one.expires_at, one.display_name or f"{one.hint}…") for one in app.client_secrets]
        + [(one.expires_at, one.display_name or "Certificate") for one in app.certificates]
    )
    names = tuple(name for end, name in ends if end <= now + SOON)
    return Ending(app=app, names=names, first=ends[0][0])


async def _owned(visitor: Visitor) -> tuple[Application, ...]:
    query = Query(order=Order("display_name"), top=_OWNED)
    found = await list_applications(visitor.here, visitor.actor, query, owned=True)
    return () if isinstance(found, Problem) else found.items


async def _refused(visitor: Visitor) -> tuple[ToldStory, ...] | None:
    """None: not for this visitor to see."""
    found = await list_sign_ins(visitor.here, visitor.actor, _REFUSED)
    return None if isinstance(found, Problem) else found.items


async def _changes(visitor: Visitor) -> list[tuple[DirectoryAudit, str]] | None:
    found = await list_audits(visitor.here, visitor.actor, Query(order=_NEWEST, top=_SHOWN))
    return None if isinstance(found, Problem) else [(one, who(one.initiated_by)) for one in found.items]


async def _counts(visitor: Visitor) -> list[Count]:
    asked, here, actor = Query(top=1, count=True), visitor.here, visitor.actor
    found = (
        ("Users", "/portal/users", await list_users(here, actor, asked)),
        ("Groups", "/portal/groups", await list_groups(here, actor, asked)),
        ("App registrations", "/portal/applications", await list_applications(here, actor, asked)),
    )
    return [
        Count(name=name, path=path, number=one.count or 0) for name, path, one in found if not isinstance(one, Problem)
    ]

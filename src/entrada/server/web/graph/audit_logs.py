"""`/auditLogs/signIns` and `/auditLogs/directoryAudits`.  Reference section 38."""

from typing import Final

from attrs import evolve

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.directory_audit import directory_audit_json
from entrada.core.directory.graph.sign_in import sign_in_json
from entrada.core.directory.query import odata_properties
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Condition, Either, Not
from entrada.server.usecases.administer.logs import find_audit, find_story, list_audits, list_sign_ins
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import listing, page_of
from entrada.server.web.graph.row import lists, shows

SIGN_INS: Final = Resource(
    set="auditLogs/signIns", entity=shapes.SIGN_IN, known=odata_properties.SIGN_IN, eventual=False
)
AUDITS: Final = Resource(
    set="auditLogs/directoryAudits",
    entity=shapes.DIRECTORY_AUDIT,
    known=odata_properties.DIRECTORY_AUDIT,
    eventual=False,
)


async def _sign_ins(call: Call) -> Reply:
    query = evolve(call.query, where=_of_one_kind(call.query.where))
    return page_of(await list_sign_ins(call.here, call.actor, query), sign_in_json)


def _of_one_kind(where: Condition) -> Condition:
    """Graph's signInEventTypes is a list, of one here."""
    match where:
        case AnyElement(field="kind", op=op, value=value):
            return Compare("kind", op, value)
        case Both(parts=parts):
            return Both(tuple(map(_of_one_kind, parts)))
        case Either(parts=parts):
            return Either(tuple(map(_of_one_kind, parts)))
        case Not(part=part):
            return Not(_of_one_kind(part))
        case AnyElement() | Compare():
            return where


async def _sign_in(call: Call) -> Reply:
    found = await find_story(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members=sign_in_json(found))


async def _audit(call: Call) -> Reply:
    found = await find_audit(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members=directory_audit_json(found))


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/auditLogs/signIns", Operation.READ_SIGN_INS, "Who signed in, and who did not: newest first.", SIGN_INS,
          _sign_ins),
    shows("/auditLogs/signIns/{id}", Operation.READ_SIGN_INS,
          "The story of one request, by its trace id: what was asked, what was decided, by which rule.", SIGN_INS,
          _sign_in),
    lists("/auditLogs/directoryAudits", Operation.READ_AUDITS, "Who changed what: newest first.", AUDITS,
          listing(list_audits, directory_audit_json)),
    shows("/auditLogs/directoryAudits/{id}", Operation.READ_AUDITS, "One of them.", AUDITS, _audit),
)
# fmt: on

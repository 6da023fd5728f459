"""Where nothing is, and where only a form leads: said within the frame, from where one goes on."""

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.server.web.portal.door import Visitor, problem_page

_NOTHING = Problem(
    status=404,
    code="Request_ResourceNotFound",
    message="The portal has no such page. Where a form was sent to, there is none either: open its page again.",
)


async def lost(visitor: Visitor) -> Response:
    return problem_page(visitor, _NOTHING, at="home")

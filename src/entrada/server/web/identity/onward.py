"""Go on with a sign-in after each form: open the session once everything needed is proved, and show what comes next."""

from attrs import evolve
from starlette.responses import Response

from entrada.server.usecases.authorize import Admissible, advance
from entrada.server.usecases.sign_in import open_session
from entrada.server.web.http import decision_log
from entrada.server.web.identity.present import present
from entrada.server.web.identity.scene import Scene


async def go_on(scene: Scene, *, error: str | None = None) -> Response:
    """*error* is a sentence beside the field of the form that is shown again."""
    here = scene.site.here
    outcome = await advance(here, scene.interaction, scene.browser)
    if not isinstance(outcome, Admissible):
        return await present(scene, outcome, error=error)
    opened = await open_session(here, outcome.claimant, scene.interaction, scene.browser, scene.trace.trace_id)
    session = opened.browser.sessions[0]
    methods = " ".join(outcome.claimant.methods)
    decision_log.granted("sign-in", scene.trace, session=session.session_id, methods=methods)
    scene = evolve(scene, interaction=opened.interaction, browser=opened.browser)
    return await present(scene, await advance(here, scene.interaction, scene.browser))

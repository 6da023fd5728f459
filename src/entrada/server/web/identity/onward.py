"""Go on with a sign-in after each form: admit whoever has proved everything needed, and show what comes next."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.errors import catalogue as why
from entrada.server.usecases.authorize import Admissible, advance
from entrada.server.usecases.sign_in import admit
from entrada.server.web.http import decision_log
from entrada.server.web.identity.present import present
from entrada.server.web.identity.scene import Scene


async def go_on(scene: Scene, *, error: str | None = None) -> Response:
    """*error* is a sentence beside the field of the form that is shown again."""
    here = scene.site.here
    outcome = await advance(here, scene.interaction, scene.browser)
    if not isinstance(outcome, Admissible):
        return await present(scene, outcome, error=error)
    admitted = await admit(here, outcome.claimant, scene.interaction, scene.browser, scene.trace.trace_id)
    if admitted is None:  # signed out at this moment, so that the password is asked for
        stale = f"{why.PROOF_STALE.text} {why.PROOF_STALE.advice}"
        return await present(scene, await advance(here, scene.interaction, scene.browser), error=stale)
    session = admitted.browser.sessions[0]
    methods = " ".join(outcome.claimant.methods)
    decision_log.granted(
        "sign-in",
        scene.trace,
        client=scene.client_id,
        user=session.user_id,
        home=session.tenant_id,
        session=session.session_id,
        methods=methods,
    )
    scene = evolve(scene, interaction=admitted.interaction, browser=admitted.browser)
    return await present(scene, await advance(here, scene.interaction, scene.browser))

"""The admin consent endpoints of v2.0 and v1.0, and the form of their page.  Reference section 28."""

from attrs import evolve
from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.consent.for_organization import digest
from entrada.core.protocol.version import Version
from entrada.server.usecases.admin_consent import Proposal, accept, propose
from entrada.server.usecases.authorize import Ready, SentBack, advance
from entrada.server.web.http.site import Site
from entrada.server.web.identity import admin_consent_page
from entrada.server.web.identity.authorize_endpoint import authorize
from entrada.server.web.identity.onward import go_on
from entrada.server.web.identity.present import present
from entrada.server.web.identity.scene import Scene, reopen


async def start_admin_consent(site: Site, request: Request, version: Version) -> Response:
    return await authorize(site, request, version, Errand.ADMIN_CONSENT)


async def decide_admin_consent(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    scene, form = opened
    outcome = await advance(site.here, scene.interaction, scene.browser)
    if not isinstance(outcome, Ready) or scene.interaction.errand is not Errand.ADMIN_CONSENT:
        return await go_on(scene)  # signed out meanwhile, or another page's form
    proposal = await propose(site.here, outcome.request, outcome.account.member)
    if isinstance(proposal, Refusal):
        return await present(scene, SentBack(proposal, outcome.request))
    match form.get("decision"):
        case "other":
            progress = scene.interaction.progress.with_another()
            return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=progress)))
        case "accept":
            return await _accept(scene, outcome, proposal)
        case _:
            refusal = proposal.refusal or Refusal(why.CONSENT_DECLINED)
            return await present(scene, SentBack(refusal, outcome.request))


async def _accept(scene: Scene, ready: Ready, proposal: Proposal) -> Response:
    ask, user = proposal.ask, ready.account.member
    if proposal.refusal is not None or digest(ask, user.tenant_id) != scene.interaction.progress.shown:
        return await present(scene, ready)  # the registration or the roles have changed since: show it as it is
    await accept(scene.site.here, scene.acting(user), ready.request, user, ask)
    return admin_consent_page.granted(scene, ready.request, ask, user)

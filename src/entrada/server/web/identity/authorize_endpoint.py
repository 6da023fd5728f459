"""The authorization endpoint, GET and POST, and the forms of the pages it shows.  RFC 6749 §3.1."""

from typing import Final

from attrs import evolve
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.ids import SessionId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.consent.decide import Ask, digest
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.usecases.authorize import Consenting, SentBack, Shown, advance
from entrada.server.usecases.give_consent import give_consent
from entrada.server.usecases.sign_in import Attempt, enter_password
from entrada.server.web.http import decision_log
from entrada.server.web.http.ask_again import ask_again
from entrada.server.web.http.form import read_form, read_query
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.identity import factor_forms
from entrada.server.web.identity.device_confirmation import turn_away
from entrada.server.web.identity.error_page import error_page
from entrada.server.web.identity.onward import go_on
from entrada.server.web.identity.present import cancelled, present
from entrada.server.web.identity.scene import Scene, hear_interaction, reopen

_LONGEST_REQUEST: Final = 11_000  # bytes; sealed into a page it must come back as one form value (parameters.MAX_VALUE)


async def authorize(site: Site, request: Request, version: Version, errand: Errand = Errand.AUTHORIZE) -> Response:
    parameters = _that_fit(await read_form(request) if request.method == "POST" else read_query(request))
    trace = trace_of(site.here, request, _correlation(parameters))
    if isinstance(parameters, Refusal):
        decision_log.refused("authorize", parameters, trace)
        return error_page(site, parameters, trace)
    browser = site.cookies.read(site.here, request)
    if again := ask_again(request, parameters, browser):
        return again
    interaction = Interaction(
        segment=request.path_params["tenant"],
        version=version,
        parameters=parameters,
        browser=browser.digest,
        correlation_id=trace.correlation_id,
        progress=Progress(started_at=trace.at),
        errand=errand,
    )
    hear_interaction(interaction, browser)
    after_post = request.method == "POST"
    scene = Scene(
        site=site, interaction=interaction, arrived=browser, browser=browser, trace=trace, after_post=after_post
    )
    return await present(scene, await advance(site.here, interaction, browser))


def _that_fit(parameters: Parameters | Refusal) -> Parameters | Refusal:
    if isinstance(parameters, Refusal):
        return parameters
    size = sum(len(name.encode()) + len(value.encode()) for name, value in parameters.items())
    if size > _LONGEST_REQUEST:
        return Refusal(why.TOO_LONG, {"fault": f"its parameters exceed {_LONGEST_REQUEST} bytes"})
    return parameters


async def login(site: Site, request: Request) -> Response:
    """The forms of the account picker, the user name page, the password page, and the pages of a second factor."""
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    scene, form = opened
    if form.get("cancel"):
        return await _cancel(scene)
    if form.sent("passwd"):
        return await _password(scene, form)
    for name, take_it in factor_forms.FIELDS.items():
        if form.sent(name):
            return await factor_forms.take(scene, form, take_it)
    progress = scene.interaction.progress
    if form.get("other") or (form.sent("account") and not form.get("account")):
        progress = progress.with_another()
    elif account := form.get("account"):
        progress = evolve(progress, chosen=SessionId(account), proof=None)
    elif username := (form.get("username") or "").strip():
        progress = evolve(progress, username=username[:256], proof=None)
    return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=progress)))


async def consent(site: Site, request: Request) -> Response:
    opened = await reopen(site, request)
    if isinstance(opened, Response):
        return opened
    scene, form = opened
    outcome = await advance(site.here, scene.interaction, scene.browser)
    decision = form.get("decision")
    if not isinstance(outcome, Consenting):
        return await go_on(scene)  # meanwhile consented in another tab, or signed out
    if decision == "other":
        progress = scene.interaction.progress.with_another()
        return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=progress)))
    if not isinstance(outcome.ask, Ask):
        named = " ".join(one.scope.value for one in outcome.ask.permissions)
        refusal = Refusal(why.ADMIN_CONSENT_REQUIRED, {"scope": named})
        return await present(scene, SentBack(refusal, outcome.request))
    if decision != "accept":
        if scene.interaction.errand is Errand.DEVICE:
            await turn_away(scene, outcome.request)
        return await present(scene, SentBack(Refusal(why.CONSENT_DECLINED), outcome.request))
    if digest(outcome.ask) != scene.interaction.progress.shown:
        return await present(scene, outcome)  # the registration or the account has changed since: show it as it is
    by = scene.acting(outcome.account.member)
    for_all = await give_consent(site.here, by, outcome, for_all=form.get("on_behalf") == "1")
    decision_log.granted(
        "consent",
        scene.trace,
        client=outcome.request.client.app_id,
        user=outcome.account.user.id,
        scope=" ".join(one.scope.value for one in outcome.ask.permissions),
        for_all=str(for_all),
    )
    progress = evolve(scene.interaction.progress, consented=True)
    return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=progress)))


async def nothing_under_way(site: Site, request: Request) -> Response:
    """A page of a sign-in by GET: the address bar, a bookmark.  What was under way travelled in a form."""
    return error_page(site, Refusal(why.INTERACTION_STALE), trace_of(site.here, request))


async def _password(scene: Scene, form: Parameters) -> Response:
    site, progress = scene.site, scene.interaction.progress
    attempt = Attempt(
        username=progress.username or form.get("username") or "",
        password=form.get("passwd") or "",
        keep=form.get("keep") == "1",
    )
    answer = await enter_password(site.here, attempt, progress, scene.browser.address)
    if isinstance(answer, Refusal):
        decision_log.refused("sign-in", answer, scene.trace, client=scene.client_id)
        return await go_on(scene, error=f"{answer.text} {answer.advice}")
    return await go_on(evolve(scene, interaction=evolve(scene.interaction, progress=answer)))


async def _cancel(scene: Scene) -> Response:
    outcome = await advance(scene.site.here, scene.interaction, scene.browser)
    if isinstance(outcome, Shown):
        return await present(scene, outcome)
    if isinstance(outcome, SentBack):
        return await present(scene, outcome)
    if scene.interaction.errand is Errand.ADMIN_CONSENT:
        return await present(scene, SentBack(Refusal(why.CONSENT_DECLINED), outcome.request))
    if scene.interaction.errand is not Errand.AUTHORIZE:
        return RedirectResponse("/", 303, HEADERS)  # one of our own pages: nobody waits for an answer
    return cancelled(scene, outcome.request)


def _correlation(parameters: Parameters | Refusal) -> str | None:
    return None if isinstance(parameters, Refusal) else parameters.get("client-request-id")

"""Turn what became of an authorization request into a page, a redirect or a self-submitting form."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.browser_sessions import seen, signed_in_to
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.consent.decide import AdminNeeded, Ask, digest
from entrada.core.protocol.error_fields import redirect_fields
from entrada.core.protocol.response_mode import Reply
from entrada.core.protocol.sign_in.next_step import EnterPassword, EnterUsername, PickAccount
from entrada.server.usecases.authorize import Admissible, Answered, Consenting, Outcome, Ready, SentBack, Shown, Waiting
from entrada.server.usecases.browser import Browser
from entrada.server.web.http import decision_log
from entrada.server.web.identity import admin_consent_page
from entrada.server.web.identity.factor_pages import factor_page
from entrada.server.web.identity.finish import FINISH
from entrada.server.web.identity.scene import Scene, form_page, reply, shown
from entrada.server.web.identity.wording import about, account_rows, groups, publisher, scope_rows


async def present(scene: Scene, outcome: Outcome, *, error: str | None = None) -> Response:
    """*error* is a sentence beside the field of a form that is shown again."""
    if isinstance(outcome, Admissible):
        # Only the forms of the sign-in open sessions (see onward); this was another page's, with their context.
        outcome = Shown(Refusal(why.INTERACTION_STALE))
    answer = await _answer(scene, outcome, error)
    if isinstance(outcome, Shown) and scene.browser == scene.arrived:
        return answer  # nobody signed in on the way: an error page leaves the browser as it was
    scene.site.cookies.write(scene.site.here, answer, _seen(scene, outcome), scene.arrived)
    return answer


_Told = Shown | SentBack | Answered | Waiting | Consenting | Ready


async def _answer(scene: Scene, outcome: _Told, error: str | None) -> Response:
    match outcome:
        case Shown():
            return await shown(scene, outcome.refusal, outcome.client)
        case SentBack() if scene.interaction.errand is Errand.ADMIN_CONSENT:
            return admin_consent_page.sent_back(scene, outcome.refusal, outcome.request)
        case SentBack() if scene.interaction.errand is not Errand.AUTHORIZE:
            return await shown(scene, outcome.refusal, None)
        case SentBack():
            return _sent_back(scene, outcome)
        case Answered():
            return _answered(scene, outcome)
        case Waiting():
            return await _waiting(scene, outcome, error)
        case Consenting():
            return await _consenting(scene, outcome)
        case Ready():
            return await FINISH[scene.interaction.errand](scene, outcome)


def _sent_back(scene: Scene, outcome: SentBack) -> Response:
    refusal, request = outcome.refusal, outcome.request
    decision_log.refused("authorize", refusal, scene.trace, client=scene.client_id)
    fields = redirect_fields(refusal, scene.trace, scene.site.here.origin, request.state)
    return reply(scene, Reply(request.redirect_uri, request.mode, fields))


def cancelled(scene: Scene, request: AuthorizeRequest) -> Response:
    """The person backed out of the sign-in; captures show no description.  Reference section 13.3."""
    decision_log.granted("sign-in cancelled", scene.trace, client=request.client.app_id)
    fields = [("error", "access_denied"), ("error_subcode", "cancel")]
    if request.state is not None:
        fields.append(("state", request.state))
    return reply(scene, Reply(request.redirect_uri, request.mode, fields))


def _answered(scene: Scene, outcome: Answered) -> Response:
    account = outcome.account
    decision_log.granted(
        "authorize",
        scene.trace,
        client=outcome.request.client.app_id,
        tenant=account.member.tenant_id,
        user=account.user.id,
        home=account.user.tenant_id,
        session=account.session.id,
        scope=outcome.request.scopes.text,
        resource=_first_resource(outcome.request),
    )
    return reply(scene, outcome.reply)


def _first_resource(request: AuthorizeRequest) -> str | None:
    return next((one.resource.app_id for one in request.scopes.resources), None)


def _seen(scene: Scene, outcome: Outcome) -> Browser:
    if not isinstance(outcome, Answered):
        return scene.browser
    session_id, request = outcome.account.session.id, outcome.request
    sessions = seen(scene.browser.sessions, session_id, scene.trace.at)
    if "code" not in request.response_type:
        sessions = signed_in_to(sessions, session_id, request.client.app_id)
    return evolve(scene.browser, sessions=sessions)


async def _waiting(scene: Scene, outcome: Waiting, error: str | None) -> Response:
    request = outcome.request
    match outcome.step:
        case PickAccount(accounts):
            rows = await account_rows(scene.site.here.store, accounts)
            return form_page(scene, request, "account_picker.html", {"accounts": rows}, "login")
        case EnterUsername():
            username = scene.interaction.progress.username or ""
            return form_page(scene, request, "username.html", {"username": username, "error": error}, "login")
        case EnterPassword(username):
            progress = evolve(scene.interaction.progress, username=username)
            named = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
            return form_page(named, request, "password.html", {"username": username, "error": error}, "login")
        case _:
            return await factor_page(scene, request, outcome.step, error)


async def _consenting(scene: Scene, outcome: Consenting) -> Response:
    request, user, ask = outcome.request, outcome.account.user, outcome.ask
    shown = digest(ask) if isinstance(ask, Ask) else b""
    progress = evolve(scene.interaction.progress, chosen=outcome.account.session.id, shown=shown)
    scene = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
    context: dict[str, object] = {
        "publisher": publisher(request.client),
        "username": user.user_principal_name,
    }
    if isinstance(ask, AdminNeeded):
        named = " ".join(one.scope.value for one in ask.permissions)
        decision_log.refused("consent", Refusal(why.ADMIN_CONSENT_REQUIRED, {"scope": named}), scene.trace)
        trace = {"trace_id": scene.trace.trace_id, "correlation_id": scene.trace.correlation_id}
        extra = {**trace, "timestamp": scene.trace.timestamp, "code": why.ADMIN_CONSENT_REQUIRED.aadsts}
        needed = {"permissions": scope_rows(ask.permissions), "detail": None}
        return form_page(scene, request, "admin_approval.html", {**context, **extra, **needed}, "consent")
    asked = {
        "title": "Permissions requested",
        "groups": groups(ask.permissions),
        "may_consent_for_all": ask.may_consent_for_all,
        "organization": None,
    }
    client = await about(scene.site.here.store, request.client, outcome.account.member.tenant_id)
    return form_page(scene, request, "consent.html", {**context, **asked, **client}, "consent")

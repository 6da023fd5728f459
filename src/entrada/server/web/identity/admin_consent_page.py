"""The page where an administrator consents for an organization, and what is answered.  Reference sections 28 and 29."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.pipeline import Redirected
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.consent.for_organization import OrganizationAsk, digest, granted_text
from entrada.core.protocol.error_fields import redirect_fields
from entrada.core.protocol.response_mode import Reply, ResponseMode
from entrada.core.protocol.version import Version
from entrada.server.usecases.admin_consent import Proposal, propose
from entrada.server.usecases.authorize import Ready
from entrada.server.web.http import decision_log
from entrada.server.web.identity.scene import Scene, form_page, reply
from entrada.server.web.identity.wording import about, groups, publisher, role_rows, scope_rows

_FORM = "adminconsent"
_MARK = ("admin_consent", "True")  # tells both answers from those of an authorization request


async def ask(scene: Scene, ready: Ready) -> Response:
    proposal = await propose(scene.site.here, ready.request, ready.account.member)
    if isinstance(proposal, Refusal):
        return sent_back(scene, proposal, ready.request)
    request, user = ready.request, ready.account.member
    shown = b"" if proposal.refusal else digest(proposal.ask, user.tenant_id)
    progress = evolve(scene.interaction.progress, chosen=ready.account.session.id, shown=shown)
    scene = evolve(scene, interaction=evolve(scene.interaction, progress=progress))
    context: dict[str, object] = {
        "publisher": publisher(request.client),
        "username": ready.account.user.user_principal_name,
    }
    if proposal.refusal is not None:
        return _not_theirs(scene, request, proposal, proposal.refusal, context)
    return await _form(scene, request, proposal.ask, user, context)


async def _form(
    scene: Scene, request: AuthorizeRequest, ask: OrganizationAsk, user: User, context: dict[str, object]
) -> Response:
    store = scene.site.here.store
    organization = await store.find_tenant(user.tenant_id)
    asked: dict[str, object] = {
        "title": "Permissions requested for your organization",
        "groups": groups(ask.permissions, ask.roles, for_organization=True),
        "may_consent_for_all": False,
        "organization": organization.display_name if organization else user.tenant_id,
    }
    client = await about(store, request.client, user.tenant_id)
    return form_page(scene, request, "consent.html", {**context, **asked, **client}, _FORM)


def _not_theirs(
    scene: Scene, request: AuthorizeRequest, proposal: Proposal, refusal: Refusal, context: dict[str, object]
) -> Response:
    decision_log.refused("admin consent", refusal, scene.trace, client=request.client.app_id)
    needed: dict[str, object] = {
        "permissions": [
            *scope_rows(proposal.ask.permissions, for_organization=True),
            *role_rows(proposal.ask.roles),
        ],
        "detail": f"{refusal.text} {refusal.advice}",
        "code": refusal.reason.aadsts,
        "trace_id": scene.trace.trace_id,
        "correlation_id": scene.trace.correlation_id,
        "timestamp": scene.trace.timestamp,
    }
    return form_page(scene, request, "admin_approval.html", {**context, **needed}, _FORM)


def sent_back(scene: Scene, refusal: Refusal, request: AuthorizeRequest | Redirected) -> Response:
    decision_log.refused("admin consent", refusal, scene.trace, client=scene.client_id)
    fields = [*redirect_fields(refusal, scene.trace, scene.site.here.origin, None), _MARK, *_state(request)]
    # By query always, whatever mode is asked for.
    return reply(scene, Reply(request.redirect_uri, ResponseMode.QUERY, fields))


def granted(scene: Scene, request: AuthorizeRequest, ask: OrganizationAsk, user: User) -> Response:
    text = granted_text(ask)
    facts = {"client": request.client.app_id, "tenant": user.tenant_id, "user": user.id, "scope": text}
    decision_log.granted("admin consent", scene.trace, **facts)
    tenant, state = ("tenant", user.tenant_id), _state(request)
    v2 = request.version is Version.V2
    fields = [_MARK, tenant, ("scope", text), *state] if v2 else [tenant, *state, _MARK]
    return reply(scene, Reply(request.redirect_uri, ResponseMode.QUERY, fields))


def _state(request: AuthorizeRequest | Redirected) -> list[tuple[str, str]]:
    return [] if request.state is None else [("state", request.state)]

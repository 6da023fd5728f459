"""Gather what consent is decided by, and decide: is anything missing, and may this user grant it?

Reference section 27.3.
"""

from collections.abc import Iterable

from attrs import evolve, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.policies import Policies
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.consent.decide import Consent, Nothing, decide, wanted
from entrada.core.protocol.consent.held import Held
from entrada.core.protocol.consent.may_grant import Rules
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.consent.registered import Known, knows, refuse_unlisted
from entrada.core.protocol.scope import ScopeRequest
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases import holdings
from entrada.server.usecases.holdings import Holdings

_NOTHING = ScopeRequest(oidc=frozenset(), resources=())
_ALWAYS = tuple(Permission(MICROSOFT_GRAPH, one) for one in MICROSOFT_GRAPH.scopes if one.value == "offline_access")
"""On every consent page, asked or not; reference section 29."""


@frozen
class Around:
    """What the client holds, and what the APIs hold whose permissions its consent covers."""

    own: Holdings
    apis: dict[ClientId, Holdings]

    @property
    def held(self) -> Held:
        return evolve(self.own.held, apis={app_id: one.held for app_id, one in self.apis.items()})

    @property
    def known(self) -> Known:
        return {app_id: one for has in (*self.apis.values(), self.own) for app_id, one in has.resources.items()}

    @property
    def principals(self) -> dict[ClientId, ServicePrincipal]:
        return {app_id: one for has in (*self.apis.values(), self.own) for app_id, one in has.principals.items()}


async def ask_consent(
    store: DirectoryReader, request: AuthorizeRequest, user: User, *, ask_again: bool
) -> Consent | Refusal:
    """*user* is the account as the tenant of the request knows it.  A refusal goes back to the client."""
    around = await gather(store, request.scopes, request.client, user)
    held = around.held
    permissions = wanted(request.scopes, request.client, MICROSOFT_GRAPH, around.known, held, ask_again=ask_again)
    if refusal := _unlisted(request, permissions, held) or _switched_off(request.scopes, around, user.tenant_id):
        return refusal
    if not ask_again and all(map(held.has, permissions)):
        return Nothing()  # the way of every silent sign-in: nobody has to be asked what may be granted
    rules = await _rules(store, request.client, permissions, around.principals, user.tenant_id)
    return decide(permissions, held, user, rules, ask_again=ask_again, always=_ALWAYS)


async def gather(store: DirectoryReader, scopes: ScopeRequest, client: Application, user: User) -> Around:
    own = await holdings.gather(store, scopes, client, user)
    asked = [part.resource for part in scopes.resources if part.default]
    return Around(own, await gather_apis(store, asked, client, user))


async def gather_apis(
    store: DirectoryReader, asked: Iterable[Application], client: Application, user: User
) -> dict[ClientId, Holdings]:
    """What each of the APIs asked for holds itself, if it knows *client* as one of its own."""
    behind = [api for api in asked if knows(api, client)]
    return {api.app_id: await holdings.gather(store, _NOTHING, api, user, whole=True) for api in behind}


async def _rules(
    store: DirectoryReader,
    client: Application,
    permissions: Iterable[Permission],
    principals: dict[ClientId, ServicePrincipal],
    tenant_id: TenantId,
) -> Rules:
    tenant = await store.find_tenant(tenant_id)
    resources = {one.resource.app_id for one in (*permissions, *_ALWAYS)}
    return Rules(
        tenant_id=tenant_id,
        client=client,
        user_consent=(tenant.policies if tenant else Policies()).user_consent,
        low_impact={one.app_id: one.low_impact_scopes for one in principals.values() if one.app_id in resources},
        assigned_only=frozenset(one.app_id for one in principals.values() if one.app_role_assignment_required),
    )


def _unlisted(request: AuthorizeRequest, permissions: tuple[Permission, ...], held: Held) -> Refusal | None:
    refusals = (
        refuse_unlisted(part, request.client, permissions, held, request.version) for part in request.scopes.resources
    )
    return next((refusal for refusal in refusals if refusal), None)


def _switched_off(scopes: ScopeRequest, around: Around, tenant_id: TenantId) -> Refusal | None:
    """An API that the tenant has switched off grants nothing: consent to it would be asked for again and again."""
    named = (part.resource for part in scopes.resources)
    for resource in (*((MICROSOFT_GRAPH,) if scopes.oidc else ()), *named):
        principal = around.principals.get(resource.app_id)
        if principal is not None and not principal.account_enabled:
            return Refusal(why.RESOURCE_DISABLED, {"resource": resource.display_name, "tenant": tenant_id})
    return None

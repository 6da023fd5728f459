"""What an application's tokens would say of a user: the preview of the page Token configuration.

The same functions that make tokens, short of signing: nothing is written, and nothing here opens a door.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application_patch import patched
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.presence import presence
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.consent.held import Held, held
from entrada.core.protocol.consent.registered import SIGN_IN, registered_scopes
from entrada.core.protocol.grants import standing
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.scope import OIDC
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.id_token import id_token_claims
from entrada.core.protocol.tokens.lifetime import access_token_lifetime, nearest_policy
from entrada.core.protocol.tokens.membership import membership
from entrada.core.protocol.tokens.roles import is_assigned
from entrada.core.protocol.tokens.subject import Claims
from entrada.core.protocol.version import Version
from entrada.server.usecases.administer.grant_admin_consent import find_listed
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application
from entrada.server.usecases.token_subject import Person, Sitting, token_subject
from entrada.server.usecases.user_facts import find_groups

_EACH_ITS_OWN: Final = "(another in every token)"
_SEALED: Final = "(sealed)"
_WITH_SECOND_FACTOR: Final = ("pwd", "mfa")
_MIDDLE: Final = 128  # of the spread of lifetimes


@frozen(kw_only=True)
class PreviewedToken:
    """An access token for *resource*; of its scopes, *missing* are not consented to yet."""

    resource: Application
    claims: Claims = field(repr=False)
    missing: tuple[str, ...] = ()


@frozen(kw_only=True)
class Preview:
    """*as_api* is what others get for the application itself, where it offers scopes.

    With a *refusal* nothing of all this would be issued now; it says why.
    """

    id_token: Claims = field(repr=False)
    access_tokens: tuple[PreviewedToken, ...]
    as_api: PreviewedToken | None
    refusal: Refusal | None


@frozen(kw_only=True)
class _Facts:
    now: NumericDate
    person: Person
    client: Application
    principal: ServicePrincipal | None
    assignments: tuple[AppRoleAssignment, ...]
    held: Held
    oidc: frozenset[str]

    @property
    def sitting(self) -> Sitting:
        methods = _WITH_SECOND_FACTOR if self.person.account.authenticator else ("pwd",)
        return Sitting(authenticated_at=self.now, methods=methods, session_id=None)


async def preview_tokens(
    here: Installation, actor: Actor, app_id: str, user_id: str, members: Mapping[str, object] | None = None
) -> Preview | Problem:
    """*members* are changes that nobody has saved yet."""
    if refused := may(actor, Operation.READ_APPLICATIONS) or may(actor, Operation.READ_USERS):
        return refused
    client = await _client(here, actor, app_id, members or {})
    if isinstance(client, Problem):
        return client
    person = await _person(here, actor, user_id)
    return person if isinstance(person, Problem) else await _preview(here, actor, client, person)


async def _preview(here: Installation, actor: Actor, client: Application, person: Person) -> Preview:
    apis = {MICROSOFT_GRAPH.app_id: MICROSOFT_GRAPH, **await find_listed(here, actor, client)}
    facts = await _gather(here, client, person, tuple(apis.values()))
    shown = [client if one.app_id == client.app_id else one for one in apis.values() if _concerns(facts, one)]
    return Preview(
        id_token=await _id_token(here, facts),
        access_tokens=tuple([await _access_token(here, facts, one, _wanted(client, one)) for one in shown]),
        as_api=await _access_token(here, facts, client, client.offered_values) if client.offered else None,
        refusal=_refusal(facts),
    )


async def _client(
    here: Installation, actor: Actor, app_id: str, members: Mapping[str, object]
) -> Application | Problem:
    found = await find_application(here.store, app_id)
    if found is None or not found.may_be_used_in(actor.tenant_id):
        return not_found("application", app_id)
    tenant = await here.store.find_tenant(found.tenant_id)
    return patched(found, members, tenant, new_id=here.new_id) if members and tenant else found


async def _person(here: Installation, actor: Actor, user_id: str) -> Person | Problem:
    guid, store = parse_guid(user_id), here.store
    user = await store.find_user(actor.tenant_id, UserId(guid)) if guid else None
    if user is None:
        return not_found("user", user_id)
    account = await store.find_user(user.home.tenant_id, user.home.user_id) if user.home else user
    home = await store.find_tenant(account.tenant_id) if account else None
    tenant = await store.find_tenant(actor.tenant_id)
    if account is None or home is None or tenant is None:
        return not_found("account at home of the guest", user_id)
    return Person(account=account, home=home, user=user, tenant=tenant)


async def _gather(here: Installation, client: Application, person: Person, apis: tuple[Application, ...]) -> _Facts:
    store, tenant_id, user = here.store, person.tenant.id, person.user
    principal = presence(client, await store.find_service_principal(tenant_id, client.app_id), tenant_id)
    grants = await store.find_grants(tenant_id, principal.id, user.id) if principal else ()
    pairs = [(api, await store.find_service_principal(tenant_id, api.app_id)) for api in apis]
    has = held(client, pairs, grants)
    on_graph = has.of(MICROSOFT_GRAPH) | _wanted(client, MICROSOFT_GRAPH)
    return _Facts(
        now=here.clock(),
        person=person,
        client=client,
        principal=principal,
        assignments=await store.find_app_role_assignments(tenant_id, user.id),
        held=has,
        oidc=SIGN_IN | (on_graph & OIDC),
    )


def _concerns(facts: _Facts, api: Application) -> bool:
    return bool(facts.held.of(api) or _wanted(facts.client, api))


def _wanted(client: Application, api: Application) -> frozenset[str]:
    """What the registration lists of *api*."""
    listed = registered_scopes(client, (), {api.app_id: api})
    return frozenset(one.scope.value for one in listed)


async def _id_token(here: Installation, facts: _Facts) -> Claims:
    client = facts.client
    groups = await find_groups(here.store, facts.person.user, client)
    return id_token_claims(
        await token_subject(here, facts.person, facts.sitting, client, facts.oidc),
        Version.V2,
        now=facts.now,
        uti=_EACH_ITS_OWN,
        held=membership(client, facts.principal, facts.assignments, groups),
    )


async def _access_token(here: Installation, facts: _Facts, api: Application, wanted: frozenset[str]) -> PreviewedToken:
    person, client, has = facts.person, facts.client, facts.held.of(api)
    tenant_id = person.tenant.id
    principal = presence(api, await here.store.find_service_principal(tenant_id, api.app_id), tenant_id)
    groups = await find_groups(here.store, person.user, api)
    grant = Grant(
        resource=api,
        identifier=next(iter(api.identifier_uris), api.app_id),
        scopes=sorted((has | wanted) - {"offline_access"}),
        held=membership(api, principal, facts.assignments, groups),
        client_proof=_proof(client),
        aio=_SEALED,
    )
    lifetime = access_token_lifetime(nearest_policy(person.tenant, api, principal), _MIDDLE)
    subject = await token_subject(here, person, facts.sitting, client, facts.oidc, api)
    claims = access_token_claims(subject, grant, now=facts.now, lifetime=lifetime, uti=_EACH_ITS_OWN)
    missing = wanted - has if api is not client else frozenset[str]()
    return PreviewedToken(resource=api, claims=claims, missing=tuple(sorted(missing)))


def _proof(client: Application) -> str:
    if client.certificates or client.federated_credentials:
        return "2"
    return "1" if client.client_secrets else "0"


def _refusal(facts: _Facts) -> Refusal | None:
    person = facts.person
    stands = Standing(
        tenant=person.home,
        user=person.account,
        issued_in=person.tenant,
        member=person.user,
        client=facts.client,
        service_principal=facts.principal,
        assigned=is_assigned(facts.principal, facts.assignments),
    )
    return standing.refuse(stands, facts.now, _WITH_SECOND_FACTOR)

"""Gather the directory's facts about a user's grant: who everybody is now, and what the client holds today."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.grants.whose import Whose
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.scope import DEFAULT, ScopeRequest, identifiers, parse_words, resolve
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.tokens.granted import Granted, granted
from entrada.core.protocol.tokens.lifetime import nearest_policy
from entrada.core.protocol.tokens.membership import Membership, membership, wants_groups
from entrada.core.protocol.tokens.roles import is_assigned
from entrada.core.protocol.version import Version
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases import holdings
from entrada.server.usecases.asking import Asking
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_resources
from entrada.server.usecases.token_subject import Person


@frozen(kw_only=True)
class UserFacts:
    standing: Standing
    granted: Granted | Refusal
    on_client: Membership = field(factory=Membership)  # what the user is there: for the ID token
    on_resource: Membership = field(factory=Membership)  # for the access token
    lifetime_policy: Seconds | None = None  # of the access token


async def gather(here: Installation, asking: Asking, whose: Whose, scope: str) -> UserFacts:
    """*scope* is what was authorized; the request may narrow it, or name another resource."""
    store, client, tenant_id = here.store, asking.client, whose.issued_in
    user = await store.find_user(whose.tenant_id, whose.user_id)
    member = await store.find_guest(tenant_id, whose.user_id) if whose.is_guest else user
    principal = await store.find_service_principal(tenant_id, client.app_id)
    assignments = await store.find_app_role_assignments(tenant_id, member.id) if member else ()
    home = await store.find_tenant(whose.tenant_id)
    tenant = await store.find_tenant(tenant_id) if whose.is_guest else home
    standing = Standing(
        tenant=home,
        user=user,
        issued_in=tenant,
        member=member,
        client=client,
        service_principal=principal,
        assigned=is_assigned(principal, assignments),
        claims=asking.claims,
    )
    scopes = await _scopes(here, asking, tenant_id, scope)
    if member is None or isinstance(scopes, Refusal):
        refusal = scopes if isinstance(scopes, Refusal) else Refusal(why.USER_DISABLED)
        return UserFacts(standing=standing, granted=refusal)
    has = await holdings.gather(store, scopes, client, member)
    answer = granted(scopes, client, MICROSOFT_GRAPH, has.held)
    if isinstance(answer, Refusal):
        return UserFacts(standing=standing, granted=answer)
    resource = answer.resource
    on_resource = has.principals.get(resource.app_id)
    groups = await find_groups(store, member, client, resource)
    return UserFacts(
        standing=standing,
        granted=answer,
        on_client=membership(client, principal, assignments, groups),
        on_resource=membership(resource, on_resource, assignments, groups),
        lifetime_policy=nearest_policy(tenant, resource, on_resource) if tenant else None,
    )


@frozen(kw_only=True)
class OnClient:
    """What a client may learn of an account without a resource."""

    person: Person
    oidc: frozenset[str]  # of the scopes that were asked, those granted
    on_client: Membership


async def gather_on_client(here: Installation, scopes: ScopeRequest, client: Application, account: Account) -> OnClient:
    """For the authorization endpoint.  *account* is live."""
    store, member = here.store, account.member
    home = await store.find_tenant(account.user.tenant_id)
    tenant = await store.find_tenant(member.tenant_id)
    if home is None or tenant is None:
        raise AssertionError  # an account of no tenant is not live
    has = await holdings.gather(store, scopes, client, member)
    assignments = await store.find_app_role_assignments(member.tenant_id, member.id)
    groups = await find_groups(store, member, client)
    return OnClient(
        person=Person(account=account.user, home=home, user=member, tenant=tenant),
        oidc=has.held.of(MICROSOFT_GRAPH) & scopes.oidc,
        on_client=membership(client, has.principals.get(client.app_id), assignments, groups),
    )


async def find_groups(store: DirectoryReader, member: User, *shapes: Application) -> tuple[Group, ...]:
    """Read only where a token's shape asks for them."""
    wanted = any(wants_groups(shape) for shape in shapes)
    return await store.find_groups(member.tenant_id, member.id) if wanted else ()


async def _scopes(here: Installation, asking: Asking, tenant_id: TenantId, authorized: str) -> ScopeRequest | Refusal:
    text = asked_scope(asking.request.parameters, asking.request.version)
    if text is not None and not text.strip():
        return Refusal(why.EMPTY_SCOPE)
    words = parse_words(authorized)
    narrowed = parse_words(text) if text is not None else words
    if isinstance(words, Refusal):
        return words
    if isinstance(narrowed, Refusal):
        return narrowed
    tenants = (tenant_id, asking.client.tenant_id)
    known = await find_resources(here.store, identifiers([*words, *narrowed]), tenants, origin=here.origin)
    was = resolve(words, known, tenant_id)
    if text is None or isinstance(was, Refusal):
        return was
    now = resolve(narrowed, known, tenant_id)
    if isinstance(now, Refusal):
        return now
    if len(now.resources) > 1:
        return Refusal(why.SEVERAL_RESOURCES, {"scope": text})
    # What the person signed in for stays: the ID token and the refresh token follow the authorization request.
    return ScopeRequest(oidc=was.oidc, resources=now.resources or was.resources, text=now.text)


def asked_scope(parameters: Parameters, version: Version) -> str | None:
    """The scope of a token request; None: whatever was authorized."""
    if version is Version.V1:
        resource = parameters.get("resource")
        return f"{resource}/{DEFAULT}" if resource else None
    return parameters.get("scope") or ("" if parameters.sent("scope") else None)

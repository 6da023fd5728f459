"""The client credentials grant: authenticate, gather, decide, sign.  Nothing is written."""

from entrada.core.directory.application import Application
from entrada.core.directory.presence import presence
from entrada.core.directory.tenant import Tenant
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.client_authentication.authenticate import authenticate_confidential
from entrada.core.protocol.grants.client_credentials import Facts, asked_resource, decide
from entrada.core.protocol.tokens.app_token import AppGrant, app_token_claims
from entrada.core.protocol.tokens.granted import Granted
from entrada.core.protocol.tokens.response import TokenResponse
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_resources
from entrada.server.usecases.sign_tokens import new_uti, signed


async def issue_client_token(here: Installation, asking: Asking) -> Issued | Refusal:
    now = here.clock()
    client = authenticate_confidential(asking.client, asking.credentials.presented, now)
    if isinstance(client, Refusal):
        return client
    tenant = asking.authority.tenant
    if tenant is None:
        # Entra demands a tenant and does not document its code; of the two that fit this one says what is missing.
        return Refusal(why.TENANT_NOT_NAMED)
    identifier = asked_resource(asking.request.parameters, asking.request.version)
    if isinstance(identifier, Refusal):
        return identifier
    grant = decide(identifier, await gather_facts(here, client.application, tenant, identifier))
    return grant if isinstance(grant, Refusal) else await sign_app_token(here, grant, asking.claims, client.proof)


async def gather_facts(here: Installation, application: Application, tenant: Tenant, identifier: str) -> Facts:
    store = here.store
    stored = await store.find_service_principal(tenant.id, application.app_id)
    principal = presence(application, stored, tenant.id)
    # An API of another tenant may be named by its URI at the client's home, which is where the client learned of it.
    found = await find_resources(store, {identifier}, (tenant.id, application.tenant_id), origin=here.origin)
    resource = found.get(identifier)
    return Facts(
        tenant=tenant,
        client=application,
        principal=principal,
        resource=resource,
        resource_principal=await store.find_service_principal(tenant.id, resource.app_id) if resource else None,
        assignments=await store.find_app_role_assignments(tenant.id, principal.id) if principal else (),
    )


async def sign_app_token(here: Installation, grant: AppGrant, asked: ClaimsRequest, proof: str) -> Issued:
    now = here.clock()
    key = await here.signing_keys.signer(now)
    claims = app_token_claims(grant, asked, origin=here.origin, proof=proof, now=now, uti=new_uti(here))
    response = TokenResponse(
        granted=Granted(
            resource=grant.resource, identifier=grant.identifier, scopes=(), oidc=frozenset[str](), scope=""
        ),
        lifetime=grant.lifetime,
        now=now,
        access_token=signed(claims, key, grant.version),
    )
    return Issued(response=response, client=grant.client)

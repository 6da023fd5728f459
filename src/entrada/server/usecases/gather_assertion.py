"""Gather what checking a client's assertion needs: the names we go by here, and its issuer's keys."""

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId, parse_guid
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.client_authentication.assertion import ClientAssertion, IssuerKeys, audiences
from entrada.core.protocol.client_authentication.federated_assertion import holder, names_issuer
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.token_origin import find_welcome
from entrada.server.usecases.token_request import Credentials


async def gather_assertion(
    here: Installation, credentials: Credentials, client: Application, authority: Authority, segment: str
) -> Credentials:
    """*credentials* as they came, when they hold no assertion."""
    presented = credentials.presented
    if presented.assertion is None:
        return credentials
    known = evolve(
        presented.assertion,
        audiences=audiences(here.origin, segment, authority),
        issuer_keys=await _issuer_keys(here, client, presented.assertion),
    )
    return evolve(credentials, presented=evolve(presented, assertion=known))


async def _issuer_keys(here: Installation, client: Application, assertion: ClientAssertion) -> IssuerKeys | None:
    name = assertion.issuer
    if name is None or not names_issuer(client, name):
        return None  # a stranger's word sends us nowhere
    if name.startswith(f"{here.origin}/"):
        return await _own_keys(here, assertion)
    kid = assertion.token.header.get("kid")
    return IssuerKeys(keys=await here.external_issuers.keys(name, kid if isinstance(kid, str) else None))


async def _own_keys(here: Installation, assertion: ClientAssertion) -> IssuerKeys:
    """Our own token stands for a client as long as the application that got it may get tokens there."""
    welcome = await _is_welcome(here, assertion)
    keys = await here.signing_keys.published(here.clock())
    return IssuerKeys(keys={key.kid: key.private_key.public_key() for key in keys}, ours=True, welcome=welcome)


async def _is_welcome(here: Installation, assertion: ClientAssertion) -> bool:
    token = assertion.token
    tenant_id = parse_guid(token.text("tid") or "")
    client_id = parse_guid(str(holder(token.claims)))
    if tenant_id is None or client_id is None:
        return False
    return await find_welcome(here.store, TenantId(tenant_id), ClientId(client_id)) is not None

"""Gather what checking a client's assertion needs: the names we go by here, and its issuer's keys."""

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.client_authentication.assertion import ClientAssertion, IssuerKeys, audiences
from entrada.core.protocol.client_authentication.federated_assertion import names_issuer
from entrada.server.usecases.installation import Installation
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
        keys = await here.signing_keys.published(here.clock())
        return IssuerKeys(keys={key.kid: key.private_key.public_key() for key in keys}, ours=True)
    kid = assertion.token.header.get("kid")
    return IssuerKeys(keys=await here.external_issuers.keys(name, kid if isinstance(kid, str) else None))

"""Make and sign the tokens of a user's grant."""

from attrs import field, frozen

from entrada.core.directory.application import Platform
from entrada.core.directory.user import User
from entrada.core.jose import base64url, compact
from entrada.core.jose.key import SigningKey
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.origin import Origin, pack_origin
from entrada.core.protocol.artefacts.refresh_token import pack_refresh_token
from entrada.core.protocol.client_authentication.authenticate import AuthenticatedClient
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.id_token import Claims, id_token_claims
from entrada.core.protocol.tokens.response import TokenResponse, client_info
from entrada.core.protocol.tokens.subject import Subject, access_token_lifetime
from entrada.core.protocol.version import Version
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.user_facts import UserFacts

_UTI_BYTES = 16


@frozen(kw_only=True)
class Ticket:
    """What the code or refresh token says of the sign-in."""

    origin: Origin
    platform: Platform
    nonce: str | None = field(default=None, repr=False)
    with_auth_time: bool = False


async def sign_tokens(
    here: Installation, asking: Asking, client: AuthenticatedClient, facts: UserFacts, issue: Issue, ticket: Ticket
) -> Issued:
    home, user = facts.standing.user, facts.standing.member
    if home is None or user is None:
        raise AssertionError  # the grant's decision has refused
    now = here.clock()
    key = await here.signing_keys.signer(now)
    subject = _subject(here, client, user, issue, ticket)
    lifetime = access_token_lifetime(here.entropy(1)[0])
    grant = Grant(
        resource=issue.granted.resource,
        identifier=issue.granted.identifier,
        scopes=issue.granted.scopes,
        roles=facts.resource_roles,
        client_proof=client.proof,
        aio=_aio(here, ticket.origin),
    )
    claims = access_token_claims(subject, grant, now=now, lifetime=lifetime, uti=new_uti(here))
    refresh = issue.successor
    response = TokenResponse(
        granted=issue.granted,
        lifetime=lifetime,
        now=now,
        access_token=signed(claims, key, grant.version),
        refresh_token=_seal(here, refresh) if refresh else None,
        refresh_token_expires_in=_spa_remaining(refresh, now),
        id_token=_id_token(here, asking, facts, subject, ticket, key),
        client_info=client_info(home) if asking.request.parameters.get("client_info") == "1" else None,
    )
    return Issued(
        response=response,
        client=client.application,
        user_id=user.id,
        cross_origin=ticket.platform is Platform.SPA,
    )


def _subject(here: Installation, client: AuthenticatedClient, user: User, issue: Issue, ticket: Ticket) -> Subject:
    return Subject(
        origin=here.origin,
        user=user,
        client=client.application,
        oidc=issue.granted.oidc,
        pairwise_key=here.pairwise_key(user.tenant_id),
        authenticated_at=ticket.origin.authenticated_at,
        methods=ticket.origin.methods,
    )


def _id_token(
    here: Installation, asking: Asking, facts: UserFacts, subject: Subject, ticket: Ticket, key: SigningKey
) -> str | None:
    if "openid" not in subject.oidc:
        return None
    version = asking.request.version
    claims = id_token_claims(
        subject,
        version,
        now=here.clock(),
        uti=new_uti(here),
        nonce=ticket.nonce,
        with_auth_time=ticket.with_auth_time,
        roles=facts.client_roles,
    )
    return signed(claims, key, version)


def signed(claims: Claims, key: SigningKey, version: Version) -> str:
    """A token of *version*."""
    # v1.0 tokens name the key twice; captures show x5t between alg and kid.
    return compact.sign(claims, key, header={"x5t": key.kid} if version is Version.V1 else None)


def _seal(here: Installation, token: RefreshTokenPayload) -> str:
    return here.keyring.seal_deterministic(
        pack_refresh_token(token), purpose=purposes.REFRESH_TOKEN, tenant=token.tenant_id, at=token.sealed_at
    )


def _aio(here: Installation, origin: Origin) -> str:
    return here.seal(pack_origin(origin), purpose=purposes.ORIGIN, tenant=origin.tenant_id)


def _spa_remaining(token: RefreshTokenPayload | None, now: NumericDate) -> int | None:
    # Seen on single-page applications only: what is left of their fixed 24 hours.
    return token.family_ends_at - now - 1 if token and token.platform is Platform.SPA else None


def new_uti(here: Installation) -> str:
    """A token's own id."""
    return base64url.encode(here.entropy(_UTI_BYTES))

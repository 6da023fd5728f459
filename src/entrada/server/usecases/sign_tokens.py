"""Make and sign the tokens of a user's grant."""

from attrs import field, frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.ids import SessionId
from entrada.core.jose import base64url, compact
from entrada.core.jose.key import SigningKey
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.origin import Origin, pack_origin
from entrada.core.protocol.artefacts.refresh_token import pack_refresh_token
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.claims_request import ClaimsRequest, both
from entrada.core.protocol.client_authentication.authenticate import AuthenticatedClient
from entrada.core.protocol.grants.decision import Issue
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.id_token import Beside, id_token_claims
from entrada.core.protocol.tokens.lifetime import access_token_lifetime
from entrada.core.protocol.tokens.response import TokenResponse, client_info
from entrada.core.protocol.tokens.subject import Claims, Subject
from entrada.core.protocol.version import Version
from entrada.server.usecases import user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.token_subject import Person, Sitting, token_subject
from entrada.server.usecases.user_facts import UserFacts

_UTI_BYTES = 16


@frozen(kw_only=True)
class Ticket:
    """What the code or refresh token says of the sign-in."""

    origin: Origin
    platform: Platform
    nonce: str | None = field(default=None, repr=False)
    with_auth_time: bool = False
    session_id: SessionId | None = None  # None: no browser was in it
    claims: ClaimsRequest = field(factory=ClaimsRequest)  # what was asked when the person signed in


async def sign_tokens(
    here: Installation, asking: Asking, client: AuthenticatedClient, facts: UserFacts, issue: Issue, ticket: Ticket
) -> Issued:
    now, granted = here.clock(), issue.granted
    person = _person(facts)
    key = await here.signing_keys.signer(now)
    sitting = Sitting(
        authenticated_at=ticket.origin.authenticated_at,
        methods=ticket.origin.methods,
        session_id=ticket.session_id,
        asked=both(asking.claims, ticket.claims),
    )
    subject = await token_subject(here, person, sitting, client.application, granted.oidc, granted.resource)
    lifetime = access_token_lifetime(facts.lifetime_policy, here.entropy(1)[0])
    grant = Grant(
        resource=granted.resource,
        identifier=granted.identifier,
        scopes=granted.scopes,
        held=facts.on_resource,
        client_proof=client.proof,
        aio=_aio(here, ticket.origin, granted.resource),
    )
    claims = access_token_claims(subject, grant, now=now, lifetime=lifetime, uti=new_uti(here))
    refresh = issue.successor
    response = TokenResponse(
        granted=granted,
        lifetime=lifetime,
        now=now,
        access_token=signed(claims, key, grant.version),
        refresh_token=_seal(here, refresh) if refresh else None,
        refresh_token_expires_in=_spa_remaining(refresh, now),
        id_token=_id_token(here, asking.request.version, facts, subject, ticket, key),
        client_info=client_info(person.account) if asking.request.parameters.get("client_info") == "1" else None,
    )
    return Issued(
        response=response,
        client=client.application,
        user_id=person.user.id,
        cross_origin=ticket.platform is Platform.SPA,
    )


async def sign_id_token(
    here: Installation,
    request: AuthorizeRequest,
    account: Account,
    *,
    code: str | None = None,
    access_token: str | None = None,
) -> str:
    """The ID token of the authorization endpoint: bound to what travels beside it, and short, since a URL carries it.

    *account* is signed in and has consented.
    """
    now, client = here.clock(), request.client
    key = await here.signing_keys.signer(now)
    holds = await user_facts.gather_on_client(here, request.scopes, client, account)
    sitting = Sitting(
        authenticated_at=account.session.authenticated_at,
        methods=account.session.methods,
        session_id=account.session.id,
        asked=request.claims,
    )
    claims = id_token_claims(
        await token_subject(here, holds.person, sitting, client, holds.oidc),
        request.version,
        now=now,
        uti=new_uti(here),
        nonce=request.nonce,
        with_auth_time=request.max_age is not None,
        held=holds.on_client,
        beside=Beside(code=code, access_token=access_token),
    )
    return signed(claims, key, request.version)


def _person(facts: UserFacts) -> Person:
    standing = facts.standing
    account, home, user, tenant = standing.user, standing.tenant, standing.member, standing.issued_in
    if account is None or home is None or user is None or tenant is None:
        raise AssertionError  # the grant's decision has refused
    return Person(account=account, home=home, user=user, tenant=tenant)


def _id_token(
    here: Installation, version: Version, facts: UserFacts, subject: Subject, ticket: Ticket, key: SigningKey
) -> str | None:
    if "openid" not in subject.oidc:
        return None
    claims = id_token_claims(
        subject,
        version,
        now=here.clock(),
        uti=new_uti(here),
        nonce=ticket.nonce,
        with_auth_time=ticket.with_auth_time,
        held=facts.on_client,
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


def _aio(here: Installation, origin: Origin, resource: Application) -> str:
    return here.seal(pack_origin(origin, resource.app_id), purpose=purposes.ORIGIN, tenant=origin.tenant_id)


def _spa_remaining(token: RefreshTokenPayload | None, now: NumericDate) -> int | None:
    # Seen on single-page applications only: what is left of their fixed 24 hours.
    return token.family_ends_at - now - 1 if token and token.platform is Platform.SPA else None


def new_uti(here: Installation) -> str:
    """A token's own id."""
    return base64url.encode(here.entropy(_UTI_BYTES))

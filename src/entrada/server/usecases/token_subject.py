"""Gather what a user's tokens say of the user and of the sign-in; reads only what a registration asks for."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import SessionId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.tokens.optional_claims import wants
from entrada.core.protocol.tokens.subject import Subject
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.login_hint import seal_login_hint


@frozen(kw_only=True)
class Person:
    """Whom tokens are for: an account, and what stands for it in the tenant of issue."""

    account: User
    home: Tenant
    user: User
    tenant: Tenant


@frozen(kw_only=True)
class Sitting:
    """The sign-in behind the tokens."""

    authenticated_at: NumericDate
    methods: tuple[str, ...]
    session_id: SessionId | None  # None: no browser was in it
    asked: ClaimsRequest = field(factory=ClaimsRequest)


async def token_subject(
    here: Installation,
    person: Person,
    sitting: Sitting,
    client: Application,
    oidc: frozenset[str],
    resource: Application | None = None,
) -> Subject:
    """*resource* is the API of the access token, if there is one."""
    shapes = (client.optional_claims.id_token, resource.optional_claims.access_token if resource else ())
    by_address = wants("ipaddr", sitting.asked, *shapes)
    return Subject(
        origin=here.origin,
        user=person.user,
        tenant=person.tenant,
        account=person.account,
        home=person.home,
        client=client,
        oidc=oidc,
        pairwise_key=here.pairwise_key(person.tenant.id),
        authenticated_at=sitting.authenticated_at,
        methods=sitting.methods,
        session_id=sitting.session_id,
        address=await _address(here, person.account, sitting) if by_address else None,
        login_hint=seal_login_hint(here, person.account) if wants("login_hint", sitting.asked, *shapes) else None,
        asked=sitting.asked,
    )


async def _address(here: Installation, account: User, sitting: Sitting) -> str | None:
    if sitting.session_id is None:
        return None
    session = await here.store.find_session(account.tenant_id, sitting.session_id)
    return session.address if session else None

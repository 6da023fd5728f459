"""The password grant: ask whether it is allowed, prove the password, gather, decide, commit, sign.  One transaction."""

from entrada.core.credentials.place import place_of
from entrada.core.directory.ids import FamilyId
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.sign_in import SignIn
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.authorize.allowed_scope import asked_words
from entrada.core.protocol.client_authentication.authenticate import (
    AuthenticatedClient,
    authenticate_without_redirect,
    platform_without_redirect,
)
from entrada.core.protocol.grants.password import METHODS, Request, decide, refuse_home, refuse_place
from entrada.core.protocol.grants.whose import Whose
from entrada.core.protocol.grants.without_redirect import family_end
from entrada.server.store.port import StoreContended
from entrada.server.usecases import sign_tokens, user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.prove_password import prove_password_alone


async def redeem_password(here: Installation, asking: Asking) -> Issued | Refusal:
    client = authenticate_without_redirect(asking.client, asking.credentials.presented, here.clock())
    if isinstance(client, Refusal):
        return client
    scope = _scope(asking)
    if isinstance(scope, Refusal):
        return scope
    user = await _prove(here, asking)
    return user if isinstance(user, Refusal) else await _redeem(here, asking, client, user, scope)


def _scope(asking: Asking) -> str | Refusal:
    words = asked_words(asking.request.parameters, asking.request.version)
    return words if isinstance(words, Refusal) else " ".join(map(str, words))


async def _prove(here: Installation, asking: Asking) -> User | Refusal:
    username, password = (asking.request.parameters.get(name) for name in ("username", "password"))
    if username is None or password is None:
        missing = "password" if username else "username"
        return Refusal(why.MISSING_PARAMETER, {"parameter": missing})
    if refusal := refuse_place(asking.authority):
        return refusal
    domain = _domain(username)
    home = await here.store.find_tenant_by_domain(domain) if domain else None
    if home is not None and (refusal := refuse_home(asking.authority, domain, home)):
        return refusal
    # A domain that nobody here has is refused there, as a name that nobody has.
    return await prove_password_alone(here, username, password, address=asking.request.sender.address)


def _domain(username: str) -> str:
    """Empty when it is no user name: nor is it looked up then."""
    name = username.strip()
    return name.rpartition("@")[2].lower() if is_principal_name(name) else ""


async def _redeem(
    here: Installation, asking: Asking, client: AuthenticatedClient, user: User, scope: str
) -> Issued | Refusal:
    now, whose = here.clock(), Whose(tenant_id=user.tenant_id, user_id=user.id, issued_in=user.tenant_id)
    facts = await user_facts.gather(here, asking, whose, scope)
    origin = Origin(
        tenant_id=user.tenant_id,
        user_id=user.id,
        family_id=FamilyId(here.new_id()),
        family_ends_at=family_end(scope, now),
        authenticated_at=now,
        methods=METHODS,
    )
    request = Request(client=client.application, scope=scope, sign_in=_row(asking, origin))
    decision = decide(request, origin, facts.standing, facts.granted, now)
    if isinstance(decision.answer, Refusal):
        return decision.answer
    if not await here.store.commit(decision.effects):
        raise StoreContended  # an id that was made just now is taken
    ticket = sign_tokens.Ticket(origin=origin, platform=platform_without_redirect(client.application))
    return await sign_tokens.sign_tokens(here, asking, client, facts, decision.answer, ticket)


def _row(asking: Asking, origin: Origin) -> SignIn:
    sender = asking.request.sender
    return SignIn(
        tenant_id=origin.tenant_id,
        id=sender.trace_id,
        at=origin.authenticated_at,
        user_id=origin.user_id,
        client_id=asking.client.app_id,
        session_id=None,
        address=place_of(sender.address),
        user_agent=sender.user_agent,
        correlation_id=sender.correlation_id,
    )

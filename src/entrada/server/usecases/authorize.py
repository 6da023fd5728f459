"""Answer an authorization request, or say what the person must do first.

Every step of a sign-in comes back here: the request is checked anew against the directory as it is now, so what was
disabled or changed in between stops it.
"""

from attrs import evolve, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize import pipeline
from entrada.core.protocol.authorize.allowed_scope import asked_words
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.consent import decide as consent
from entrada.core.protocol.grants.standing import refuse_unassigned
from entrada.core.protocol.response_mode import Reply
from entrada.core.protocol.scope import identifiers
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.sign_in.next_step import Admit, Page, next_step
from entrada.core.protocol.sign_in.proof import Claimant
from entrada.core.protocol.tokens.roles import is_assigned
from entrada.server.usecases.ask_consent import ask_consent
from entrada.server.usecases.authorization_response import respond
from entrada.server.usecases.browser import Browser, live_accounts
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.login_hint import read_login_hint
from entrada.server.usecases.lookup import find_application, find_authority, find_resources
from entrada.server.usecases.removed_at_home import is_removed
from entrada.server.usecases.sign_in import find_claimant


@frozen
class Shown:
    """The refusal stands on a page."""

    refusal: Refusal
    client: Application | None = None


@frozen
class SentBack:
    """The refusal returns to the client; the page's trace goes with it."""

    refusal: Refusal
    request: AuthorizeRequest | pipeline.Redirected


@frozen
class Answered:
    """A code for the client.  *account* is whose."""

    reply: Reply = field(repr=False)
    account: Account
    request: AuthorizeRequest


@frozen
class Waiting:
    """The person must do something first."""

    request: AuthorizeRequest
    step: Page


@frozen
class Admissible:
    """*claimant* has proved everything that is needed: open a session, and go on."""

    request: AuthorizeRequest
    claimant: Claimant


@frozen
class Consenting:
    """*account* is asked for consent, or told that an administrator must give it."""

    request: AuthorizeRequest
    account: Account
    ask: consent.Ask | consent.AdminNeeded


@frozen
class Ready:
    """Nothing is left to ask for one of our own pages, which goes on with *account*."""

    request: AuthorizeRequest
    account: Account


Outcome = Shown | SentBack | Answered | Waiting | Admissible | Consenting | Ready


async def advance(here: Installation, interaction: Interaction, browser: Browser) -> Outcome:
    context = await gather(here, interaction)
    if isinstance(context, Refusal):
        return Shown(context)
    match pipeline.run(context):
        case pipeline.Shown(refusal):
            # Another tenant's application answers as one that does not exist.
            return Shown(refusal, None if refusal.reason is why.CLIENT_NOT_FOUND else context.client)
        case pipeline.Redirected() as redirected:
            return SentBack(redirected.refusal, redirected)
        case request:
            return await _serve(here, request, interaction, browser)


async def gather(here: Installation, interaction: Interaction) -> Context | Refusal:
    authority = await find_authority(here.store, interaction.segment)
    if authority is None:
        return Refusal(why.TENANT_NOT_FOUND, {"tenant": interaction.segment})
    parameters = interaction.parameters
    own = interaction.errand is Errand.ACCOUNT
    client = MY_ACCOUNT if own else await find_application(here.store, parameters.get("client_id") or "")
    tenants = [tenant for tenant in (authority.tenant and authority.tenant.id, client and client.tenant_id) if tenant]
    principal = None
    if client is not None and authority.tenant is not None:
        principal = await here.store.find_service_principal(authority.tenant.id, client.app_id)
        if await is_removed(here.store, client, principal, authority.tenant.id):
            client = None
    words = () if own else asked_words(parameters, interaction.version)
    # For an unknown client nothing more is looked up: the first check refuses it anyway.
    named = frozenset[str]() if client is None or isinstance(words, Refusal) else identifiers(words)
    return Context(
        parameters=parameters,
        version=interaction.version,
        errand=interaction.errand,
        authority=authority,
        client=client,
        service_principal=principal,
        resources=await find_resources(here.store, named, tenants, origin=here.origin),
    )


async def _serve(here: Installation, request: AuthorizeRequest, interaction: Interaction, browser: Browser) -> Outcome:
    request = evolve(request, login_hint=await read_login_hint(here, request.login_hint))
    accounts = await live_accounts(here, browser, request.authority.tenant)
    proved = await find_claimant(here, interaction.progress.proof, accounts, request.authority.tenant)
    step = next_step(request, accounts, interaction.progress, here.clock(), proved)
    match step:
        case Admit(claimant):
            return Admissible(request, claimant)
        case Refusal():
            return SentBack(step, request) if request.prompt is Prompt.NONE else Shown(step, request.client)
        case Account():
            return await _with_account(here, request, step, interaction)
        case _:
            return Waiting(request, step)


async def _with_account(
    here: Installation, request: AuthorizeRequest, account: Account, interaction: Interaction
) -> Outcome:
    if interaction.errand is Errand.ACCOUNT:
        return Ready(request, account)
    if refusal := await _refuse_user(here, request, account, interaction.errand):
        return SentBack(refusal, request) if request.prompt is Prompt.NONE else Shown(refusal, request.client)
    if interaction.errand is Errand.ADMIN_CONSENT:
        return Ready(request, account)
    ask_again = request.prompt is Prompt.CONSENT and not interaction.progress.consented
    decision = await ask_consent(here.store, request, account.member, ask_again=ask_again)
    if isinstance(decision, Refusal):
        return SentBack(decision, request)
    if isinstance(decision, consent.Nothing):
        own_page = interaction.errand is not Errand.AUTHORIZE
        return Ready(request, account) if own_page else await _answer(here, request, account)
    if request.prompt is Prompt.NONE:
        facts = {"scope": request.scopes.text, "client_id": request.client.app_id}
        return SentBack(Refusal(why.CONSENT_REQUIRED, facts), request)
    return Consenting(request, account, decision)


async def _refuse_user(
    here: Installation, request: AuthorizeRequest, account: Account, errand: Errand
) -> Refusal | None:
    client, user = request.client, account.member
    facts = {"user": user.user_principal_name, "tenant": request.authority.name, "client_id": client.app_id}
    if not user.account_enabled:  # a guest of the tenant; at home the account is enabled, or it would not be live
        return Refusal(why.USER_DISABLED)
    if not client.may_be_used_in(user.tenant_id):
        return Refusal(why.ACCOUNT_NOT_IN_TENANT, facts)
    # At /common the tenant is known only now, and with it which APIs are there.
    for resource in (part.resource for part in request.scopes.resources):
        if not resource.may_be_used_in(user.tenant_id):
            return Refusal(why.RESOURCE_NOT_FOUND, {"resource": resource.display_name, "tenant": user.tenant_id})
    principal = await here.store.find_service_principal(user.tenant_id, client.app_id)
    if await is_removed(here.store, client, principal, user.tenant_id):  # at /common, the tenant is known only now
        return Refusal(why.CLIENT_NOT_FOUND, {"client_id": client.app_id, "tenant": user.tenant_id})
    if principal is not None and not principal.account_enabled:
        return Refusal(why.CLIENT_DISABLED, {"client_id": client.app_id})
    if errand is Errand.ADMIN_CONSENT:
        return None  # who consents for everybody need not be among those the application is assigned to
    assignments = await here.store.find_app_role_assignments(user.tenant_id, user.id)
    return refuse_unassigned(principal, user, client, assigned=is_assigned(principal, assignments))


async def _answer(here: Installation, request: AuthorizeRequest, account: Account) -> Outcome:
    reply = await respond(here, request, account)
    return SentBack(reply, request) if isinstance(reply, Refusal) else Answered(reply, account, request)

"""The checks of an authorization request, in order, and what becomes of a failure.  RFC 6749 §4.1.2.1."""

from collections.abc import Callable

from attrs import frozen

from entrada.core.directory.application import Platform
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import pkce
from entrada.core.protocol.authorize.admin_consent_request import complete_admin_consent
from entrada.core.protocol.authorize.allowed_scope import allowed_scope, asked_scopes
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.authorize.known_client import known_client
from entrada.core.protocol.authorize.readable_claims import no_request_object, readable_claims
from entrada.core.protocol.authorize.registered_redirect_uri import registered_redirect_uri
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.supported_response_type import (
    bound_id_token,
    supported_response_mode,
    supported_response_type,
)
from entrada.core.protocol.authorize.usable_code_challenge import usable_code_challenge
from entrada.core.protocol.authorize.usable_prompt import (
    parse_prompt,
    parse_session_id,
    usable_max_age,
    usable_prompt,
    usable_session_id,
)
from entrada.core.protocol.claims_request import parse_claims_request
from entrada.core.protocol.response_mode import ResponseMode
from entrada.core.protocol.scope import ScopeRequest

Check = Callable[[Context], Refusal | None]


@frozen
class Shown:
    """The refusal stands on a page: nobody has vouched for the redirect URI."""

    refusal: Refusal


@frozen
class Redirected:
    """The refusal goes back to the client."""

    refusal: Refusal
    redirect_uri: str
    mode: ResponseMode
    state: str | None


_ASKED = Errand.AUTHORIZE | Errand.DEVICE | Errand.ADMIN_CONSENT
_ANSWERED = Errand.AUTHORIZE | Errand.ADMIN_CONSENT  # somebody waits at a redirect URI

# fmt: off
SHOWN: tuple[tuple[Check, Errand], ...] = (
    (known_client,            _ASKED          ),
    (complete_admin_consent,  Errand.ADMIN_CONSENT),
    (registered_redirect_uri, _ANSWERED       ),
)
REDIRECTED: tuple[tuple[Check, Errand], ...] = (
    (supported_response_type, Errand.AUTHORIZE),
    (supported_response_mode, Errand.AUTHORIZE),
    (bound_id_token,          Errand.AUTHORIZE),
    (no_request_object,       _ASKED          ),
    (allowed_scope,           _ASKED          ),
    (usable_code_challenge,   Errand.AUTHORIZE),
    (usable_prompt,           Errand.AUTHORIZE),
    (usable_max_age,          Errand.AUTHORIZE),
    (usable_session_id,       Errand.AUTHORIZE),
    (readable_claims,         _ASKED          ),
)
# fmt: on


def run(context: Context) -> AuthorizeRequest | Shown | Redirected:
    if refusal := _first(SHOWN, context):
        return Shown(refusal)
    if refusal := _first(REDIRECTED, context):
        return _redirected(refusal, context) if context.errand in _ANSWERED else Shown(refusal)
    return _request(context) if context.errand is Errand.AUTHORIZE else _own_page(context)


def _first(checks: tuple[tuple[Check, Errand], ...], context: Context) -> Refusal | None:
    asked = (check for check, errands in checks if context.errand in errands)
    return next((refusal for check in asked if (refusal := check(context))), None)


def _redirected(refusal: Refusal, context: Context) -> Redirected:
    return Redirected(refusal, _redirect_uri(context), context.mode, context.parameters.get("state"))


def _redirect_uri(context: Context) -> str:
    registered = context.redirect_uri
    if registered is None:
        raise AssertionError  # registered_redirect_uri has refused
    return context.parameters.get("redirect_uri") or registered.uri


def _own_page(context: Context) -> AuthorizeRequest:
    """A request that ends on a page of ours.  What becomes of an admin consent is sent to its redirect URI."""
    answered, own = context.errand in _ANSWERED, context.errand is Errand.ACCOUNT
    get = context.parameters.get
    scopes = ScopeRequest(oidc=frozenset(), resources=()) if context.errand not in _ASKED else asked_scopes(context)
    claims = parse_claims_request(get("claims") if context.errand in _ASKED else None)
    if context.client is None or isinstance(scopes, Refusal) or isinstance(claims, Refusal):
        raise AssertionError  # the checks have refused
    return AuthorizeRequest(
        version=context.version,
        authority=context.authority,
        client=context.client,
        redirect_uri=_redirect_uri(context) if answered else "",
        redirect_uri_sent=answered,
        platform=Platform.PUBLIC_CLIENT,
        mode=ResponseMode.QUERY,
        scopes=scopes,
        challenge=b"",
        state=get("state") if answered else None,
        prompt=parse_prompt(get("prompt")) if own else None,  # whose parameters are ours, not an application's
        login_hint=get("login_hint"),
        claims=claims,
        acr_values=tuple((get("acr_values") or "").split()) if own else (),
    )


def _request(context: Context) -> AuthorizeRequest | Shown | Redirected:
    get = context.parameters.get
    scopes, registered = asked_scopes(context), context.redirect_uri
    challenge = pkce.parse_challenge(get("code_challenge"), get("code_challenge_method"))
    claims = parse_claims_request(get("claims"))
    if (
        context.client is None
        or registered is None
        or isinstance(scopes, Refusal)
        or isinstance(challenge, Refusal)
        or isinstance(claims, Refusal)
    ):
        raise AssertionError  # the checks have refused
    max_age = get("max_age")
    return AuthorizeRequest(
        version=context.version,
        authority=context.authority,
        client=context.client,
        redirect_uri=_redirect_uri(context),
        redirect_uri_sent=get("redirect_uri") is not None,
        platform=registered.platform,
        mode=context.mode,
        scopes=scopes,
        challenge=challenge,
        state=get("state"),
        nonce=get("nonce"),
        prompt=parse_prompt(get("prompt")),
        login_hint=get("login_hint"),
        domain_hint=get("domain_hint"),
        session_id=parse_session_id(get("sid")),
        max_age=int(max_age) if max_age is not None else None,
        client_info=get("client_info") == "1",
        claims=claims,
        acr_values=tuple((get("acr_values") or "").split()),
        response_type=context.words,
    )

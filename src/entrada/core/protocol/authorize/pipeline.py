"""The checks of an authorization request, in order, and what becomes of a failure.  RFC 6749 §4.1.2.1."""

from collections.abc import Callable

from attrs import frozen

from entrada.core.errors.reason import Refusal
from entrada.core.protocol import pkce
from entrada.core.protocol.authorize.allowed_scope import allowed_scope, asked_scopes
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.authorize.known_client import known_client
from entrada.core.protocol.authorize.readable_claims import no_request_object, readable_claims
from entrada.core.protocol.authorize.registered_redirect_uri import registered_redirect_uri
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.supported_response_type import supported_response_mode, supported_response_type
from entrada.core.protocol.authorize.usable_code_challenge import usable_code_challenge
from entrada.core.protocol.authorize.usable_prompt import parse_prompt, usable_max_age, usable_prompt
from entrada.core.protocol.response_mode import ResponseMode

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


# fmt: off
SHOWN: tuple[Check, ...] = (
    known_client,
    registered_redirect_uri,
)
REDIRECTED: tuple[Check, ...] = (
    supported_response_type,
    supported_response_mode,
    no_request_object,
    allowed_scope,
    usable_code_challenge,
    usable_prompt,
    usable_max_age,
    readable_claims,
)
# fmt: on


def run(context: Context) -> AuthorizeRequest | Shown | Redirected:
    if refusal := _first(SHOWN, context):
        return Shown(refusal)
    if refusal := _first(REDIRECTED, context):
        return _redirected(refusal, context)
    return _request(context)


def _first(checks: tuple[Check, ...], context: Context) -> Refusal | None:
    return next((refusal for check in checks if (refusal := check(context))), None)


def _redirected(refusal: Refusal, context: Context) -> Redirected:
    return Redirected(refusal, _redirect_uri(context), context.mode, context.parameters.get("state"))


def _redirect_uri(context: Context) -> str:
    registered = context.redirect_uri
    if registered is None:
        raise AssertionError  # registered_redirect_uri has refused
    return context.parameters.get("redirect_uri") or registered.uri


def _request(context: Context) -> AuthorizeRequest | Shown | Redirected:
    get = context.parameters.get
    scopes, registered = asked_scopes(context), context.redirect_uri
    challenge = pkce.parse_challenge(get("code_challenge"), get("code_challenge_method"))
    if context.client is None or registered is None or isinstance(scopes, Refusal) or isinstance(challenge, Refusal):
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
        max_age=int(max_age) if max_age is not None else None,
        client_info=get("client_info") == "1",
    )

"""Does the scope name permissions that exist?  Reference section 26."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.scope import DEFAULT, GRAPH, ScopeRequest, Word, parse_words, resolve
from entrada.core.protocol.version import Version


def asked_words(parameters: Parameters, version: Version) -> tuple[Word, ...] | Refusal:
    """The scope of a v2.0 request; on v1.0 the resource, whose whole static set is meant, and the OIDC scopes."""
    scope = parameters.get("scope")
    if version is Version.V2:
        if parameters.sent("resource"):
            return Refusal(why.RESOURCE_ON_V2)
        return parse_words(scope) if scope is not None else Refusal(why.MISSING_PARAMETER, {"parameter": "scope"})
    resource = parameters.get("resource") or GRAPH
    # v1.0 always answers with an ID token and a refresh token.
    return parse_words(f"openid profile offline_access {resource}/{DEFAULT}")


def allowed_scope(context: Context) -> Refusal | None:
    scopes = asked_scopes(context)
    return scopes if isinstance(scopes, Refusal) else None


def asked_scopes(context: Context) -> ScopeRequest | Refusal:
    words = asked_words(context.parameters, context.version)
    if isinstance(words, Refusal):
        return words
    if not words:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "scope"})
    return resolve(words, context.resources, context.authority.name)

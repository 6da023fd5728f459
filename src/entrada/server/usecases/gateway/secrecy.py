"""What of a noun is shown to nobody by reading it, and stays when a change does not name it."""

from typing import TypeVar, cast

from attrs import evolve

from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.records import Noun

N = TypeVar("N", bound=Noun)


def without_secrets(noun: N) -> N:
    return cast("N", _without_secrets(noun))


def with_kept_secrets(noun: N, before: Noun) -> N:
    """*noun* with the secrets of *before* where it says none; an empty text of a client secret removes it."""
    return cast("N", _with_kept(noun, before))


def _without_secrets(noun: Noun) -> Noun:
    match noun:
        case Subscription():
            return evolve(noun, primary_key="", secondary_key="")
        case AuthorizationServer():
            return evolve(noun, client_secret=None, resource_owner_password=None)
        case OpenIdProvider():
            return evolve(noun, client_secret=None)
        case NamedValue(secret=True):
            return evolve(noun, value="")
        case _:
            return noun


def _with_kept(noun: Noun, before: Noun) -> Noun:
    match noun, before:
        case Subscription(), Subscription():
            keys = (noun.primary_key or before.primary_key, noun.secondary_key or before.secondary_key)
            return evolve(noun, primary_key=keys[0], secondary_key=keys[1])
        case AuthorizationServer(), AuthorizationServer():
            password = _kept(noun.resource_owner_password, before.resource_owner_password)
            secret = _kept(noun.client_secret, before.client_secret)
            return evolve(noun, client_secret=secret, resource_owner_password=password)
        case OpenIdProvider(), OpenIdProvider():
            return evolve(noun, client_secret=_kept(noun.client_secret, before.client_secret))
        case NamedValue(secret=True), NamedValue():  # one that is secret no longer must be said anew
            return evolve(noun, value=noun.value or before.value)
        case _:
            return noun


def _kept(said: str | None, before: str | None) -> str | None:
    return before if said is None else said or None

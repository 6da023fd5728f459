"""An API as its tokens see it: whose they are, the names it is called by, who may come.  Reference 2, 31."""

from collections.abc import Iterable

from attrs import frozen

from entrada.client.authority import ANY_TENANT, Authority
from entrada.client.errors import BadSettings
from entrada.client.settings import Settings


@frozen(kw_only=True)
class ProtectedApi:
    authority: Authority
    client_id: str
    audiences: frozenset[str]  # every `aud` that means this API
    allowed_tenants: frozenset[str] = frozenset()  # empty: whichever the authority lets in
    allowed_applications: frozenset[str] = frozenset()  # that may come for themselves without a role
    person_claim: str | None = None  # which only people's tokens have, where the issuer is none of Entra's kind


def protected_api(settings: Settings, allowed_applications: Iterable[str] = ()) -> ProtectedApi:
    """Raises BadSettings."""
    return ProtectedApi(
        authority=settings.authority,
        client_id=settings.client_id,
        audiences=_audiences(settings),
        allowed_tenants=frozenset(tenant.lower() for tenant in settings.allowed_tenants),
        allowed_applications=frozenset(one.lower() for one in allowed_applications),
        person_claim=settings.person_claim,
    )


def _audiences(settings: Settings) -> frozenset[str]:
    """A v2.0 token names the client id, one of v1.0 an identifier URI or the id: whichever its caller asked for.

    An identifier URI is one API's in its own tenant alone.  In another, anybody may give it to an API of theirs, with
    scopes and roles as they like: so where every tenant is let in, it is the client id that counts.
    """
    if settings.authority.tenant not in ANY_TENANT or settings.allowed_tenants:
        return settings.audiences | {settings.client_id, f"api://{settings.client_id}"}
    if settings.audiences - {settings.client_id}:
        raise BadSettings(
            "An identifier URI names no API where the tokens of every tenant are taken",
            advice="Name allowed_tenants, or leave audiences out and take tokens of v2.0, which name the client id.",
        )
    return frozenset({settings.client_id})

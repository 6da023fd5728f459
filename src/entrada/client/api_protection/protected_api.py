"""An API as its tokens see it: whose they are, the names it is called by, who may come.  Reference 2, 31."""

from collections.abc import Iterable

from attrs import frozen

from entrada.client.authority import Authority
from entrada.client.settings import Settings


@frozen(kw_only=True)
class ProtectedApi:
    authority: Authority
    client_id: str
    audiences: frozenset[str]  # every `aud` that means this API
    allowed_tenants: frozenset[str] = frozenset()  # empty: whichever the authority lets in
    allowed_applications: frozenset[str] = frozenset()  # that may come for themselves without a role


def protected_api(settings: Settings, allowed_applications: Iterable[str] = ()) -> ProtectedApi:
    # A v2.0 token names the client id, one of v1.0 an identifier URI or the id: whichever its caller asked for.
    own = {settings.client_id, f"api://{settings.client_id}"}
    return ProtectedApi(
        authority=settings.authority,
        client_id=settings.client_id,
        audiences=settings.audiences | own,
        allowed_tenants=frozenset(tenant.lower() for tenant in settings.allowed_tenants),
        allowed_applications=frozenset(one.lower() for one in allowed_applications),
    )

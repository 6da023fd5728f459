"""Who asks for tokens, and whom: an application as its authority has registered it."""

from attrs import field, frozen

from entrada.client.discovery.provider import Provider
from entrada.client.grants.client_authentication import ClientProof


@frozen(kw_only=True)
class Registration:
    provider: Provider
    client_id: str
    credential: ClientProof | None = field(default=None, repr=False)  # None: a public client
    allowed_tenants: frozenset[str] = frozenset()  # by id; empty: whichever the authority lets in

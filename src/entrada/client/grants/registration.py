"""Who asks for tokens, and whom: an application as its authority has registered it."""

from collections.abc import Iterable

from attrs import field, frozen

from entrada.client.discovery.provider import Provider
from entrada.client.grants.client_authentication import ClientProof


def _ids(written: Iterable[str]) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in written)


@frozen(kw_only=True)
class Registration:
    provider: Provider
    client_id: str
    credential: ClientProof | None = field(default=None, repr=False)  # None: a public client
    allowed_tenants: frozenset[str] = field(default=frozenset[str](), converter=_ids)  # empty: whichever it lets in

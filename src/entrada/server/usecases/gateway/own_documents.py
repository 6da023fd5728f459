"""What our own discovery documents say, without asking ourselves over the network.  Gateway reference section 2.2."""

import re
from collections.abc import Iterable
from typing import Final

from entrada.core.gateway.tokens.key import Key, parse_key_set
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose import key_rotation
from entrada.core.protocol.issuer import TEMPLATE, issuer
from entrada.core.protocol.version import Version
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_authority

_DOCUMENT: Final = re.compile(r"/([^/?]+)(/v2\.0)?/\.well-known/openid-configuration(?:\?.*)?")
NO_SUCH_DOCUMENT: Final = (
    "entrada has no such document: its URL is that of a directory, with /v2.0/.well-known/openid-configuration."
)


class OwnDocuments:
    def __init__(self, here: Installation) -> None:
        self._here = here
        self._kids: tuple[str, ...] = ()
        self._keys: tuple[Key, ...] = ()

    def holds(self, url: str) -> bool:
        return url.startswith(f"{self._here.origin}/")

    async def read(self, urls: Iterable[str]) -> dict[str, Provider]:
        """As of now; without those that do not exist, or no more: of a tenant that was switched off, for instance."""
        keys = await self._published()
        issuers = {url: await self._issuer(url) for url in urls}
        return {url: Provider(issuer=one, keys=keys) for url, one in issuers.items() if one is not None}

    async def _published(self) -> tuple[Key, ...]:
        """Parsed anew only when others are published than before."""
        now = self._here.clock()
        records = await self._here.store.list_signing_keys()
        kids = tuple(one.kid for one in key_rotation.published(records, now))
        if kids != self._kids:
            self._here.signing_keys.forget()  # it believes for some seconds what it has seen
            keys = await self._here.signing_keys.published(now)
            self._keys = parse_key_set({"keys": [one.public_jwk() for one in keys]})
            self._kids = tuple(one.kid for one in keys)
        return self._keys

    async def _issuer(self, url: str) -> str | None:
        found = _DOCUMENT.fullmatch(url.removeprefix(self._here.origin))
        authority = await find_authority(self._here.store, found[1]) if found else None
        if found is None or authority is None:
            return None
        tenant = authority.tenant.id if authority.tenant else TEMPLATE
        return issuer(self._here.origin, tenant, Version.V2 if found[2] else Version.V1)

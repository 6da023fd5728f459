"""What an authority publishes: its endpoints and its keys, fetched when first needed.  OpenID Connect Discovery 1.0."""

from functools import partial
from typing import Final

from attrs import define, field

from entrada.client.authority import Authority
from entrada.client.discovery.metadata import Metadata, parse_metadata
from entrada.client.discovery.published import Published
from entrada.client.discovery.signing_keys import SigningKey, SigningKeys, parse_signing_keys
from entrada.client.flow import Flow
from entrada.core.jose.jwk_set import chosen_key
from entrada.core.jose.numeric_date import NumericDate, Seconds

METADATA_KEPT: Final = Seconds(24 * 60 * 60)
KEYS_KEPT: Final = Seconds(60 * 60)
ASKED_AGAIN_AFTER: Final = Seconds(60)  # for a key that is not known: a flood of forged tokens is one question


@define
class Provider:
    """Remembers; one for the life of the application."""

    authority: Authority
    _metadata: Published[Metadata] = field(init=False)
    _keys: Published[SigningKeys] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._metadata = Published(partial(parse_metadata, authority=self.authority))
        self._keys = Published(parse_signing_keys)

    def metadata(self, now: NumericDate) -> Flow[Metadata]:
        """Raises BadMetadata and Unreachable where nothing is known yet."""
        return self._metadata.get(self.authority.metadata_url, now, at_most=METADATA_KEPT)

    def key(self, kid: object, now: NumericDate) -> Flow[SigningKey | None]:
        """The key that a token names; for one that is not known the authority is asked again, now and then."""
        metadata = yield from self.metadata(now)
        keys = yield from self._keys.get(metadata.jwks_uri, now, at_most=KEYS_KEPT)
        key = chosen_key(keys, kid)
        if key is not None:
            return key
        yield from self._keys.settled()  # somebody else may be asking for this very key
        keys = yield from self._keys.get(metadata.jwks_uri, now, at_most=ASKED_AGAIN_AFTER)
        return chosen_key(keys, kid)

"""What an authority publishes: its endpoints and its keys, fetched when first needed.  OpenID Connect Discovery 1.0."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from attrs import define, field, frozen

from entrada.client.flow import Call, Flow, Unreachable
from entrada.core.jose.foreign_token import PublicKey
from entrada.core.jose.jwk_set import KeySet, chosen_key, parse_jwk_set
from entrada.core.jose.numeric_date import NumericDate, Seconds

WELL_KNOWN: Final = "/v2.0/.well-known/openid-configuration"
METADATA_KEPT: Final = Seconds(24 * 60 * 60)
KEYS_KEPT: Final = Seconds(60 * 60)
ASKED_AGAIN_AFTER: Final = Seconds(60)  # for a key that is not known: a flood of forged tokens is one question


class BadMetadata(Exception):
    """The authority's configuration or key set is none, or leads somewhere it must not."""


@frozen(kw_only=True)
class Metadata:
    issuer: str  # of `common` and `organizations` it holds `{tenantid}`
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    algorithms: frozenset[str]


@define
class Provider:
    """Remembers; one for the life of the application."""

    authority: str
    _metadata: Metadata | None = field(default=None, init=False)
    _keys: KeySet = field(factory=dict[str, PublicKey], init=False)
    _read_at: NumericDate = field(default=NumericDate(0), init=False)
    _keys_at: NumericDate = field(default=NumericDate(0), init=False)

    def metadata(self, now: NumericDate) -> Flow[Metadata]:
        """Raises BadMetadata, and Unreachable where nothing is known yet."""
        known = self._metadata
        if known is not None and abs(now - self._read_at) < METADATA_KEPT:
            return known
        try:
            known = yield from self._read()
        except Unreachable:
            if known is None:
                raise
        self._metadata, self._read_at = known, now
        return known

    def key(self, kid: object, now: NumericDate) -> Flow[PublicKey | None]:
        """The key that a token names; for one that is not known the authority is asked again, now and then."""
        age = abs(now - self._keys_at)
        known = chosen_key(self._keys, kid)
        if age < KEYS_KEPT and (known is not None or age < ASKED_AGAIN_AFTER):
            return known
        metadata = yield from self.metadata(now)
        try:
            reply = yield Call(url=metadata.jwks_uri)
            self._keys, self._keys_at = parse_jwk_set(reply.members()), now
        except ValueError as error:
            raise BadMetadata(f"{metadata.jwks_uri} is no key set: {error}") from None
        except Unreachable:
            if known is None:
                raise
        return chosen_key(self._keys, kid)

    def _read(self) -> Flow[Metadata]:
        url = self.authority + WELL_KNOWN
        reply = yield Call(url=url)
        try:
            return _parsed(reply.members(), urlsplit(self.authority).scheme)
        except ValueError as error:
            raise BadMetadata(f"{url} (status {reply.status}): {error}") from None


def _parsed(members: Mapping[str, object], scheme: str) -> Metadata:
    algorithms = members.get("id_token_signing_alg_values_supported")
    named = cast("list[object]", algorithms) if isinstance(algorithms, list) else ["RS256"]
    ending = members.get("end_session_endpoint")
    return Metadata(
        issuer=_text(members, "issuer"),
        authorization_endpoint=_url(members, "authorization_endpoint", scheme),
        token_endpoint=_url(members, "token_endpoint", scheme),
        jwks_uri=_url(members, "jwks_uri", scheme),
        end_session_endpoint=_url(members, "end_session_endpoint", scheme) if ending else None,
        algorithms=frozenset(one for one in named if isinstance(one, str)),
    )


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value


def _url(members: Mapping[str, object], name: str, scheme: str) -> str:
    url = _text(members, name)
    # Never from https down to http, whatever a document says.
    if urlsplit(url).scheme != scheme or not urlsplit(url).netloc:
        raise ValueError(f"{name} is no {scheme} URL")
    return url

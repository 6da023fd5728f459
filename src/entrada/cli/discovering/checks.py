"""Is what an authority publishes as it should be?  OpenID Connect Discovery 1.0 §3, §4.3; RFC 8414 §2; RFC 7517.

Every check looks at documents that were fetched; none fetches.
"""

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final, cast
from urllib.parse import urlsplit

from attrs import frozen

from entrada.client.authority import Authority, Shape
from entrada.client.discovery.issuer import issuer_of
from entrada.client.discovery.metadata import parse_metadata
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.findings import span

_NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_ENDPOINTS: Final = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
    "device_authorization_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "pushed_authorization_request_endpoint",
    "registration_endpoint",
)
_READ: Final = frozenset({"RS256", "PS256", "ES256"})
_BORNE: Final = 5 * 60  # seconds that two clocks may differ
_NOTICED: Final = 30


class Level(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"


@frozen
class Check:
    what: str
    level: Level
    words: str


def of_document(members: Mapping[str, object], authority: Authority) -> list[Check]:
    missing = [name for name in _NEEDED if not isinstance(members.get(name), str)]
    if missing:
        return [Check("document", Level.BAD, f"It lacks {', '.join(missing)}.")]
    return [
        _issuer(str(members["issuer"]), authority),
        *_endpoints(members, authority),
        _algorithms(members),
        _responses(members),
        _pkce(members),
        *_as_we_read_it(members, authority),
    ]


def _issuer(named: str, authority: Authority) -> Check:
    try:
        issuer = issuer_of(authority, named)
    except ValueError:
        hint = f" It must be {authority.url}, to the letter." if authority.shape is Shape.OIDC else ""
        return Check("issuer", Level.BAD, f"{named} is none that {authority} may name.{hint}")
    if "{tenantid}" in named:
        return Check("issuer", Level.GOOD, f"{named}: each tenant in its own name")
    return Check("issuer", Level.GOOD, issuer.template if issuer.tenant is None else named)


def _endpoints(members: Mapping[str, object], authority: Authority) -> list[Check]:
    found = {name: members[name] for name in _ENDPOINTS if name in members}
    return [_endpoint(name, url, authority) for name, url in found.items()]


def _endpoint(name: str, url: object, authority: Authority) -> Check:
    here = urlsplit(authority.url)
    try:
        there = urlsplit(url) if isinstance(url, str) else None
        host = there.hostname if there else None
    except ValueError:
        there = host = None
    if there is None or not host:
        return Check(name, Level.BAD, f"{url!r} is no URL.")
    if there.scheme != here.scheme:
        return Check(name, Level.BAD, f"{url} is not {here.scheme}.")
    elsewhere = "" if host == here.hostname else f" (at another host than {here.hostname})"
    return Check(name, Level.NOTE if elsewhere and name == "token_endpoint" else Level.GOOD, f"{url}{elsewhere}")


def _algorithms(members: Mapping[str, object]) -> Check:
    named = _texts(members.get("id_token_signing_alg_values_supported")) or ["RS256"]
    said = ", ".join(named)
    if "none" in named:
        return Check("algorithms", Level.BAD, f"{said}: none lets anybody write ID tokens.")
    if not _READ & set(named):
        return Check("algorithms", Level.BAD, f"{said}: none that is read here, which are {', '.join(sorted(_READ))}.")
    return Check("algorithms", Level.GOOD, said)


def _responses(members: Mapping[str, object]) -> Check:
    types = _texts(members.get("response_types_supported"))
    if "code" not in types:
        return Check("response types", Level.BAD, f"{', '.join(types) or 'none'}: code is not among them.")
    return Check("response types", Level.GOOD, ", ".join(types))


def _pkce(members: Mapping[str, object]) -> Check:
    methods = _texts(members.get("code_challenge_methods_supported"))
    if not methods:
        return Check("PKCE", Level.NOTE, "It does not say (Entra does not either, and takes S256).")
    level = Level.GOOD if "S256" in methods else Level.BAD
    return Check("PKCE", level, ", ".join(methods) + ("" if "S256" in methods else ": S256 is not among them."))


def _as_we_read_it(members: Mapping[str, object], authority: Authority) -> list[Check]:
    """What the toolkit itself would refuse, should none of the above have said it."""
    try:
        parse_metadata(members, authority)
    except ValueError as error:
        return [Check("document", Level.BAD, f"The toolkit refuses it: {error}.")]
    return []


# ---- clock ----


def of_clock(date: str | None, now: NumericDate) -> Check:
    try:
        there = int(parsedate_to_datetime(date or "").timestamp())
    except (ValueError, OverflowError):  # the year 99999999999999
        return Check("clock", Level.NOTE, "It did not say what time it is.")
    apart = there - now
    if abs(apart) <= _NOTICED:
        return Check("clock", Level.GOOD, "as ours")
    words = f"ours is {span(abs(apart))} {'behind' if apart > 0 else 'ahead'}"
    if abs(apart) > _BORNE:
        return Check("clock", Level.BAD, f"{words}: tokens will look expired or not yet valid. Set it.")
    return Check("clock", Level.NOTE, words)


def _texts(value: object) -> Sequence[str]:
    return [one for one in cast("list[object]", value) if isinstance(one, str)] if isinstance(value, list) else []

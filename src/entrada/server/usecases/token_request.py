"""A token request as it arrives: the form, the credentials, the endpoint.  RFC 6749 §3.2, §2.3.1."""

from base64 import b64decode
from urllib.parse import unquote

from attrs import field, frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.client_authentication.authenticate import Presented
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class TokenRequest:
    segment: str
    version: Version
    parameters: Parameters = field(repr=False)
    authorization: str | None = field(default=None, repr=False)  # the header
    origin: str | None = None


@frozen
class Credentials:
    client_id: str
    presented: Presented


def read_credentials(request: TokenRequest) -> Credentials | Refusal:
    """From the Basic header or the body; never from both (RFC 6749 §2.3)."""
    client_id = request.parameters.get("client_id")
    secret = request.parameters.get("client_secret")
    if request.authorization is not None:
        basic = _read_basic(request.authorization)
        if isinstance(basic, Refusal):
            return basic
        if secret is not None or client_id not in (None, basic[0]):
            return Refusal(why.BAD_REQUEST, {"fault": "the client authenticates in the header and in the body"})
        client_id, secret = basic
    if client_id is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "client_id"})
    return Credentials(client_id, Presented(secret=secret, origin=request.origin))


def _read_basic(header: str) -> tuple[str, str | None] | Refusal:
    scheme, _, encoded = header.partition(" ")
    malformed = Refusal(why.MALFORMED_REQUEST, {"fault": "the Authorization header is not HTTP Basic"})
    if scheme.lower() != "basic":
        return malformed
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # not base64, not ASCII, not UTF-8
        return malformed
    # Each part is form-encoded first (§2.3.1), but Authlib and curl send them as they are.  A + is taken for itself:
    # whoever encodes writes %2B, and no secret made by a machine holds a space.
    return (unquote(client_id), unquote(secret) or None) if colon else malformed

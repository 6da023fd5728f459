"""A token request as it arrives: the form, the credentials, the endpoint.  RFC 6749 §3.2, §2.3; RFC 7521 §4.2."""

from base64 import b64decode
from urllib.parse import unquote

from attrs import field, frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.client_authentication.assertion import ClientAssertion, read_assertion
from entrada.core.protocol.client_authentication.authenticate import Presented
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Sender:
    """Where a request comes from: for lockout and the sign-in log."""

    address: str = ""
    user_agent: str = ""
    trace_id: str = ""
    correlation_id: str = ""


@frozen(kw_only=True)
class TokenRequest:
    segment: str
    version: Version
    parameters: Parameters = field(repr=False)
    authorization: str | None = field(default=None, repr=False)  # the header
    origin: str | None = None
    sender: Sender = field(factory=Sender)


@frozen
class Credentials:
    client_id: str
    presented: Presented


def read_credentials(request: TokenRequest) -> Credentials | Refusal:
    """From the Basic header or the body, a secret or an assertion; never two of them (RFC 6749 §2.3)."""
    client_id = request.parameters.get("client_id")
    secret = request.parameters.get("client_secret")
    assertion = _read_assertion(request.parameters)
    if isinstance(assertion, Refusal):
        return assertion
    if request.authorization is not None:
        basic = _read_basic(request.authorization)
        if isinstance(basic, Refusal):
            return basic
        if secret is not None or client_id not in (None, basic[0]):
            return Refusal(why.BAD_REQUEST, {"fault": "the client authenticates in the header and in the body"})
        client_id, secret = basic
    if secret is not None and assertion is not None:
        return Refusal(why.BAD_REQUEST, {"fault": "the client sends a secret and an assertion"})
    client_id = client_id or _asserted_client(assertion)
    if client_id is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "client_id"})
    return Credentials(client_id, Presented(secret=secret, assertion=assertion, origin=request.origin))


def _read_assertion(parameters: Parameters) -> ClientAssertion | Refusal | None:
    assertion, kind = parameters.get("client_assertion"), parameters.get("client_assertion_type")
    if assertion is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "client_assertion"}) if kind else None
    return read_assertion(kind, assertion)


def _asserted_client(assertion: ClientAssertion | None) -> str | None:
    """Who the assertion says its client is (RFC 7521 §4.2); another issuer's token does not say it."""
    return None if assertion is None or assertion.is_federated else assertion.token.text("sub")


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

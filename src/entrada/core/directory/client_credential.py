"""What else a client proves itself with: a certificate, or a token of an issuer it trusts.

Graph: keyCredential, federatedIdentityCredential.  Reference section 20.
"""

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class ClientCertificate:
    key_id: str
    display_name: str
    der: bytes = field(repr=False)
    not_before: NumericDate
    expires_at: NumericDate


@frozen(kw_only=True)
class FederatedCredential:
    """An external issuer's token for exactly this subject and audience stands for the client."""

    id: str
    name: str
    issuer: str
    subject: str
    audience: str
    description: str | None = None

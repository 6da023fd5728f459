"""Did the client sign this assertion with a certificate of its own?  RFC 7523 §3; reference sections 15.3 and 20.1."""

from collections.abc import Iterator

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose import foreign_token
from entrada.core.jose.client_certificate import CertifiedKey, certified_key, is_named, named_thumbprint
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.verified_claims import VerifiedClaims
from entrada.core.protocol.client_authentication.assertion import ClientAssertion
from entrada.core.protocol.client_authentication.assertion_time import refuse_time


@frozen
class _Registered:
    certificate: ClientCertificate
    key: CertifiedKey


def refuse_certificate_assertion(client: Application, assertion: ClientAssertion, now: NumericDate) -> Refusal | None:
    registered = _named(client, assertion)
    if registered is None:
        return Refusal(why.ASSERTION_UNVERIFIED, {"fault": "no certificate with the thumbprint of the header"})
    try:
        verified = foreign_token.verify(assertion.token, registered.key.public_key)
    except InvalidToken as error:
        return Refusal(why.ASSERTION_UNVERIFIED, {"fault": str(error).rstrip(".")})
    # From here on the client itself speaks, so it is told what is wrong.
    reason = _expired(registered.certificate, now) or _of_another(verified, client) or _misdirected(verified, assertion)
    return Refusal(reason, {"client_id": client.app_id}) if reason else refuse_time(verified, now)


def named_certificate(client: Application, assertion: ClientAssertion) -> ClientCertificate | None:
    """The one that the assertion says it was signed with."""
    registered = _named(client, assertion)
    return registered.certificate if registered is not None else None


def _named(client: Application, assertion: ClientAssertion) -> _Registered | None:
    thumbprint = named_thumbprint(assertion.token.header)
    if thumbprint is None:
        return None
    return next((one for one in _registered(client) if is_named(one.key, thumbprint)), None)


def _registered(client: Application) -> Iterator[_Registered]:
    for certificate in client.certificates:
        try:
            yield _Registered(certificate, certified_key(certificate.der))
        except ValueError:  # of a kind of key that signs no assertion
            continue


def _expired(certificate: ClientCertificate, now: NumericDate) -> Reason | None:
    if now >= certificate.expires_at:
        return why.CERTIFICATE_EXPIRED
    return why.CERTIFICATE_NOT_YET_VALID if now < certificate.not_before else None


def _of_another(verified: VerifiedClaims, client: Application) -> Reason | None:
    issuer, subject = verified.get("iss"), verified.get("sub")
    if issuer != subject:
        return why.SUBJECT_IS_NOT_ISSUER
    named = issuer.lower() if isinstance(issuer, str) else None
    return None if named == client.app_id else why.ASSERTION_OF_ANOTHER_CLIENT


def _misdirected(verified: VerifiedClaims, assertion: ClientAssertion) -> Reason | None:
    return None if is_for(verified, assertion.audiences) else why.ASSERTION_FOR_ANOTHER_AUDIENCE


def is_for(verified: VerifiedClaims, audiences: frozenset[str]) -> bool:
    """Whether `aud` is one of *audiences*, as text or as an array of one: a token for several is for nobody here."""
    try:
        named = jwt_claims.audience_of(verified)
    except InvalidToken:
        return False
    return len(named) == 1 and named <= audiences

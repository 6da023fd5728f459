"""Does an application hold a key that it may exchange for another?  Graph: addKey, removeKey; reference section 38.

The proof is a JWT that one of its valid certificates signed, for the directory, in the name of the application's object
id, for ten minutes at most.
"""

from typing import Final

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose import foreign_token
from entrada.core.jose.client_certificate import certified_key
from entrada.core.jose.foreign_token import ForeignToken
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.verified_claims import VerifiedClaims

AUDIENCE: Final = "00000002-0000-0000-c000-000000000000"  # the directory itself, as Azure AD Graph was called
LONGEST: Final = 600  # seconds
_FAST_CLOCKS: Final = 300


def proof_fault(proof: str, application: Application, now: NumericDate) -> str | None:
    """What is wrong with *proof*, in a sentence."""
    if not any(_is_valid(one, now) for one in application.certificates):
        return "The application has no valid certificate to prove itself with: write keyCredentials by PATCH instead."
    try:
        verified = _verified(foreign_token.read(proof), application, now)
    except InvalidToken:
        verified = None
    if verified is None:
        return "The proof is not a JWT that a valid certificate of the application signed."
    return _misdirected(verified, application) or _out_of_time(verified, now)


def _verified(token: ForeignToken, application: Application, now: NumericDate) -> VerifiedClaims | None:
    # Whichever of them it names, one must have signed it.
    for certificate in application.certificates:
        if _is_valid(certificate, now):
            try:
                return foreign_token.verify(token, certified_key(certificate.der).public_key)
            except (InvalidToken, ValueError):
                continue
    return None


def _is_valid(certificate: ClientCertificate, now: NumericDate) -> bool:
    return certificate.not_before <= now < certificate.expires_at


def _misdirected(verified: VerifiedClaims, application: Application) -> str | None:
    try:
        audiences = jwt_claims.audience_of(verified)
    except InvalidToken:
        return f"The proof's aud is {AUDIENCE}."
    if audiences != frozenset({AUDIENCE}):
        return f"The proof's aud is {AUDIENCE}."
    issuer = verified.get("iss")
    if not isinstance(issuer, str) or issuer.lower() != application.id:
        return f"The proof's iss is the application's object id, {application.id}."
    return None


def _out_of_time(verified: VerifiedClaims, now: NumericDate) -> str | None:
    ends, starts = _seconds(verified.get("exp")), _seconds(verified.get("nbf", verified.get("iat")))
    if ends is None or starts is None:
        return "The proof says in numbers from when it holds, nbf, and until when, exp."
    if ends - starts > LONGEST:
        return "The proof holds for ten minutes at most, from nbf to exp."
    if not starts - _FAST_CLOCKS <= now < ends:
        return "The proof has expired, or does not hold yet: sign another one."
    return None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 2**53 else None

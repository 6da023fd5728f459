"""Does an external issuer's token stand for this client?  Reference section 20.3; RFC 7523 §3."""

from collections.abc import Iterable, Mapping

from entrada.core.directory.application import Application
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose import foreign_token
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.jwk_set import chosen_key
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.verified_claims import VerifiedClaims
from entrada.core.protocol.client_authentication.assertion import ClientAssertion, IssuerKeys
from entrada.core.protocol.client_authentication.assertion_time import refuse_time
from entrada.core.protocol.client_authentication.certificate_assertion import is_for
from entrada.core.protocol.tokens.app_token import is_app_only


def names_issuer(client: Application, issuer: str | None) -> bool:
    """Only an issuer that a registration names is ever asked for its keys.  Compared as text, slash and all."""
    return any(one.issuer == issuer for one in client.federated_credentials)


def named_credential(client: Application, assertion: ClientAssertion) -> FederatedCredential | None:
    """The one whose issuer and subject the assertion has."""
    named = (assertion.issuer, assertion.token.text("sub"))
    return next((one for one in client.federated_credentials if (one.issuer, one.subject) == named), None)


def refuse_federated_assertion(client: Application, assertion: ClientAssertion, now: NumericDate) -> Refusal | None:
    facts = {"issuer": assertion.issuer or "", "subject": assertion.token.text("sub") or ""}
    trusted = [one for one in client.federated_credentials if one.issuer == assertion.issuer]
    if not trusted:
        reason = why.FEDERATED_ISSUER_UNKNOWN if client.federated_credentials else why.NO_FEDERATED_CREDENTIAL
        return Refusal(reason, facts)
    verified = _verified(assertion, assertion.issuer_keys or IssuerKeys(keys=None))
    if isinstance(verified, Refusal):
        return verified
    refusal = _refuse_ours(verified, assertion.issuer_keys) if assertion.issuer_keys else None
    return refusal or _unmatched(trusted, verified, facts) or refuse_time(verified, now)


def _refuse_ours(verified: VerifiedClaims, issuer: IssuerKeys) -> Refusal | None:
    if issuer.ours and not is_app_only(verified):
        return Refusal(why.FORBIDDEN_TOKEN_TYPE)
    # Said only of what we signed: nobody shall ask by a forged token which applications are switched off.
    return None if issuer.welcome else Refusal(why.CLIENT_DISABLED, {"client_id": str(holder(verified))})


def holder(claims: Mapping[str, object]) -> object:
    """The application that got one of our own tokens."""
    return claims.get("azp") or claims.get("appid")


def _verified(assertion: ClientAssertion, issuer: IssuerKeys) -> VerifiedClaims | Refusal:
    if issuer.keys is None:
        return Refusal(why.ISSUER_UNREACHABLE, {"issuer": assertion.issuer or ""})
    key = chosen_key(issuer.keys, assertion.token.header.get("kid"))
    if key is None:
        return Refusal(why.ASSERTION_UNVERIFIED, {"fault": "its issuer publishes no key of that kid"})
    try:
        return foreign_token.verify(assertion.token, key)
    except InvalidToken as error:
        return Refusal(why.ASSERTION_UNVERIFIED, {"fault": str(error).rstrip(".")})


def _unmatched(
    trusted: Iterable[FederatedCredential], verified: VerifiedClaims, facts: dict[str, str]
) -> Refusal | None:
    of_subject = [one for one in trusted if one.subject == verified.get("sub")]
    if not of_subject:
        return Refusal(why.FEDERATED_SUBJECT_UNKNOWN, facts)
    if not any(is_for(verified, frozenset({one.audience})) for one in of_subject):
        return Refusal(why.FEDERATED_AUDIENCE_UNKNOWN, facts)
    return None

"""Why a token is refused, under Azure's names of the reasons.  Gateway reference section 3.2."""

from enum import StrEnum

from attrs import frozen


class Why(StrEnum):
    NOT_PRESENT = "TokenNotPresent"
    SIGNATURE_INVALID = "TokenSignatureInvalid"
    AUDIENCE_NOT_ALLOWED = "TokenAudienceNotAllowed"
    ISSUER_NOT_ALLOWED = "TokenIssuerNotAllowed"
    EXPIRED = "TokenExpired"
    KEY_NOT_FOUND = "TokenSignatureKeyNotFound"
    CLAIM_NOT_FOUND = "TokenClaimNotFound"
    CLAIM_VALUE_NOT_ALLOWED = "TokenClaimValueNotAllowed"
    INVALID = "JwtInvalid"


@frozen(kw_only=True)
class TokenRefused:
    why: Why
    message: str  # to the caller
    would_pass: str  # in the trace
    saw: str = ""
    is_ours: bool = False  # nobody could have been let in: the keys are not known

    @property
    def is_claim(self) -> bool:
        """The token is good, but does not reach this far (RFC 6750 §3.1, insufficient_scope)."""
        return self.why in (Why.CLAIM_NOT_FOUND, Why.CLAIM_VALUE_NOT_ALLOWED)

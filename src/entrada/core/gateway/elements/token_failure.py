"""What a caller is told whose token is refused: status, words, and the challenge.  RFC 6750 §3; reference 3.3."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.failure import UNHANDLED, Failure
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.refused import TokenRefused, Why

_REALM: Final = 'realm="entrada"'  # never the URL: it may carry a token


@frozen(kw_only=True)
class Failing:
    status: Value[int]
    message: Value[str] | None

    def of(self, source: str, refused: TokenRefused, passage: Passage) -> Failure:
        # Keys that nobody has are no fault of the caller's: a client that renewed its token would get no further.
        status = UNHANDLED if refused.is_ours else self.status.of(passage)
        return Failure(
            source=source,
            reason=refused.why.value,
            message=refused.message,
            status=status,
            headers=_challenge(status, refused),
            saw=refused.saw,
            would_pass=refused.would_pass,
            said=None if self.message is None or refused.is_ours else self.message.of(passage),
        )


ATTRIBUTES: Final = (
    Attribute(
        name="failed-validation-httpcode", what="the status that a refusal has", suggested=("401", "403"), default="401"
    ),
    Attribute(name="failed-validation-error-message", what="what a refusal says, in place of the reason"),
)


def read_failing(reading: Reading) -> Failing:
    return Failing(
        status=reading.number("failed-validation-httpcode", 400, 599) or Constant(401),
        message=reading.text("failed-validation-error-message"),
    )


def _challenge(status: int, refused: TokenRefused) -> Headers:
    if status not in (401, 403):
        return ()
    said = _REALM
    if refused.why is not Why.NOT_PRESENT:  # nothing was presented, so nothing was wrong with it (RFC 6750 §3.1)
        error = "insufficient_scope" if refused.is_claim and status == 403 else "invalid_token"
        said = f'{_REALM}, error="{error}", error_description="{_DESCRIPTIONS[refused.why]}"'
    return (("WWW-Authenticate", f"Bearer {said}"),)


_DESCRIPTIONS: Final = {
    Why.SIGNATURE_INVALID: "The signature of the token does not verify.",
    Why.AUDIENCE_NOT_ALLOWED: "The token is for another audience.",
    Why.ISSUER_NOT_ALLOWED: "The token is of another issuer.",
    Why.EXPIRED: "The token has expired.",
    Why.KEY_NOT_FOUND: "No key of the issuer has the id that the token names.",
    Why.CLAIM_NOT_FOUND: "The token misses a claim that is required.",
    Why.CLAIM_VALUE_NOT_ALLOWED: "A claim of the token has another value than is required.",
    Why.INVALID: "The token is malformed, or not valid at this time.",
}

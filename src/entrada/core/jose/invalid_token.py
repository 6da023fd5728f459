"""Why a token is not believed.  RFC 7519, section 7.2; RFC 8725, section 3."""

from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with a token, in words that never repeat the token."""

    TOO_LONG = "The token is longer than 16 kB."
    NOT_COMPACT = "The token is not three parts joined by dots."
    NOT_BASE64URL = "A part of the token is not canonical base64url."
    HEADER_UNREADABLE = "The header is not one JSON object with unique members."
    CRITICAL_EXTENSION = "The header names an extension in crit; none is supported."
    WRONG_ALGORITHM = "The algorithm is not the one of the key."
    UNKNOWN_KEY = "No known key has the kid of the token."
    BAD_SIGNATURE = "The signature does not verify."
    CLAIMS_UNREADABLE = "The payload is not one JSON object with unique members."
    CLAIM_MISSING = "A claim that is needed is missing or of another type."
    WRONG_ISSUER = "The token is of another issuer."
    WRONG_AUDIENCE = "The token is for another audience."
    EXPIRED = "The token has expired."
    NOT_YET_VALID = "The token is not valid yet."
    WRONG_TENANT = "The token is of a tenant that is not let in, or of none."
    WRONG_NONCE = "The nonce is not the one of this sign-in."
    WRONG_HASH = "The token belongs to another code or access token."
    AUTHENTICATED_TOO_LONG_AGO = "The person signed in longer ago than was asked for."
    ANOTHER_PERSON = "The token is of another person than the one it was to renew."


class InvalidToken(Exception):
    """The token must not be believed.  Raised, not returned: a forgotten `if` must not accept a forgery."""

    def __init__(self, reason: Flaw) -> None:
        super().__init__(reason.value)
        self.reason = reason

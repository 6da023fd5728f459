"""How a sign-in ends."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from entrada.client.errors import OAuthError
from entrada.client.tokens import Tokens


class Why(StrEnum):
    """What is wrong with an answer, in words for the log; the person is asked to sign in again."""

    NOT_BEGUN_HERE = "This browser has not begun that sign-in, or too long ago."
    AUTHORITY_REFUSED = "The authority refused the sign-in."
    NO_CODE = "The answer holds neither a code nor an error."
    CODE_REFUSED = "The authority refused the code."
    NOT_TOKENS = "The token endpoint answered with something else than tokens."
    ANOTHER_ISSUER = "The answer names another issuer than the ID token: two authorities are mixed up."
    BAD_ID_TOKEN = "The ID token must not be believed."
    NO_GUESTS = "Guests are not let in."
    OVER = "The authority says that this session is over, or not in numbers when it will be."
    ENDED_MEANWHILE = "The authority ended that session while it began here."


@frozen(kw_only=True)
class Refused:
    why: Why
    error: str | None = None  # the authority's word: access_denied, invalid_grant, …
    detail: str | None = None  # its description, or what is wrong with the token
    said: OAuthError | None = None  # all that the authority said, with the numbers by which its log is found


@frozen(kw_only=True)
class SignedIn:
    """Whom to key by: (*issuer*, *tenant_id*, *user_id*), never a name or an address, which others may get.

    Without *issuer*, of two authorities one could name the people of the other.
    """

    issuer: str  # `iss`
    tenant_id: str  # `tid`; empty where there are no tenants
    user_id: str  # `oid`, or `sub` where there are no tenants
    subject: str  # `sub`
    name: str
    username: str
    session_id: str | None  # `sid`: what a logout names
    session_state: str | None  # what Entra's front-channel logout names without that claim; the browser brought it
    return_to: str
    claims: Mapping[str, object] = field(repr=False)
    tokens: Tokens = field(repr=False)

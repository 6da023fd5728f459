"""A device's request, until a person decides it on another screen.  RFC 8628; reference section 22."""

from typing import Final

from attrs import frozen

from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate, Seconds

LIFETIME: Final = Seconds(15 * 60)
INTERVAL: Final = Seconds(5)  # between two polls
ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 §6.1: nothing looks alike, and no word comes out
USER_CODE_LENGTH: Final = 9  # as Entra's: 39 bits, which live a quarter of an hour
DICE: Final = 16  # bytes


@frozen(kw_only=True)
class DeviceFlowKey:
    tenant_id: TenantId  # of the request's path; ANY_TENANT at /common and /organizations
    id: FamilyId  # of the family that redeeming it opens: time-ordered


@frozen(kw_only=True)
class Approval:
    """Who let the device in: the account at home, and the tenant whose tokens it gets."""

    tenant_id: TenantId
    user_id: UserId
    issued_in: TenantId
    session_id: SessionId
    authenticated_at: NumericDate
    methods: tuple[str, ...]


@frozen(kw_only=True)
class DeviceFlow:
    key: DeviceFlowKey
    user_code: str  # what the person types: upper case, no spaces or dashes
    client_id: ClientId
    scope: str
    asked_at: NumericDate
    ends_at: NumericDate
    address: str = ""  # the device's, shown to the person
    user_agent: str = ""
    claims: str = ""  # of the request, as sent: what the sign-in must meet
    decided_at: NumericDate | None = None
    approval: Approval | None = None  # None although decided: declined


def make_user_code(dice: bytes) -> str:
    """*dice*: so many random bytes that what is left of each division favours no letter."""
    number, letters = int.from_bytes(dice, "big"), ""
    for _ in range(USER_CODE_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return letters


def parse_user_code(typed: str) -> str | None:
    """Case, blanks and dashes do not matter (§6.1); None for what cannot be a code."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return code if len(code) == USER_CODE_LENGTH and set(code) <= set(ALPHABET) else None

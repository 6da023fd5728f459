"""What a tenant decides for everybody in it.

Graph: authorizationPolicy, identitySecurityDefaultsEnforcementPolicy, tokenLifetimePolicy, and the settings of password
protection.  Reference sections 27.4, 33 and 35.
"""

from enum import StrEnum

from attrs import frozen

from entrada.core.jose.numeric_date import Seconds


class UserConsent(StrEnum):
    """What ordinary users may consent to by themselves."""

    ALL = "all"
    LOW_IMPACT = "lowImpact"  # permissions classified as low, for verified publishers and the tenant's own applications
    NONE = "none"


@frozen(kw_only=True)
class Policies:
    user_consent: UserConsent = UserConsent.ALL
    users_register_applications: bool = True  # Graph: defaultUserRolePermissions.allowedToCreateApps
    security_defaults: bool = False  # a second factor for everybody
    password_grant: bool = False  # may applications ask for passwords themselves (ROPC)?
    lockout_threshold: int = 10  # failures
    lockout_duration: Seconds = Seconds(60)  # of the first lock; later ones grow
    banned_passwords: tuple[str, ...] = ()  # words, in lower case
    access_token_lifetime: Seconds | None = None  # None: 60 to 90 minutes

"""A user and the password they prove themselves with.  Graph: user, passwordProfile."""

from attrs import field, frozen

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class PasswordCredential:
    hash: str = field(repr=False)  # Argon2id in PHC form; its parameters travel in it
    changed_at: NumericDate
    seed: bool = False  # known from documentation: production refuses to start while one is left
    must_change: bool = False  # Graph: forceChangePasswordNextSignIn


@frozen(kw_only=True)
class Authenticator:
    """A second factor: one-time codes from an application on a phone (TOTP, RFC 6238).  Graph: softwareOathMethod."""

    sealed_secret: str = field(repr=False)
    added_at: NumericDate


@frozen(kw_only=True)
class HomeAccount:
    """Where a guest is at home: the account in another tenant that signs in for it."""

    tenant_id: TenantId
    user_id: UserId


@frozen(kw_only=True)
class User:
    id: UserId
    tenant_id: TenantId
    user_principal_name: str
    display_name: str
    given_name: str | None = None
    surname: str | None = None
    mail: str | None = None
    job_title: str | None = None
    account_enabled: bool = True
    user_type: str = "Member"
    directory_roles: frozenset[str] = frozenset()  # role template ids: `wids`
    password: PasswordCredential | None = None
    home: HomeAccount | None = None  # of a guest, who has no password here
    second_factor_required: bool = False
    authenticator: Authenticator | None = None
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)  # hex SHA-256 of those not used yet
    usage_location: str | None = None  # two letters: `ctry`
    preferred_language: str | None = None
    mail_nickname: str | None = None
    department: str | None = None
    company_name: str | None = None
    employee_id: str | None = None
    office_location: str | None = None
    mobile_phone: str | None = None
    business_phones: tuple[str, ...] = ()
    other_mails: tuple[str, ...] = ()
    sign_in_sessions_valid_from: NumericDate = NumericDate(0)
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)

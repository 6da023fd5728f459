"""A user and the password they prove themselves with.  Graph: user, passwordProfile."""

from attrs import field, frozen

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class PasswordCredential:
    hash: str = field(repr=False)  # Argon2id in PHC form; its parameters travel in it
    changed_at: NumericDate
    seed: bool = False  # known from documentation: production refuses to start while one is left


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
    sign_in_sessions_valid_from: NumericDate = NumericDate(0)
    version: int = field(default=0, eq=False)

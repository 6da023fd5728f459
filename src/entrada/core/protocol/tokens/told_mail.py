"""Which mail address an application learns.  Reference section 30: `email`; section 32: `xms_edov`."""

from entrada.core.directory.application import Application
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User


def owns_mail_domain(account: User, home: Tenant) -> bool:
    """The tenant that the account is at home in has proven the domain of the address to be its own."""
    return account.mail is not None and account.mail.rpartition("@")[2].lower() in home.domains


def told_mail(account: User, home: Tenant, client: Application) -> str | None:
    """*account* is who signs in, at home: what another tenant writes into its guest's entry proves nothing.

    An application for many tenants learns no address whose domain the home tenant has not proven.  Anybody can write
    anybody's address into a tenant of their own, and some application takes it for a name.
    """
    return account.mail if owns_mail_domain(account, home) or not client.is_multi_tenant else None

"""Whose a grant is: the account that signed in, at home, and the tenant whose tokens it gets there or as a guest."""

from attrs import frozen

from entrada.core.directory.ids import TenantId, UserId


@frozen(kw_only=True)
class Whose:
    tenant_id: TenantId
    user_id: UserId
    issued_in: TenantId

    @property
    def is_guest(self) -> bool:
        return self.issued_in != self.tenant_id

"""Redeem a device code that a person has approved on another screen.  RFC 8628 §3.4, §3.5; reference section 22."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.device_code import DeviceCode
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.device_flow import Approval, DeviceFlow
from entrada.core.protocol.effects import OpenFamily, RevokeFamily
from entrada.core.protocol.grants import standing as everybody
from entrada.core.protocol.grants.authorization_code import Seen
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.grants.whose import Whose
from entrada.core.protocol.grants.without_redirect import family_end, first_refresh_token
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.granted import Granted


@frozen(kw_only=True)
class Request:
    """The client is authenticated already."""

    authority: Authority
    client: Application


@frozen(kw_only=True)
class Approved:
    """A flow with the approval it has.  Made by `approval_of` only."""

    flow: DeviceFlow
    approval: Approval

    @property
    def whose(self) -> Whose:
        given = self.approval
        return Whose(tenant_id=given.tenant_id, user_id=given.user_id, issued_in=given.issued_in)

    @property
    def origin(self) -> Origin:
        flow, given = self.flow, self.approval
        return Origin(
            tenant_id=given.tenant_id,
            user_id=given.user_id,
            family_id=flow.key.id,
            # Counted from the flow's end, not from the redemption: it is part of the key that tells a second one.
            family_ends_at=family_end(flow.scope, flow.ends_at),
            authenticated_at=given.authenticated_at,
            methods=given.methods,
        )


def refuse_code(request: Request, code: DeviceCode, now: NumericDate) -> Refusal | None:
    """What the code says by itself, before anything is read."""
    if request.client.app_id != code.client_id:
        return Refusal(why.BAD_DEVICE_CODE)  # another client's code answers as one that nobody knows
    return Refusal(why.DEVICE_CODE_EXPIRED) if now >= code.ends_at else None


def approval_of(request: Request, flow: DeviceFlow | None) -> Approved | Refusal:
    if flow is None:
        return Refusal(why.BAD_DEVICE_CODE)
    if flow.decided_at is None:
        return Refusal(why.AUTHORIZATION_PENDING)
    if flow.approval is None:
        return Refusal(why.AUTHORIZATION_DECLINED)
    tenant = request.authority.tenant
    if tenant is not None and tenant.id != flow.approval.issued_in:
        return Refusal(why.OTHER_TENANTS_GRANT, {"tenant": tenant.id})
    return Approved(flow=flow, approval=flow.approval)


def decide(
    request: Request,
    approved: Approved,
    standing: Standing,
    granted: Granted | Refusal,
    seen: Seen,
    now: NumericDate,
) -> Decision:
    """Grant or refuse.  *granted* is what the flow's scope holds today."""
    origin = approved.origin
    if seen.family is not None:
        # No redirect URI and no verifier guard a device code: two who present it are the device and a thief, or a
        # device that lost the answer and with it the tokens.  So what the first got is taken back, as for any code.
        return Decision(Refusal(why.DEVICE_CODE_REDEEMED), (RevokeFamily(origin.key, now),))
    if refusal := everybody.refuse(standing, origin.authenticated_at, origin.methods):
        return Decision(refusal)
    if seen.session_ended:
        return Decision(Refusal(why.SESSION_ENDED))
    if isinstance(granted, Refusal):
        return Decision(granted)
    family = TokenFamily(
        key=origin.key,
        client_id=approved.flow.client_id,
        user_id=origin.user_id,
        session_id=approved.approval.session_id,
        issued_at=now,
    )
    successor = first_refresh_token(
        request.client, origin, now, issued_in=approved.approval.issued_in, scope=approved.flow.scope
    )
    issue = Issue(granted=granted, successor=successor if granted.offline else None)
    return Decision(issue, (OpenFamily(family),))

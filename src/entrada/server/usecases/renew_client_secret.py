"""Give an application a new secret, made here and known to the caller alone, in place of the one of the same name."""

import hashlib

from attrs import evolve, field, frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.application import Application, ClientSecret
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.ids import ClientId
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited, operator
from entrada.server.usecases.installation import Installation

_BYTES = 32
_ATTEMPTS = 3


@frozen(kw_only=True)
class NewSecret:
    display_name: str
    lifetime: Seconds
    value: str = field(repr=False)

    def of(self, app_id: ClientId, now: NumericDate) -> ClientSecret:
        return ClientSecret(
            key_id=derived_id("clientSecret", app_id, self.display_name),
            display_name=self.display_name,
            digest=digest_of(self.value),
            hint=self.value[:3],
            not_before=now,
            expires_at=NumericDate(now + self.lifetime),
        )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def knows(app: Application, secret: str, now: NumericDate) -> bool:
    """Whether *secret* is one of *app*'s, and serves now."""
    digest = digest_of(secret)
    return any(one.digest == digest and one.not_before <= now < one.expires_at for one in app.client_secrets)


async def renew_client_secret(here: Installation, app_id: ClientId, display_name: str, lifetime: Seconds) -> str | None:
    """The new secret; None where there is no such application."""
    value = base64url.encode(here.entropy(_BYTES))
    new = NewSecret(display_name=display_name, lifetime=lifetime, value=value)
    for _ in range(_ATTEMPTS):
        app = await here.store.find_application(app_id)
        if app is None:
            return None
        secret = new.of(app_id, here.clock())
        others = tuple(one for one in app.client_secrets if one.key_id != secret.key_id)
        renewed = (PutEntity(evolve(app, client_secrets=(*others, secret))),)
        if await here.store.commit(audited(here, operator(here, app.tenant_id), did.RENEW_SECRET, renewed, app)):
            return value
    raise StoreContended

"""Which client secrets a wrong one was compared with: for the story of the request, never for the answer to it.

Their names, how they begin, when they end; no value is known to anybody.
"""

from typing import Final

from entrada.core.directory.application import Application, ClientSecret
from entrada.core.jose.numeric_date import NumericDate, as_datetime

_MOST: Final = 20


def weighed_secrets(client: Application, now: NumericDate) -> dict[str, str]:
    found = [(f"client secret {at}", _said(one, now)) for at, one in enumerate(client.client_secrets[:_MOST], 1)]
    return {"client secrets": str(len(client.client_secrets)), **dict(found)}


def _said(secret: ClientSecret, now: NumericDate) -> str:
    name = secret.display_name.strip() or secret.key_id
    begins = f" begins with {secret.hint}," if secret.hint else ""
    return f"{name}:{begins} {_state(secret, now)}"


def _state(secret: ClientSecret, now: NumericDate) -> str:
    if now < secret.not_before:
        return f"is good from {_written(secret.not_before)} only"
    verb = "expires" if now < secret.expires_at else "expired"
    return f"{verb} {_written(secret.expires_at)}"


def _written(date: NumericDate) -> str:
    return f"{as_datetime(date):%Y-%m-%d %H:%M} UTC"

"""The subject a client or a resource knows a user by.  OpenID Connect Core §8.1."""

import hashlib
import hmac

from entrada.core.directory.ids import ClientId, TenantId, UserId
from entrada.core.jose import base64url


def pairwise_subject(key: bytes, tenant_id: TenantId, user_id: UserId, audience: ClientId) -> str:
    """43 characters, stable for ever, and of no use to anybody who compares notes with another audience."""
    text = f"{tenant_id}|{user_id}|{audience}"
    return base64url.encode(hmac.digest(key, text.encode(), hashlib.sha256))

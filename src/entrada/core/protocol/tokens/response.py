"""The JSON of a token response, members in the order Entra writes them.  RFC 6749 §5.1; reference section 16."""

import json

from attrs import field, frozen

from entrada.core.directory.user import User
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.tokens.granted import Granted
from entrada.core.protocol.tokens.subject import BACKDATED
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class TokenResponse:
    granted: Granted
    lifetime: Seconds
    now: NumericDate
    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_expires_in: int | None = None
    id_token: str | None = field(default=None, repr=False)
    client_info: str | None = None

    def members(self, version: Version) -> dict[str, object]:
        # One second less, as Entra: what has 3600 s left when signed has 3599 when it arrives.
        expires_in = self.lifetime - 1
        times = self._v1_times(expires_in) if version is Version.V1 else self._v2_times(expires_in)
        found: dict[str, object] = {
            "token_type": "Bearer",
            "scope": self._scope(version) or None,
            **times,
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "refresh_token_expires_in": self.refresh_token_expires_in,
            "id_token": self.id_token,
            "client_info": self.client_info,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _scope(self, version: Version) -> str:
        # On v1.0 the client names a resource, not scopes, and `resource` echoes it: the values stand bare.
        return " ".join(self.granted.scopes) if version is Version.V1 else self.granted.scope

    def _v2_times(self, expires_in: int) -> dict[str, object]:
        return {"expires_in": expires_in, "ext_expires_in": expires_in}

    def _v1_times(self, expires_in: int) -> dict[str, object]:
        return {
            "expires_in": str(expires_in),
            "ext_expires_in": str(expires_in),
            "expires_on": str(self.now + self.lifetime),
            "not_before": str(self.now - BACKDATED),
            "resource": self.granted.identifier,
        }


def client_info(user: User) -> str:
    """Unpadded base64url, since MSAL Go decodes nothing else.  MSAL's account id is `uid.utid`."""
    return base64url.encode(json.dumps({"uid": user.id, "utid": user.tenant_id}, separators=(",", ":")).encode())

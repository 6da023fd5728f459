"""What a caller is told who may not pass.  RFC 6750 §3, §3.1; RFC 9110 §11.6.1; of claims, reference 34."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.client.api_protection.needs import Needs
from entrada.client.api_protection.protected_api import ProtectedApi
from entrada.client.authority import Shape

RETRY_AFTER: Final = 5  # seconds; until then nobody asks the authority again


@frozen(kw_only=True)
class Challenge:
    """An answer to send as it is; *reason* is for our log, and says more."""

    status: int
    error: str = ""  # empty: nothing was presented, so nothing was wrong with it (RFC 6750 §3.1)
    description: str = ""
    reason: str
    headers: Mapping[str, str]

    @property
    def body(self) -> dict[str, str]:
        """As JSON, for those who do not read headers."""
        return {"error": self.error or "unauthorized", "error_description": self.description}


def nothing_presented(api: ProtectedApi, needed: Needs) -> Challenge:
    return _challenge(api, 401, description="Send an access token: Authorization: Bearer …", needed=needed, quiet=True)


def malformed_request(api: ProtectedApi, description: str) -> Challenge:
    return _challenge(api, 400, "invalid_request", description)


def invalid_token(api: ProtectedApi, description: str, reason: str) -> Challenge:
    return _challenge(api, 401, "invalid_token", description, reason=reason)


def insufficient_scope(api: ProtectedApi, needed: Needs, reason: str) -> Challenge:
    description = "The token is good, but does not reach this far."
    return _challenge(api, 403, "insufficient_scope", description, needed=needed, reason=reason)


def insufficient_claims(api: ProtectedApi, claims: Mapping[str, object], reason: str) -> Challenge:
    """The caller takes *claims* along when it asks for another token: a stronger sign-in, for one."""
    encoded = b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode("ascii")
    description = "The token is good, but more is asked of the sign-in."
    return _challenge(api, 401, "insufficient_claims", description, reason=reason, claims=encoded)


def authority_unreachable(reason: str) -> Challenge:
    """Nobody can be let in, and nobody is told to sign in for that."""
    description = "Tokens cannot be verified at present. Try again in some seconds."
    headers = {"Retry-After": str(RETRY_AFTER)}
    return Challenge(
        status=503, error="temporarily_unavailable", description=description, reason=reason, headers=headers
    )


def _challenge(
    api: ProtectedApi,
    status: int,
    error: str = "",
    description: str = "",
    *,
    needed: Needs | None = None,
    reason: str = "",
    quiet: bool = False,
    claims: str = "",
) -> Challenge:
    told = {
        "realm": api.client_id,
        "authorization_uri": _authorization_uri(api) if status == 401 else "",
        "error": error,
        "error_description": "" if quiet else description,
        "scope": " ".join(sorted(needed.scopes)) if needed else "",
        "claims": claims,
    }
    parameters = ", ".join(f'{name}="{_quoted(value)}"' for name, value in told.items() if value)
    return Challenge(
        status=status,
        error=error,
        description=description,
        reason=reason or description,
        headers={"WWW-Authenticate": f"Bearer {parameters}"},
    )


def _authorization_uri(api: ProtectedApi) -> str:
    """Where a person would sign in; of another issuer only its metadata says it."""
    return f"{api.authority}/oauth2/v2.0/authorize" if api.authority.shape is Shape.ENTRA else ""


def _quoted(value: str) -> str:
    printable = "".join(one for one in value if " " <= one <= "~")
    return printable.replace("\\", "\\\\").replace('"', '\\"')

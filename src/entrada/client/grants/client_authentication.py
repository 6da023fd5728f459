"""How an application proves itself to the token endpoint.  RFC 6749 §2.3.1; RFC 7523 §2.2; reference 20.1 to 20.3.

A proof is members of the form.  None stands for a public client, which has nothing to prove itself by.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from attrs import field, frozen

from entrada.client.errors import BadCredential
from entrada.core.jose.numeric_date import NumericDate

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST: Final = 16_384  # of a token that another issuer made

Entropy: TypeAlias = Callable[[int], bytes]


class ClientProof(Protocol):
    def proof(self, audience: str, now: NumericDate, entropy: Entropy) -> Mapping[str, str]:
        """*audience* is the token endpoint.  May block: a file, a key.  Raises BadCredential."""
        ...


@frozen
class ClientSecret:
    value: str = field(repr=False)

    def proof(self, audience: str, now: NumericDate, entropy: Entropy) -> Mapping[str, str]:
        return {"client_secret": self.value}


@frozen
class FederatedToken:
    """A token of another issuer that the registration trusts: a platform's, a pipeline's, a managed identity's.

    *source* is asked anew each time, because such tokens are short-lived and others renew them.
    """

    source: Path | Callable[[], str] = field(repr=False)

    def proof(self, audience: str, now: NumericDate, entropy: Entropy) -> Mapping[str, str]:
        found = _in_file(self.source) if isinstance(self.source, Path) else self.source()
        token = found.strip()
        if not token or not token.isascii() or not token.isprintable() or len(token) > _LONGEST:
            raise BadCredential(
                f"{_named(self.source)} gives no token",
                advice="It must hold one signed JWT of the platform and nothing else.",
            )
        return assertion(token)


def assertion(token: str) -> Mapping[str, str]:
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": token}


def _in_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1).decode("ascii", "replace")
    except OSError as error:
        raise BadCredential(
            f"The federated token file {path} cannot be read: {error.strerror}",
            advice="Whoever runs this program writes it; check the path and its permissions.",
        ) from error


def _named(source: Path | Callable[[], str]) -> str:
    return f"The federated token file {source}" if isinstance(source, Path) else "The source of the federated token"

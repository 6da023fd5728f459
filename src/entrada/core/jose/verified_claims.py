"""Claims whose signature holds: the value that no unchecked token can become.  RFC 7519, section 7.2.

`compact.verify` makes it of our own tokens, `foreign_token.verify` of other people's; nobody else does.
"""

from collections.abc import Iterator, Mapping

from attrs import frozen

from entrada.core.jose.invalid_token import Flaw, InvalidToken


@frozen
class Signed:
    """Members whose signature has just been checked; only the two verifiers make it."""

    members: dict[str, object]


@frozen(eq=False, repr=False)
class VerifiedClaims(Mapping[str, object]):
    """Claims whose signature holds; `claims.check` says whether they are for us, now."""

    _signed: Signed

    def __getitem__(self, name: str) -> object:
        return self._signed.members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._signed.members)

    def __len__(self) -> int:
        return len(self._signed.members)

    # A mapping has these two already, by way of an exception for each claim that is not there: half a microsecond,
    # and a token is asked for many that it does not have.

    def __contains__(self, name: object) -> bool:
        return name in self._signed.members

    def get(self, name: str, default: object = None, /) -> object:
        return self._signed.members.get(name, default)

    def __repr__(self) -> str:
        """Names alone: the values are people's data, and representations end up in logs."""
        return f"VerifiedClaims({', '.join(self._signed.members)})"

    def text(self, name: str) -> str:
        """Raise InvalidToken unless the claim is there and a string."""
        value = self._signed.members.get(name)
        if not isinstance(value, str):
            raise InvalidToken(Flaw.CLAIM_MISSING)
        return value

    def number(self, name: str) -> float:
        """Raise InvalidToken unless the claim is there and a number; whole numbers come as `int`."""
        value = self._signed.members.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise InvalidToken(Flaw.CLAIM_MISSING)
        return value

"""Transactions as cookies, one for each attempt: sealed, short-lived, few, and each small.

Whoever sets them gives them `HttpOnly`, `SameSite=Lax`, `Path=/` and, on https, `Secure`.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from attrs import frozen

from entrada.client.web_sign_in.transaction import LIFETIME, Transaction, pack, unpack

MOST: Final = 5  # attempts at once; abandoned ones must not grow the headers until a server refuses them
_NAMED_BY: Final = 16  # characters of the state, which has more: the name alone opens nothing


class Sealer(Protocol):
    """Authenticated encryption under a key of the application's own."""

    def seal(self, payload: bytes) -> str: ...

    def open(self, sealed: str) -> bytes | None:
        """None for what this application did not seal."""
        ...


@frozen
class SetCookie:
    """An empty *value* and a *max_age* of 0 drop it."""

    name: str
    value: str
    max_age: int


@frozen(kw_only=True)
class TransactionCookies:
    prefix: str  # `__Host-app-sign-in-`
    sealer: Sealer

    def to_set(self, transaction: Transaction) -> SetCookie:
        return SetCookie(self._name(transaction.state), self.sealer.seal(pack(transaction)), LIFETIME)

    def to_drop(self, transaction: Transaction) -> SetCookie:
        return SetCookie(self._name(transaction.state), "", 0)

    def surplus(self, sent: Mapping[str, str]) -> tuple[SetCookie, ...]:
        """The oldest of the attempts that the browser sends, dropped so that one more finds room."""
        ours = [name for name in sent if name.startswith(self.prefix)]
        by_age = sorted(ours, key=lambda name: self._started(sent[name]), reverse=True)
        return tuple(SetCookie(name, "", 0) for name in by_age[MOST - 1 :])

    def find(self, sent: Mapping[str, str], parameters: Mapping[str, str]) -> Transaction | None:
        """The attempt that the `state` of an answer names, if this browser began it."""
        return self._read(sent.get(self._name(parameters.get("state", "")), ""))

    def _name(self, state: str) -> str:
        return self.prefix + state[:_NAMED_BY]

    def _started(self, sealed: str) -> int:
        transaction = self._read(sealed)
        return transaction.started_at if transaction is not None else 0

    def _read(self, sealed: str) -> Transaction | None:
        payload = self.sealer.open(sealed) if sealed else None
        try:
            return unpack(payload) if payload is not None else None
        except ValueError:
            return None

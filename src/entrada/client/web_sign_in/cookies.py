"""Transactions as cookies, one for each attempt: sealed, short-lived, few, and small together.

Whoever sets them gives them `HttpOnly`, `Path=/`, the `SameSite` they name and `Secure`; the last not on plain http.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, Protocol, TypeAlias

from attrs import frozen

from entrada.client.web_sign_in.transaction import LIFETIME, Transaction, pack, unpack
from entrada.client.web_sign_in.web_app import ResponseMode

MOST: Final = 5  # attempts at once
MOST_BYTES: Final = 4096  # of all of them: abandoned ones must not grow the headers until a server refuses them
_NAMED_BY: Final = 16  # characters of the state, which has more: the name alone opens nothing
_BETWEEN: Final = len("=; ")

SameSite: TypeAlias = Literal["lax", "none"]


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
    same_site: SameSite = "lax"


@frozen(kw_only=True)
class TransactionCookies:
    prefix: str  # `__Host-app-sign-in-`
    sealer: Sealer
    response_mode: ResponseMode = ResponseMode.QUERY

    def to_add(self, transaction: Transaction, sent: Mapping[str, str]) -> tuple[SetCookie, ...]:
        """That attempt's, and of those that the browser sends the oldest dropped, so that it finds room."""
        new = SetCookie(self._name(transaction.state), self.sealer.seal(pack(transaction)), LIFETIME, self._same_site)
        return new, *(self._dropped(name) for name in self._surplus(sent, MOST_BYTES - _size(new.name, new.value)))

    def to_drop(self, transaction: Transaction) -> SetCookie:
        return self._dropped(self._name(transaction.state))

    def find(self, sent: Mapping[str, str], parameters: Mapping[str, str]) -> Transaction | None:
        """The attempt that the `state` of an answer names, if this browser began it."""
        return self._read(sent.get(self._name(parameters.get("state", "")), ""))

    @property
    def _same_site(self) -> SameSite:
        # The form comes from a page of the authority: another site, whose posts bring no Lax cookie.
        return "none" if self.response_mode is ResponseMode.FORM_POST else "lax"

    def _surplus(self, sent: Mapping[str, str], room: int) -> Iterator[str]:
        ours = [name for name in sent if name.startswith(self.prefix)]
        by_age = sorted(ours, key=lambda name: self._started(sent[name]), reverse=True)
        for place, name in enumerate(by_age, start=2):
            room -= _size(name, sent[name])
            if place > MOST or room < 0:
                yield name

    def _dropped(self, name: str) -> SetCookie:
        return SetCookie(name, "", 0, self._same_site)

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


def _size(name: str, value: str) -> int:
    return len(name) + len(value) + _BETWEEN

"""What a decision is given beside the request: the time, counters, keys of issuers, and who is asking."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from attrs import field, frozen

from entrada.core.gateway.counters import NOBODY, Counters, Window
from entrada.core.gateway.expressions.context import User
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate

_NOT_FETCHED: Final = "it could not be fetched."


@frozen(kw_only=True)
class Facts:
    now: NumericDate
    request_id: UUID
    entropy: bytes = field(repr=False)  # 16 or more random bytes of this request
    authority: str = ""  # of validate-azure-ad-token where the policy names none: entrada's own origin
    providers: Mapping[str, Provider] = field(factory=dict[str, Provider], repr=False)  # by the URL of the document
    failures: Mapping[str, str] = field(factory=dict[str, str])  # why nothing is known of a document, by its URL
    counters: Counters = field(factory=dict[str, Window], repr=False)
    user: User | None = None
    is_traced: bool = True  # without, refusals alone are noted

    def providers_of(self, documents: Iterable[str]) -> tuple[Provider, ...]:
        return tuple(self.providers[url] for url in documents if url in self.providers)

    def unknown_of(self, documents: Iterable[str]) -> tuple[str, ...]:
        """In words, those that name no issuer and no key yet."""
        lacking = (url for url in documents if url not in self.providers)
        return tuple(f"nothing is known of {url}: {self.failures.get(url) or _NOT_FETCHED}" for url in lacking)

    def window(self, key: str) -> Window:
        return self.counters.get(key, NOBODY)

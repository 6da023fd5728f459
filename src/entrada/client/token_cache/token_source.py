"""A token that serves for a minute at least: from the cache, or renewed once however many threads ask."""

import os
from collections.abc import Callable, Iterable
from threading import Event, Lock
from typing import Final, TypeAlias

from attrs import define, field, frozen

from entrada.client.errors import EntradaError
from entrada.client.flow import Flow
from entrada.client.token_cache.remembering import Wanted, better_renewed, serving, wanted
from entrada.client.token_cache.renewing import Renewing
from entrada.client.tokens import AccessToken
from entrada.core.jose.numeric_date import NumericDate, Seconds

Question: TypeAlias = tuple[frozenset[str], str | None]  # the names of the scopes, the claims of a challenge
TRIED_AGAIN_AFTER: Final = Seconds(30)  # where a token that still serves could not be renewed early


@define(eq=False)
class _Flight:
    """One renewal; neither answer nor error once it has landed: who led it was interrupted."""

    landed: Event = field(factory=Event)
    answer: AccessToken | None = field(default=None, repr=False)
    error: Exception | None = None
    process: int = field(factory=os.getpid)  # in a fork of it nobody flies on


@frozen(kw_only=True, eq=False)
class TokenSource(Renewing):
    """Of one partition.  To be kept: those who share it wait for each other."""

    drive: Callable[[Flow[AccessToken]], AccessToken]
    _flights: dict[Question, _Flight] = field(factory=dict[Question, _Flight], init=False, repr=False)
    _tried: dict[Question, NumericDate] = field(factory=dict[Question, NumericDate], init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    def token_for(self, scopes: Iterable[str], claims: str | None = None, *, force: bool = False) -> AccessToken:
        """*claims* are a challenge of the API, as JSON; neither it nor *force* takes an answer that was there before.

        Raises EntradaError: InteractionRequired where only the person can go on.
        """
        asked, now = wanted(scopes), self.clock()
        found = serving(self.cache.read(self.partition), asked, now)
        if found is None or force or claims is not None:
            return self._renewed(asked, claims, found)
        return self._better(asked, found) if better_renewed(found, now) else found

    def _better(self, asked: Wanted, found: AccessToken) -> AccessToken:
        """Renewed early, unless somebody is at it or it was tried a moment ago; *found* where that fails."""
        question, now = (asked.names, None), self.clock()
        if question in self._flights or now < self._tried.get(question, NumericDate(0)) + TRIED_AGAIN_AFTER:
            return found
        self._tried[question] = now
        try:
            return self._renewed(asked, None, found)
        except EntradaError:
            if found.serves(self.clock()):
                return found
            raise

    def _renewed(self, asked: Wanted, claims: str | None, seen: AccessToken | None) -> AccessToken:
        question = (asked.names, claims)
        while True:
            with self._lock:
                known = self._flights.get(question)
                leads = known is None or known.process != os.getpid()
                flight = self._flights[question] = _Flight() if known is None or leads else known
            if leads:
                return self._led(flight, question, self.renewed(asked, claims, seen))
            flight.landed.wait()
            if flight.error is not None:
                raise flight.error
            if flight.answer is not None:
                return flight.answer

    def _led(self, flight: _Flight, question: Question, renewal: Flow[AccessToken]) -> AccessToken:
        try:
            flight.answer = self.drive(renewal)
        except Exception as error:
            flight.error = error  # of all who waited, and of nobody who comes later
            raise
        finally:
            renewal.close()  # gives the claim up also where the driver was interrupted
            with self._lock:
                del self._flights[question]
            flight.landed.set()
        return flight.answer

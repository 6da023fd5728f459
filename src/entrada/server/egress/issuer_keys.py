"""The keys of external issuers, fetched when first needed and remembered.  OpenID Connect Discovery 1.0, section 4.

Whoever calls has seen that a registration names the issuer: a stranger's token makes nobody fetch anything.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from attrs import define

from entrada.core.jose.jwk_set import KeySet, parse_jwk_set
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.server.egress.fetch import NotFetched

KEPT: Final = Seconds(60 * 60)
ASKED_AGAIN_AFTER: Final = Seconds(5 * 60)  # for a key that is not known
FAILURE_KEPT: Final = Seconds(60)
MOST_ISSUERS: Final = 1000
WELL_KNOWN: Final = "/.well-known/openid-configuration"

FetchJson = Callable[[str], Awaitable[dict[str, object]]]
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


@define
class _Known:
    keys: KeySet | None  # None: it could not be asked
    fetched_at: NumericDate
    asked_at: NumericDate  # later, when an answer was looked for again and did not come


class IssuerKeys:
    def __init__(self, fetch_json: FetchJson, clock: Callable[[], NumericDate]) -> None:
        self._fetch_json, self._clock = fetch_json, clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Future[_Known]] = {}

    async def keys(self, issuer: str, kid: str | None) -> KeySet | None:
        known = self._known.get(issuer)
        if known is None or self._is_stale(known, kid):
            known = await self._asked(issuer)
        return known.keys

    def _is_stale(self, known: _Known, kid: str | None) -> bool:
        since_asked = abs(self._clock() - known.asked_at)
        if known.keys is None:
            return since_asked >= FAILURE_KEPT
        if self._is_old(known):
            return True
        return kid is not None and kid not in known.keys and since_asked >= ASKED_AGAIN_AFTER

    def _is_old(self, known: _Known) -> bool:
        return abs(self._clock() - known.fetched_at) >= KEPT

    async def _asked(self, issuer: str) -> _Known:
        asking = self._asking.get(issuer)
        if asking is None:
            asking = self._asking[issuer] = asyncio.ensure_future(self._ask(issuer))
            asking.add_done_callback(lambda _: self._asking.pop(issuer, None))
        # One fetch however many requests wait; who gives up meanwhile does not end it for the others.
        return await asyncio.shield(asking)

    async def _ask(self, issuer: str) -> _Known:
        before, keys, now = self._known.get(issuer), await self._fetched(issuer), self._clock()
        known = _Known(keys, now, now)
        if keys is None and before is not None and before.keys is not None and not self._is_old(before):
            # It does not answer for the moment: what it said within the hour still holds.
            known = _Known(before.keys, before.fetched_at, now)
        self._known[issuer] = known
        self._known.move_to_end(issuer)
        while len(self._known) > MOST_ISSUERS:
            self._known.popitem(last=False)
        return known

    async def _fetched(self, issuer: str) -> KeySet | None:
        try:
            document = await self._fetch_json(issuer.removesuffix("/") + WELL_KNOWN)
            if document.get("issuer") != issuer:
                raise NotFetched("its configuration names another issuer")  # noqa: TRY301 - one place tells the log
            return parse_jwk_set(await self._fetch_json(str(document.get("jwks_uri", ""))))
        except (NotFetched, ValueError) as error:
            _log.warning("issuer keys", issuer=issuer, reason=str(error)[:300])
            return None

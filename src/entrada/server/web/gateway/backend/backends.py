"""Connections to backends, opened when needed and kept for the next request.  RFC 9112, section 9."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Final

from entrada.core.gateway.exchange import Address
from entrada.server.web.gateway.backend.connection import Broken, Connection, TimedOut

CONNECTED_WITHIN: Final = 10.0  # seconds, name look-up and TLS included
MOST_IDLE: Final = 512
_KEPT: Final = 55.0  # seconds of idleness
_FRESH: Final = 2.0  # within so many seconds of idleness no backend is likely to be closing the connection
_Place = tuple[str, str, int]


def _own_context() -> ssl.SSLContext:
    """The system's authorities, SSL_CERT_FILE included."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Backends:
    """The policies' authors choose whom it speaks to, networks of their own included: that is what a gateway is for."""

    def __init__(self, context: Callable[[], ssl.SSLContext] = _own_context) -> None:
        self._make_context = context
        self._context: ssl.SSLContext | None = None
        self._idle: dict[_Place, list[Connection]] = {}
        self._places: dict[Connection, _Place] = {}  # of all that are open
        self._kept = 0

    def kept(self, target: Address, *, surely: bool) -> Connection | None:
        """An idle connection; *surely*: only one that will hardly be closed at this moment."""
        waiting = self._idle.get((target.scheme, target.host, target.port))
        now = asyncio.get_running_loop().time()
        while waiting:
            one = waiting.pop()  # the last one that was used: the others may grow old
            self._kept -= 1
            if one.is_open and now - one.idle_since < (_FRESH if surely else _KEPT):
                return one
            one.close()
        return None

    async def opened(self, target: Address, within: float) -> Connection:
        """A new connection.  Raise Broken or TimedOut."""
        loop = asyncio.get_running_loop()
        tls = self._tls() if target.scheme == "https" else None
        name = target.host if tls is not None else None
        try:
            async with asyncio.timeout(min(within, CONNECTED_WITHIN)):
                _, made = await loop.create_connection(
                    lambda: Connection(loop, self._lost), target.host, target.port, ssl=tls, server_hostname=name
                )
        except TimeoutError:
            raise TimedOut from None
        except (OSError, ValueError) as error:  # TLS among them; ValueError: a name that cannot be one
            raise Broken(f"{type(error).__name__}: {error}", answered=False) from None
        self._places[made] = (target.scheme, target.host, target.port)
        return made

    def give_back(self, one: Connection) -> None:
        """For the next request, when it is fit for one."""
        place = self._places.get(one)
        if place is None or not one.is_reusable or self._kept >= MOST_IDLE:
            one.close()
            return
        one.idle_since = asyncio.get_running_loop().time()
        self._idle.setdefault(place, []).append(one)
        self._kept += 1

    def close(self) -> None:
        for one in list(self._places):
            one.close()

    def _lost(self, one: Connection) -> None:
        place = self._places.pop(one, None)
        waiting = self._idle.get(place) if place is not None else None
        if waiting and one in waiting:
            waiting.remove(one)
            self._kept -= 1
        if place is not None and not waiting:
            self._idle.pop(place, None)

    def _tls(self) -> ssl.SSLContext:
        self._context = self._context or self._make_context()
        return self._context

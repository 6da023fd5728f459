"""The way out of a client: HTTP that is opened when first needed, and never on the way of a token that is at hand."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import define, field

from entrada.client.errors import BadSettings
from entrada.client.flow import Call, Reply

if TYPE_CHECKING:
    import ssl

    import httpx2

    from entrada.client.driver import Send, SendAsync

PATIENCE: Final = 30.0  # seconds for one answer to begin, and for each part of it
CONNECTED_WITHIN: Final = 10.0
_THIS_MACHINE: Final = dict.fromkeys(f"all://{host}" for host in ("localhost", "127.0.0.1", "[::1]"))  # by no proxy


@define
class Connection:
    """*ca_file*: roots to trust instead of the system's.  *straight*: no proxy, as for what is on this machine."""

    ca_file: Path | None = None
    straight: bool = False
    connected_within: float = CONNECTED_WITHIN
    _client: "httpx2.Client | None" = field(default=None, init=False, repr=False)
    _send: "Send | None" = field(default=None, init=False, repr=False)

    def __call__(self, call: Call) -> Reply:
        """Raises Unreachable, and BadSettings for roots that cannot be read."""
        send = self._send or self._open()
        return send(call)

    def close(self) -> None:
        client, self._client, self._send = self._client, None, None
        if client is not None:
            client.close()

    def _open(self) -> "Send":
        import httpx2  # noqa: PLC0415 - see above

        from entrada.client.transport import over  # noqa: PLC0415

        timeout = httpx2.Timeout(PATIENCE, connect=self.connected_within)
        self._client = httpx2.Client(
            verify=trusted(self.ca_file), timeout=timeout, trust_env=not self.straight, mounts=_THIS_MACHINE
        )
        self._send = over(self._client)
        return self._send


@define
class AsyncConnection:
    """The same for an event loop."""

    ca_file: Path | None = None
    straight: bool = False
    connected_within: float = CONNECTED_WITHIN
    _client: "httpx2.AsyncClient | None" = field(default=None, init=False, repr=False)
    _send: "SendAsync | None" = field(default=None, init=False, repr=False)

    async def __call__(self, call: Call) -> Reply:
        send = self._send or self._open()
        return await send(call)

    async def close(self) -> None:
        client, self._client, self._send = self._client, None, None
        if client is not None:
            await client.aclose()

    def _open(self) -> "SendAsync":
        import httpx2  # noqa: PLC0415 - see above

        from entrada.client.transport import over_async  # noqa: PLC0415

        timeout = httpx2.Timeout(PATIENCE, connect=self.connected_within)
        self._client = httpx2.AsyncClient(
            verify=trusted(self.ca_file), timeout=timeout, trust_env=not self.straight, mounts=_THIS_MACHINE
        )
        self._send = over_async(self._client)
        return self._send


def trusted(ca_file: Path | None) -> "ssl.SSLContext | bool":
    """Raises BadSettings."""
    if ca_file is None:
        return True
    import ssl  # noqa: PLC0415 - see above

    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except OSError as error:  # an SSLError is one
        why = "it holds no certificate in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise BadSettings(
            f"The roots to trust cannot be read from {ca_file}: {why}", advice="Name a PEM file."
        ) from None

"""The way to the authority: over TLS that trusts what the profile says, traced where asked, and a look at its clock."""

import ssl
import time
from collections.abc import Generator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import httpx2
from attrs import define, field

from entrada.cli.tokens.spellings import in_words
from entrada.cli.tokens.trace import Trace
from entrada.client.authority import LOOPBACK
from entrada.client.driver import Send
from entrada.client.errors import BadSettings, EntradaError
from entrada.client.flow import Call, Reply
from entrada.client.transport import over
from entrada.core.jose.numeric_date import Seconds

PATIENCE: Final = 30.0  # seconds for one answer
_BY_NO_PROXY: Final = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]", "169.254.169.254")}
_CLOCKS_DIFFER: Final = 5 * 60  # seconds that authorities bear


@define
class Network:
    send: Send
    behind: Seconds | None = field(default=None, init=False)  # how far this machine's clock is, by the last answer

    def __call__(self, call: Call) -> Reply:
        reply = self.send(call)
        self.behind = _behind(reply)
        return reply

    def clock_fault(self) -> str | None:
        if self.behind is None or abs(self.behind) <= _CLOCKS_DIFFER:
            return None
        side = "behind" if self.behind > 0 else "ahead of"
        return f"The clock of this machine is {in_words(Seconds(abs(self.behind)))} {side} the authority's: set it."


@contextmanager
def network(url: str, ca_file: Path | None, trace: Trace | None, *, straight: bool = False) -> Generator[Network]:
    """*straight*: by no proxy, whatever is asked.

    Raises BadSettings for roots that cannot be read; a failure in it says whether the clock may be to blame.
    """
    with client_over(trusted(ca_file), url, straight=straight) as client:
        plain = over(client)
        way = Network(trace.over(plain) if trace else plain)
        try:
            yield way
        except EntradaError as error:
            if fault := way.clock_fault():
                error.advice = f"{error.advice} {fault}".strip()
            raise
        if fault := way.clock_fault():
            click.echo(f"entrada: {fault}", err=True)


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Those roots alone, or the system's.  Raises BadSettings."""
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        why = "it holds no certificate in PEM" if isinstance(error, ssl.SSLError) else error.strerror
        raise BadSettings(
            f"The roots to trust cannot be read from {ca_file}: {why}", advice="Name a PEM file with --ca."
        ) from None


def trusted_too(ca_file: Path | None) -> ssl.SSLContext:
    """The system's roots, and those of the file: for APIs, of which not all are the authority's."""
    context = trusted(None)
    if ca_file is not None:
        trusted(ca_file)  # to say what is wrong with it
        context.load_verify_locations(ca_file)
    return context


def client_over(trust: ssl.SSLContext, url: str, *, straight: bool = False) -> httpx2.Client:
    """To ask at *url* first, and then wherever that leads."""
    proxied = not (straight or is_of_this_machine(url))
    return httpx2.Client(verify=trust, timeout=PATIENCE, trust_env=proxied, mounts=_BY_NO_PROXY)


def is_of_this_machine(url: str) -> bool:
    """Loopback, and the link beside it, where clouds tell a machine who it is."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host in LOOPBACK
    return address.is_loopback or address.is_link_local


def _behind(reply: Reply) -> Seconds | None:
    try:
        there = parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):  # of a year that no clock shows
        return None
    return Seconds(int(there - time.time()))

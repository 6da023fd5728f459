"""What an authority publishes, fetched for a look: over TLS that trusts the roots we are told."""

from pathlib import Path
from typing import TypeVar

from entrada.client.discovery.signing_keys import SigningKeys, parse_signing_keys
from entrada.client.driver import drive
from entrada.client.errors import BadMetadata, StorageError
from entrada.client.flow import Call, Flow, Reply
from entrada.core.jose.json_object import parse_object

T = TypeVar("T")


def fetched(flow: Flow[T], url: str, ca_file: Path | None) -> T:
    """The answer of *flow*, which asks at *url*."""
    from entrada.cli.tokens.network import network  # what fetches: 50 ms

    with network(url, ca_file, None) as send:
        return drive(flow, send)


def one_call(url: str) -> Flow[Reply]:
    return (yield Call(url=url))


def key_set(where: str, ca_file: Path | None) -> SigningKeys:
    """Of a file or a URL.  Raises StorageError and BadMetadata."""
    try:
        if "://" in where:
            return parse_signing_keys(fetched(one_call(where), where, ca_file).members())
        return parse_signing_keys(parse_object(Path(where).read_bytes()))
    except OSError as error:
        raise StorageError(f"{where} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadMetadata(f"{where} is no key set: {error}") from None

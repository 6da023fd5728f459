"""Send the browser of this machine somewhere, without showing everybody the address among a program's arguments."""

from typing import Final

from entrada.client.flow import Flow, doing
from entrada.client.grants.client_authentication import Entropy
from entrada.client.interactive.browser import Open
from entrada.client.interactive.loopback import listening
from entrada.core.jose import base64url

_WITHIN: Final = 30.0  # seconds for a browser to start
_SECRET_BYTES: Final = 32


def lead(url: str, open_browser: Open, entropy: Entropy) -> Flow[None]:
    """Raises NoBrowser, PortTaken, TimedOut."""
    receiver = listening()
    try:
        receiver.start(base64url.encode(entropy(_SECRET_BYTES)))
        way = receiver.way_to(url)
        yield from doing(lambda: open_browser(way))
        yield from doing(lambda: receiver.wait_for_the_browser(_WITHIN))
    finally:
        receiver.close()

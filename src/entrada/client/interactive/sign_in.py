"""Sign somebody in with the browser of this machine, from its opening to the verified tokens.  RFC 8252 §4.1."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

from attrs import field, frozen

from entrada.client.errors import EntradaError, SignInCancelled
from entrada.client.flow import Flow, Tell, doing
from entrada.client.grants.authorization_code import redeem
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.identity import with_identity
from entrada.client.grants.registration import Registration
from entrada.client.interactive import page
from entrada.client.interactive.browser import Browser, Open
from entrada.client.interactive.loopback import Receiver, listening
from entrada.client.tokens import Tokens
from entrada.client.web_sign_in.sign_in import Asked, Begun, SignIn
from entrada.client.web_sign_in.web_app import ResponseMode, WebApp
from entrada.core.jose.numeric_date import NumericDate

TIMEOUT: Final = 300.0


@frozen(kw_only=True)
class Interactive:
    scopes: tuple[str, ...]
    asked: Asked = field(factory=Asked)
    redirect_uri: str = "http://localhost"  # as registered; a port in it is kept
    port: int = 0  # any that is free
    timeout: float = TIMEOUT  # seconds for the person


def sign_in_interactively(
    registration: Registration,
    wanted: Interactive,
    *,
    clock: Callable[[], NumericDate],
    entropy: Entropy,
    open_browser: Open,
) -> Flow[Tokens]:
    """Raises NoBrowser, PortTaken, TimedOut, SignInCancelled beside what every grant raises."""
    metadata = yield from registration.provider.metadata(clock())
    mode = ResponseMode.FORM_POST if ResponseMode.FORM_POST in metadata.response_modes else ResponseMode.QUERY
    with _receiver(wanted) as receiver:
        sign_in = sign_in_of(registration, wanted.scopes, receiver.redirect_uri, mode)
        begun = yield from sign_in.begin(return_to=None, now=clock(), entropy=entropy, asked=wanted.asked)
        parameters = yield from _answer(receiver, begun, wanted.timeout, open_browser)
        tokens = yield from redeem(
            registration,
            parameters,
            begun.transaction,
            redirect_uri=receiver.redirect_uri,
            scopes=wanted.scopes,
            now=clock(),
            entropy=entropy,
        )
        receiver.tell(page.SIGNED_IN)
        return tokens


def _answer(receiver: Receiver, begun: Begun, timeout: float, open_browser: Open) -> Flow[dict[str, str]]:
    receiver.start(begun.transaction.state)
    # A function that was given opens it in a way of its own; a program's arguments are seen by everybody.
    url = receiver.way_to(begun.url) if isinstance(open_browser, Browser) else begun.url
    yield from doing(lambda: open_browser(url))
    yield Tell(message="Go on in the browser that has just opened.", url=begun.url, waits=timeout)
    return dict((yield from doing(lambda: receiver.wait(timeout))))


@contextmanager
def _receiver(wanted: Interactive) -> Generator[Receiver]:
    """What goes wrong while it listens is told to the person, in the tab where they wait."""
    receiver = listening(wanted.redirect_uri, wanted.port)
    try:
        yield receiver
    except SignInCancelled:
        receiver.tell(page.DECLINED)
        raise
    except EntradaError as error:
        receiver.tell(page.failed(error.message, error.advice))
        raise
    finally:
        receiver.close()


def sign_in_of(
    registration: Registration,
    scopes: tuple[str, ...],
    redirect_uri: str = "http://localhost",
    mode: ResponseMode = ResponseMode.QUERY,
) -> SignIn:
    app = WebApp(
        authority=registration.provider.authority,
        client_id=registration.client_id,
        redirect_uri=redirect_uri,
        scopes=with_identity(scopes),
        response_mode=mode,
    )
    return SignIn(app, registration)  # what is known of the authority is known there too

"""What a client raises: one type for each thing that the caller can do about it.

The message says what happened, `advice` what to change, and the fields carry what the authority said (RFC 6749 §5.2;
reference 40.1), so that a log line of the authority can be found from the exception.  None quotes a token or a secret.
"""

from attrs import field, frozen


class EntradaError(Exception):
    """Whatever this library refuses or fails at.  `str()` is one line: what happened, then what to do."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message, self.advice = message, advice

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.advice}" if self.advice else self.message


# ---- the authority ----


class Unreachable(EntradaError):
    """Nobody answers, at present: no connection, a time-out, or a status that says so (429, 5xx) to the last try."""


class NotConnected(Unreachable):
    """No connection came about: what was to be asked was never sent."""


class NoWay(NotConnected):
    """Nor will one by asking again: nobody has the name, or its certificate is of nobody whom we trust."""


class BadMetadata(EntradaError):
    """The authority's configuration or key set is none, or leads somewhere it must not."""


@frozen(kw_only=True)
class OAuthError:
    """The members of an error answer, each checked to be what a log may show."""

    error: str
    description: str = ""
    aadsts: int | None = None
    suberror: str | None = None
    claims: str | None = field(default=None, repr=False)  # a challenge, as JSON, to send along when asking again
    trace_id: str | None = None
    correlation_id: str | None = None


class AuthorityRefused(EntradaError):
    """The authority answered with an OAuth error."""

    def __init__(self, message: str, said: OAuthError, *, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.said = said


class InteractionRequired(AuthorityRefused):
    """Only the person can go on: send them to sign in for these *scopes* and, where there are, with `said.claims`."""

    def __init__(self, message: str, said: OAuthError, *, scopes: tuple[str, ...], advice: str = "") -> None:
        super().__init__(message, said, advice=advice)
        self.scopes = scopes


class BadAnswer(EntradaError):
    """The authority answered with something that is neither tokens nor an error of OAuth."""


class TokenRejected(EntradaError):
    """A token that must not be believed; the message says which check it failed."""


# ---- the person ----


class SignInCancelled(EntradaError):
    """The person said no, or closed what they were asked in."""


class TimedOut(EntradaError):
    """Nobody finished in time."""


class NoBrowser(EntradaError):
    """There is no browser to open here; a device code needs none."""


class PortTaken(EntradaError):
    """Something else listens where the answer of the browser was to arrive."""


# ---- this machine ----


class BadSettings(EntradaError):
    """What this library was told cannot be: a URL, an id, a missing credential."""


class BadCredential(EntradaError):
    """A certificate, key, token file or managed identity that cannot be used as it is."""


class StorageError(EntradaError):
    """What was kept cannot be read, opened or written; it was left as it is."""

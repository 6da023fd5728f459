"""A request and the response to it, as policies see and change them.

Bodies are not here: the gateway streams them, and the expressions that would read them are refused.
"""

from attrs import field, frozen

from entrada.core.gateway.headers import Headers


@frozen(kw_only=True)
class Address:
    """A URL in its parts; *path* starts with a slash and is as the caller escaped it."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = field(default="", repr=False)  # without `?`; it may carry a token

    def __str__(self) -> str:
        """Without the query, which may carry a token."""
        usual = {"http": 80, "https": 443}.get(self.scheme) == self.port
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if usual else f':{self.port}'}{self.path}"


@frozen(kw_only=True)
class Request:
    method: str
    url: Address
    headers: Headers = field(default=(), repr=False)
    client_address: str  # of the connection, or of a proxy that we trust: an IP address


@frozen(kw_only=True)
class Response:
    status: int
    headers: Headers = field(default=(), repr=False)
    reason: str = ""
    body: bytes | None = field(default=None, repr=False)  # None: the backend's, passed on as it comes

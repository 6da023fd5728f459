"""One frozen value that says everything to the toolkit: from code, from a file, or from the environment."""

from pathlib import Path

from attrs import field, frozen

from entrada.client.authority import Authority


@frozen(kw_only=True)
class Settings:
    authority: Authority
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    certificate: Path | None = None  # PEM with its key, or PKCS#12
    certificate_password: str | None = field(default=None, repr=False)
    federated_token_file: Path | None = None  # a token of another issuer, read anew each time
    scopes: tuple[str, ...] = ()  # of APIs, for sign-in; the protocol's own are added
    allowed_tenants: frozenset[str] = frozenset()  # ids; empty: whichever the authority lets in
    audiences: frozenset[str] = frozenset()  # of an API, beside its client id and `api://` with it
    ca_file: Path | None = None  # roots to trust; None: the system's

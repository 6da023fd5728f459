"""What repsys must be told, as any web app of the Microsoft identity platform."""

from attrs import field, frozen

SCOPE = "openid profile email offline_access User.Read Mail.Read"


@frozen(kw_only=True)
class RepsysSettings:
    origin: str = "http://localhost:5000"
    authority: str  # https://host/{tenant}/v2.0
    graph: str  # https://host/v1.0
    client_id: str = "c0105000-0000-4000-8000-00000000e951"
    client_secret: str = field(repr=False)
    ca_bundle: str | None = None  # roots to trust; None: the system's

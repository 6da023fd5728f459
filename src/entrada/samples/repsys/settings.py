"""What repsys must be told, as any web app of the Microsoft identity platform."""

from pathlib import Path
from typing import Final

from attrs import field, frozen

from entrada.client.authority import entra_authority
from entrada.fastapi import Api, WebSettings

GRAPH_SCOPES: Final = ("User.Read", "Mail.Read")  # asked for at sign-in
COLORS_SCOPES: Final = ("api://c0105000-0000-4000-8000-00000000ba51/Colors.Read",)  # when the page of colors is opened


@frozen(kw_only=True)
class RepsysSettings:
    origin: str = "http://localhost:5000"
    authority: str  # https://host/{tenant}
    graph: str  # https://host/v1.0
    colors: str = "http://127.0.0.1:5001"
    client_id: str = "c0105000-0000-4000-8000-00000000e951"
    client_secret: str = field(repr=False)
    ca_file: Path | None = None  # roots to trust; None: the system's

    def for_sign_in(self) -> WebSettings:
        return WebSettings(
            authority=entra_authority(self.authority),
            client_id=self.client_id,
            client_secret=self.client_secret,
            ca_file=self.ca_file,
            public_url=self.origin,
            scopes=GRAPH_SCOPES,
            after_logout="/",
            cookie="repsys-session",
            apis={
                "graph": Api(base_url=self.graph, scopes=GRAPH_SCOPES),
                "colors": Api(base_url=self.colors, scopes=COLORS_SCOPES),
            },
        )

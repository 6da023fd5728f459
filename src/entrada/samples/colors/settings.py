"""What the Colors API must be told: whose tokens it takes, and who may call it from a browser."""

from pathlib import Path

from attrs import frozen


@frozen(kw_only=True)
class ColorsSettings:
    authority: str = "https://localhost:8443/c0105000-0000-4000-8000-000000000001"
    client_id: str = "c0105000-0000-4000-8000-00000000ba51"
    spa_client_id: str = "c0105000-0000-4000-8000-0000000005fa"  # as which its documentation page signs in
    spa_origins: str = r"http://localhost(:\d{1,5})?"  # whose scripts may call it; any port, as of its redirect URI
    root_path: str = ""  # what a proxy in front of it takes off the path
    ca_file: Path | None = None  # roots to trust; None: the system's

"""Small secrets at rest: sealed files, and the ladder of those who may keep the key.  docs/explanation/vault.md"""

from entrada.client.vault.opening import open_vault
from entrada.client.vault.port import Vault
from entrada.client.vault.surroundings import Rung

__all__ = ["Rung", "Vault", "open_vault"]

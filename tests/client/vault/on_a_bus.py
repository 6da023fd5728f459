"""Run under a session bus of its own: keep something, and say which rung keeps the key, or why none does."""

import os
import sys
from pathlib import Path

from entrada.client.errors import StorageError
from entrada.client.vault import open_vault

vault = open_vault(Path(sys.argv[1]), os.environ, entropy=os.urandom)
try:
    kept = vault.change("secret/work", lambda was: (was or b"") + b"x")
except StorageError as error:
    sys.stdout.write(f"{error}\n")
else:
    sys.stdout.write(f"{vault.rung} {(kept or b'').decode()}\n")

"""Run as a process of its own: put so many tokens into one partition of a cache, one after the other.

writer.py FOLDER WHO COUNT: says each number once it is kept, so that whoever kills it knows what must be there.
"""

import os
import sys
from functools import partial
from pathlib import Path

from attrs import evolve

from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import AccessToken
from entrada.client.vault import open_vault
from entrada.core.jose.numeric_date import NumericDate

HERE = Partition("https://localhost:8443/colors", "app", "issuer ben")
FAR = NumericDate(4_000_000_000)


def main(folder: Path, who: str, count: int) -> None:
    cache = EncryptedFileCache(open_vault(folder, os.environ, entropy=os.urandom))
    for number in range(count):
        token = AccessToken(value=f"{who} {number}", scopes=frozenset(), expires_at=FAR)
        cache.change(HERE, partial(with_one_more, token))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def with_one_more(token: AccessToken, kept: Kept | None) -> Kept:
    before = kept or Kept()
    return evolve(before, access=(*before.access, token))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

"""A folder of sealed files, one per name, and the header that says who keeps their key.

A file is called by a keyed digest of its name: a copy does not tell which authorities and applications are used.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final, NamedTuple

from attrs import define, field
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from entrada.client.errors import StorageError
from entrada.client.vault import ladder
from entrada.client.vault.header import Header, NoHeader, parse_header
from entrada.client.vault.private_folder import PrivateFolder
from entrada.client.vault.sealed import NONCE_BYTES, NotSealed, seal, unseal
from entrada.client.vault.surroundings import Rung, Surroundings

HEADER: Final = "vault.json"
SEALED: Final = ".sealed"

_DIGEST_BYTES: Final = 16
_NAMES: Final = b"the names of files in a vault of entrada"  # what else the data key is used for


class Damaged(StorageError):
    """One file will not open; the others may."""


class _Key(NamedTuple):
    header: Header
    data_key: bytes

    def __repr__(self) -> str:
        return f"_Key({self.header.id})"  # never the key

    def file_of(self, name: str) -> str:
        digest = HMAC(self.data_key, SHA256())
        digest.update(_NAMES + name.encode())
        return digest.finalize()[:_DIGEST_BYTES].hex() + SEALED

    def words(self, file: str) -> tuple[str, ...]:
        return ("entry", self.header.id, self.header.rung, file)


@define(eq=False, repr=False)
class SealedVault:
    at: Surroundings
    folder: PrivateFolder
    _key: _Key | None = field(default=None, init=False, repr=False)

    @property
    def rung(self) -> Rung | None:
        header = self._header()
        return None if header is None else header.rung

    def read(self, name: str) -> bytes | None:
        key = self._reopened()
        return None if key is None else self._read(key, name)

    def change(self, name: str, decide: Callable[[bytes | None], bytes | None]) -> bytes | None:
        key = self._reopened() or self._begun()
        file = key.file_of(name)
        with self.folder.locked(file):
            before = self._read(key, name)
            after = decide(before)
            if after is None:
                self.folder.remove(file)
            elif after != before:
                self._write(key, file, name, after)
            return after

    def claim(self, name: str) -> Callable[[], None] | None:
        key = self._reopened() or self._begun()
        return self.folder.claim(key.file_of(name))

    def entries(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Without what is damaged: it has lost its name too, and the others are none the worse for it."""
        for opened in self._all():
            with suppress(Damaged):
                if (found := opened()) is not None and found[0].startswith(prefix):
                    yield found

    def names(self, prefix: str) -> tuple[str, ...]:
        """Raises StorageError for any that is damaged."""
        every = (opened() for opened in self._all())
        return tuple(found[0] for found in every if found is not None and found[0].startswith(prefix))

    def _all(self) -> Iterator[Callable[[], tuple[str, bytes] | None]]:
        if (key := self._reopened()) is not None:
            yield from (partial(self._opened, key, file) for file in self.folder.listed(SEALED))

    # ---- one file ----

    def _read(self, key: _Key, name: str) -> bytes | None:
        found = self._opened(key, key.file_of(name))
        return None if found is None else found[1]

    def _opened(self, key: _Key, file: str) -> tuple[str, bytes] | None:
        sealed = self.folder.read(file)
        if sealed is None:
            return None
        try:
            name, _, content = unseal(sealed, key=key.data_key, words=key.words(file)).partition(b"\0")
            return name.decode(), content
        except (NotSealed, ValueError):
            raise _damaged(self.folder, file) from None

    def _write(self, key: _Key, file: str, name: str, content: bytes) -> None:
        whole = name.encode() + b"\0" + content
        nonce = self.at.entropy(NONCE_BYTES)
        self.folder.write(file, seal(whole, key=key.data_key, words=key.words(file), nonce=nonce))

    # ---- the key of all ----

    def _reopened(self) -> _Key | None:
        if self._key is None and (header := self._header()) is not None:
            self._key = _Key(header, ladder.reopen(header, self.at))
        return self._key

    def _begun(self) -> _Key:
        """By one process, however many come first."""
        self.folder.make()
        with self.folder.locked(HEADER):
            key = self._reopened()
            if key is None:
                from entrada.client.vault.beginning import begin  # noqa: PLC0415 - once in the life of a vault

                key = _Key(*begin(self.at))
                self.folder.write(HEADER, key.header.to_bytes())
                self._key = key
            return key

    def _header(self) -> Header | None:
        if self._key is not None:
            return self._key.header
        if not self.folder.exists():
            return None
        text = self.folder.read(HEADER)
        if text is None:
            self._require_empty()
            return None
        try:
            return parse_header(text)
        except NoHeader:
            raise StorageError(
                f"{self.folder.path / HEADER} is damaged, or of a newer entrada", advice=_anew(self.folder)
            ) from None

    def _require_empty(self) -> None:
        """A new header over old files would be a new key, and they lost."""
        if next(self.folder.listed(SEALED), None) is not None:
            raise StorageError(
                f"{self.folder.path / HEADER} is gone, but sealed files are there", advice=_anew(self.folder)
            )


def _damaged(folder: PrivateFolder, file: str) -> Damaged:
    path = folder.path / file
    return Damaged(f"{path} is damaged", advice=f"Put a good copy back, or lose this one entry: rm {path}")


def _anew(folder: PrivateFolder) -> str:
    return f"Put a good copy back, or lose what is kept and start anew: rm -r {folder.path}"

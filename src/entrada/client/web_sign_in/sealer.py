"""Seal what only this application may read again: its cookies, and its sessions wherever they rest.  AES-256-GCM."""

from collections.abc import Callable
from typing import Final

from attrs import define, field
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entrada.client.errors import BadSettings
from entrada.core.jose import base64url
from entrada.core.sealing.keys import KEY_BYTES, MasterKey, derive

_NONCE_BYTES: Final = 12
_LONGEST: Final = 16_384


@define
class Box:
    """For one purpose; *keys* derive from the application's, the newest first."""

    keys: tuple[AESGCM, ...] = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)

    def lock(self, payload: bytes, bound_to: str = "") -> bytes:
        """*bound_to*: what it must be opened with again, so that nothing sealed passes for something else."""
        nonce = self.entropy(_NONCE_BYTES)
        return nonce + self.keys[0].encrypt(nonce, payload, bound_to.encode())

    def unlock(self, sealed: bytes, bound_to: str = "") -> bytes | None:
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for key in self.keys if rest else ():
            try:
                return key.decrypt(nonce, rest, bound_to.encode())
            except (InvalidTag, ValueError):
                continue
        return None

    # ---- as text, for cookies and links ----

    def seal(self, payload: bytes) -> str:
        return base64url.encode(self.lock(payload))

    def open(self, sealed: str) -> bytes | None:
        try:
            return self.unlock(base64url.decode(sealed)) if len(sealed) <= _LONGEST else None
        except ValueError:
            return None


def read_keys(written: tuple[str, ...]) -> tuple[MasterKey, ...]:
    """Raises BadSettings."""
    try:
        return tuple(MasterKey.parse(one) for one in written)
    except ValueError as error:
        raise BadSettings("The key of the web sign-in is none", advice=str(error)) from None


def box(masters: tuple[MasterKey, ...], purpose: str, client_id: str, entropy: Callable[[int], bytes]) -> Box:
    """Two applications with one key by mistake still cannot open each other's."""
    derived = (_key(one, purpose, client_id) for one in masters)
    return Box(tuple(derived), entropy)


def new_master(entropy: Callable[[int], bytes]) -> MasterKey:
    return MasterKey(entropy(KEY_BYTES))


def _key(master: MasterKey, purpose: str, client_id: str) -> AESGCM:
    about = base64url.encode(client_id.encode())
    return AESGCM(derive(master, purpose=f"web sign-in {purpose}", tenant=about, epoch=None))

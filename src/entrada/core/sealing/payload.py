"""Typed payloads of sealed artefacts: MessagePack arrays, the fields in order and without their names.

What was sealed by an older release must open in a newer one, and while releases change over, the reverse. So:

* A payload type only ever grows at its end, by fields with defaults. Removing, reordering or retyping a field makes
  another payload: give it another type and another purpose.
* Trailing fields that hold their default are not written. What an older release sealed is what the newer one would seal
  for the same values, byte for byte, so deterministic sealing survives an upgrade too.
* A longer array than the type knows is refused. The field that is not understood could be a limit (bound to a key, good
  for one use), and dropping a limit is worse than asking somebody to sign in again. A release that does not use a new
  field yet writes nothing that the release before it cannot read.
"""

from functools import lru_cache
from typing import Final, TypeVar

import msgspec
from msgspec import Struct, structs

from entrada.core.sealing.envelope import NotSealed


class Payload(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What all payload types derive from, as `class Code(Payload, frozen=True)`: type checkers want it said again."""


PayloadT = TypeVar("PayloadT", bound=Payload)

_encoder: Final = msgspec.msgpack.Encoder()


def pack(value: Payload) -> bytes:
    fields = list(structs.astuple(value))
    defaults = _defaults(type(value))
    while fields and fields[-1] == defaults[len(fields) - 1]:
        fields.pop()
    return _encoder.encode(fields)


def unpack(data: bytes, type_: type[PayloadT]) -> PayloadT:
    """Raise NotSealed for any other shape: it opened, so we sealed it, but as something else."""
    try:
        value: PayloadT = _decoder(type_).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotSealed from None
    return value


@lru_cache(maxsize=64)
def _defaults(type_: type[Payload]) -> tuple[object, ...]:
    """A default per field, in order; NODEFAULT, which equals no value, where there is none."""
    return tuple(known.default for known in structs.fields(type_))


@lru_cache(maxsize=64)
def _decoder(type_: type[PayloadT]) -> "msgspec.msgpack.Decoder[PayloadT]":
    return msgspec.msgpack.Decoder(type_)

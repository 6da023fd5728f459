"""A document's bytes as text: UTF-8, or UTF-16 where a byte order mark says so.  XML 1.0 §4.3.3."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.document.place import Lines
from entrada.core.gateway.document.tree import MAX_BYTES

_INSTEAD = "save the file as UTF-8."


def decoded(data: bytes) -> str | Fault:
    """Of what is too large no more than shows that."""
    data = data[: 2 * MAX_BYTES + 4]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    return _decoded(data.removeprefix(BOM_UTF8), "utf-8")


def _decoded(data: bytes, encoding: str) -> str | Fault:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        before = data[: wrong.start].decode(encoding, "replace")
        return Fault(Lines.of(before).place(len(before)), f"This is no {encoding.upper()}.", _INSTEAD)

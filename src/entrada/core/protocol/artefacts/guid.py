"""GUIDs as bytes, and back."""

from uuid import UUID


def to_bytes(guid: str) -> bytes:
    return bytes.fromhex(guid.replace("-", ""))


def to_text(raw: bytes) -> str:
    """Raises ValueError unless *raw* is 16 bytes."""
    return str(UUID(bytes=raw))

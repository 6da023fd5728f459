"""What a tenant's sign-in pages may be made to look like.  Graph: organizationalBranding."""

import re
from typing import Final

from entrada.core.directory import plain_text

MAX_LOGO: Final = 100 * 1024  # bytes: it travels with every visitor's first page
MAX_TEXT: Final = 1024  # characters
_ACCENT: Final = re.compile(r"#[0-9a-f]{6}")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


def accent_fault(accent: str) -> str | None:
    return None if _ACCENT.fullmatch(accent) else f"{accent!r} is no colour such as #0b6e4f, in lower case."


def logo_fault(logo: bytes) -> str | None:
    if len(logo) > MAX_LOGO:
        return f"A logo has at most {MAX_LOGO // 1024} kB, not {-(-len(logo) // 1024)}."
    # SVG is left out: it can hold scripts.
    return None if logo_type(logo) else "A logo is a PNG, JPEG or WebP image."


def logo_type(logo: bytes) -> str | None:
    """The media type, by the first bytes: names of files lie."""
    if logo.startswith(_PNG):
        return "image/png"
    if logo.startswith(_JPEG):
        return "image/jpeg"
    return "image/webp" if logo[:4] == b"RIFF" and logo[8:12] == b"WEBP" else None


def sign_in_text_fault(text: str) -> str | None:
    if len(text) > MAX_TEXT:
        return f"The sign-in text has at most {MAX_TEXT} characters, not {len(text)}."
    return None if plain_text.is_paragraphs(text) else "The sign-in text holds a control character."

"""An id made of a display name, as Azure's portal makes them: it stands in addresses, and does not change later."""

import re
import unicodedata
from typing import Final

_OTHERS: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 80


def id_of(display_name: str, fallback: str) -> str:
    """*fallback*: where a name in another script leaves nothing of itself."""
    plain = unicodedata.normalize("NFKD", display_name).encode("ascii", "ignore").decode().lower()
    return _OTHERS.sub("-", plain).strip("-")[:_LONGEST].rstrip("-") or fallback

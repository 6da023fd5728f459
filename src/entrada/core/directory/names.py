"""Which texts are a domain, or a user principal name.  RFC 1035 §2.3.1; reference section 1."""

import re
from typing import Final

_LABEL: Final = r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
DOMAIN: Final = re.compile(rf"(?=.{{3,253}}\Z){_LABEL}(\.{_LABEL})+")
PRINCIPAL_NAME: Final = re.compile(r"[A-Za-z0-9.\-_!#^~'+$%&]{1,64}@" + DOMAIN.pattern, re.IGNORECASE)


def is_domain(text: str) -> bool:
    """In lower case, with a dot in it."""
    return DOMAIN.fullmatch(text) is not None


def is_principal_name(text: str) -> bool:
    return PRINCIPAL_NAME.fullmatch(text) is not None

"""How the gateway's entities are told apart: names chosen by their authors.  Gateway reference section 13.1."""

import re
from collections.abc import Iterator
from typing import Final, NewType

from entrada.core.directory.application_rules import Broken

ApiId = NewType("ApiId", str)
OperationId = NewType("OperationId", str)  # unique within its API
ProductId = NewType("ProductId", str)
SubscriptionId = NewType("SubscriptionId", str)
AuthorizationServerId = NewType("AuthorizationServerId", str)
OpenIdProviderId = NewType("OpenIdProviderId", str)
NamedValueId = NewType("NamedValueId", str)

LONGEST_NAME: Final = 300
_SPOILED: Final = re.compile(r"[*#&+:<>?/\\\x00-\x1f\x7f]")  # Azure's, and what would not survive a path
_DOTS: Final = (".", "..")  # which lead elsewhere in a path


def about_id(value: str, longest: int = 256) -> Iterator[Broken]:
    if not 1 <= len(value) <= longest or _SPOILED.search(value) or value in _DOTS:
        yield Broken(f"An id has 1 to {longest} characters, not only dots, and none of * # & + : < > ? / \\.", "name")


def about_name(value: str) -> Iterator[Broken]:
    if not 1 <= len(value) <= LONGEST_NAME:
        yield Broken(f"A display name has 1 to {LONGEST_NAME} characters.", "displayName")

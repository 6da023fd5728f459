"""The JSON that requests to Graph carry."""

from msgspec import Struct


class WhichGroups(Struct, rename="camel"):
    """Of getMemberGroups and getMemberObjects."""

    security_enabled_only: bool = False

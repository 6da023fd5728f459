"""What a member of a noun is called in JSON, and the other way round.  Gateway reference sections 13 and 14."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_type_hints

import attrs

_NAMES: Final = {
    "oauth2": "oAuth2AuthenticationSettings",
    "openid": "openidAuthenticationSettings",
    "api_ids": "apis",
}


def json_name(member: str) -> str:
    first, *rest = member.split("_")
    return _NAMES.get(member) or first + "".join(word.title() for word in rest)


@cache
def members_of(kind: Any) -> Mapping[str, "attrs.Attribute[Any]"]:
    """By their names in JSON, in the order of the noun."""
    return MappingProxyType({json_name(one.name): one for one in attrs.fields(kind) if one.init})


@cache
def types_of(kind: Any) -> Mapping[str, Any]:
    """By the names of the members themselves."""
    return MappingProxyType(get_type_hints(kind))

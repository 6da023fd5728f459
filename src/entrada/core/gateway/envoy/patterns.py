"""Paths and queries that Envoy and `decide` cannot read differently, as RE2 patterns.  RFC 3986, sections 3.3 and 3.4.

What is not matched here goes to the Python proxy: dot segments, backslashes, empty segments, escapes of ASCII or with
small letters, names of query parameters that are escaped.
"""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from entrada.core.gateway.entities.operation import PARAMETER
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.paths import is_climbing

_ESCAPED: Final = "%20|%[89A-F][0-9A-F]"  # a space, and bytes of UTF-8
_PLAIN: Final = r"A-Za-z0-9_~!$&'()*+,=:@\-"
_SEGMENT: Final = f"(?:[{_PLAIN}]|{_ESCAPED})(?:[{_PLAIN}.;]|{_ESCAPED})*"  # never begins with a dot
_AS_IT_IS: Final = "/~!$&'()*+,;=:@"
_REST: Final = f"(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?"
_UNRESERVED: Final = "([A-Za-z0-9_~-][A-Za-z0-9._~-]*)"
_SIMPLE: Final = re.compile(r"[A-Za-z0-9._~-]+")

TARGET: Final = r'[!"$->@-~]+(?:\?[!"$-~]+)?'  # printable ASCII without fragment; no empty query
TARGET_WITHOUT_QUERY: Final = r'[!"$->@-~]+'


def literal_path(template: str) -> str | None:
    """The only path that a template of an operation means; None where it has parameters."""
    return None if PARAMETER.search(template) else template


def path_pattern(public_path: str, template: str, *, kept: bool = False) -> str:
    """Of a whole path; *kept*: each parameter a group, of characters that no escaping changes.  Raises NotNative."""
    path, _, asked = template.partition("?")
    if asked:
        raise NotNative("the operation is told from others by its query")
    outside = PARAMETER.sub("x", path)
    if is_climbing(f"{public_path}{outside}") or any(odd in outside for odd in ("%", "/.", "//")):
        raise NotNative("the operation's path is an unusual one")
    parts = list[str]()
    end = 0
    for found in PARAMETER.finditer(path):
        parts += [re.escape(path[end : found.start()]), _REST if found[1] else _UNRESERVED if kept else _SEGMENT]
        end = found.end()
    return re.escape(public_path) + "".join([*parts, re.escape(path[end:])])


def every_path(template: str) -> str:
    """Of a path behind the API's: whatever `decide` takes for this operation and a native route could take, too."""
    path, _, _ = template.partition("?")
    parts = list[str]()
    end = 0
    for found in PARAMETER.finditer(path):
        parts += [_as_sent(path[end : found.start()]), ".*" if found[1] else "[^/]+"]
        end = found.end()
    return "".join([*parts, _as_sent(path[end:])])


def _as_sent(literal: str) -> str:
    """As native routes take it: `decide` reads escapes, and so no spelling of it may look like another operation."""
    return re.escape(quote(unquote_to_bytes(literal), safe=_AS_IT_IS))


def takes_nothing(template: str) -> bool:
    """Whether the API's own path, without a slash behind it, is this operation too."""
    path, _, _ = template.partition("?")
    return path == "/" or (path.startswith("/{*") and path.endswith("}") and path.count("{") == 1)


def naming(parameter: str) -> str:
    """A target with that query parameter, in whatever case, or with one whose name is escaped."""
    if not _SIMPLE.fullmatch(parameter):
        raise NotNative(f"the query parameter {parameter!r} has an unusual name")
    return rf"[^?]*\?(?:.*&)?(?:[^=&]*[%+][^=&]*|(?i:{re.escape(parameter)}))(?:[=&].*)?"

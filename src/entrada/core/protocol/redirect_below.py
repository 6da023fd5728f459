"""Which registered redirect URI an admin consent returns to, or below.  Reference section 28.

Entra lets it have extra path segments and does not say which.  Ours are plain words behind a slash, so that neither the
host nor the folder can change: no segment of dots, no query, nothing encoded; and only below web addresses that end in
a path.  The answer tells nothing secret, but no redirect may leave what the application has registered.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from entrada.core.directory.application import RedirectUri
from entrada.core.protocol.redirect_uri import find_registered

_LONGEST: Final = 512
_SEGMENTS: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~\-]+){1,8}", re.ASCII)
_WEB: Final = re.compile(r"https?://[^/?#]+(?:/[^?#]*)?", re.ASCII)


def find_at_or_below(sent: str, registered: Iterable[RedirectUri]) -> RedirectUri | None:
    """The registration that *sent* matches, or else the longest one that it continues."""
    among = tuple(registered)
    if len(sent) > _LONGEST:
        return None
    return find_registered(sent, among) or next(_below(sent, tuple(filter(_is_web, among))), None)


def _below(sent: str, among: tuple[RedirectUri, ...]) -> Iterator[RedirectUri]:
    slashes = [at for at, letter in enumerate(sent) if letter == "/"]
    for at in reversed(slashes):
        if not _SEGMENTS.fullmatch(sent[at:]):
            continue
        # Registered without a slash at its end, or with one.
        found = find_registered(sent[:at], among) or find_registered(sent[: at + 1], among)
        if found is not None:
            yield found


def _is_web(registered: RedirectUri) -> bool:
    return _WEB.fullmatch(registered.uri) is not None

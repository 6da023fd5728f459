"""Which redirect URIs one was compared with: for the story of the request, never for the page shown to strangers."""

from collections.abc import Iterable
from typing import Final

from entrada.core.directory.application import Platform, RedirectUri

_MOST: Final = 20


def weighed_redirect_uris(registered: Iterable[RedirectUri], platform: Platform | None = None) -> dict[str, str]:
    """Of *platform* alone, where one is known."""
    found = [one for one in registered if platform is None or one.platform is platform]
    shown = {f"registered {at} ({one.platform})": one.uri for at, one in enumerate(found[:_MOST], 1)}
    return {"registered redirect URIs": str(len(found)), **shown}

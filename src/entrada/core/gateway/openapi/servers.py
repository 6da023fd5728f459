"""The backend that a document names.  OpenAPI 3.1, sections 4.8.5 and 4.8.6; gateway reference section 15."""

import re
from typing import Final
from urllib.parse import urljoin

from entrada.core.gateway.entities.url import HOSTS, web_url
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.spot import Spot

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


def read_service_url(reading: Reading, source_url: str | None) -> str:
    """The first with https; without one the first with http, which Azure would not take.  Empty when none is named."""
    spot = Spot(reading.root).at("servers")
    found = [url for item in reading.items(spot) if (url := _url(reading, item, source_url))]
    chosen = next((one for one in found if one.startswith("https:")), found[0] if found else "")
    if len(found) > 1:
        reading.remark(spot, f"Of several servers one is the backend: {chosen}")
    return chosen


def _url(reading: Reading, item: Spot, source_url: str | None) -> str:
    if not reading.is_object(item):
        return ""
    spot = item.at("url")
    text = _filled(reading, item, reading.text(spot))
    url = _absolute(text, source_url)
    if url is None:
        reading.remark(spot, "The server is relative to where the document stands: give the URL of the backend.")
        return ""
    usable = web_url(url)
    if usable is None or usable.query:
        reading.fault(spot, "This is no URL of a backend.", f"Write one with https:// or http://, {HOSTS}, no query.")
        return ""
    return url.rstrip("/")


def _absolute(text: str, source_url: str | None) -> str | None:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text
    try:
        return urljoin(source_url, text) if source_url else None
    except ValueError:
        return text


def _filled(reading: Reading, item: Spot, text: str) -> str:
    """With the defaults of its variables."""

    def default(found: re.Match[str]) -> str:
        spot = item.at("variables").at(found[1])
        value = reading.text(spot.at("default"))
        if not value:
            reading.fault(spot, f"The variable `{found[1][:80]}` has no default.", "Give it one, or write the URL out.")
        return value

    return _VARIABLE.sub(default, text)

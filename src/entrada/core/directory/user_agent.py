"""Which program and which system a User-Agent header names.  RFC 9110 §10.1.5.

It is the sender's own word: it helps a person to recognize a device of theirs, and decides nothing.
"""

from typing import Final

# The first that fits: each browser also names those it wants to be taken for.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "macOS"),
    ("Darwin", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 40


def program_of(user_agent: str) -> str | None:
    browser = _first(_BROWSERS, user_agent) if user_agent.startswith("Mozilla/") else None
    return browser or user_agent.partition("/")[0].partition(" ")[0][:_LONGEST] or None


def system_of(user_agent: str) -> str | None:
    return _first(_SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for part, name in known if part in user_agent), None)

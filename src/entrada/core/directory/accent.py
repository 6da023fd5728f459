"""The shades of a tenant's accent that text and buttons of a page are drawn in.  WCAG 2.2 §1.4.3.

Whatever colour a tenant chooses, it is moved towards black on light pages and towards white on dark ones until it can
be read there: a pale yellow stays a yellow, and its links stay links.
"""

from typing import Final

from attrs import frozen

Colour = tuple[int, int, int]

_LEGIBLE: Final = 4.5  # of text against its ground; by as much a button's label differs from the button
_STEPS: Final = 20
_BLACK: Final[Colour] = (0, 0, 0)
_WHITE: Final[Colour] = (255, 255, 255)
_LIGHT_GROUND: Final[Colour] = (0xED, 0xF2, 0xEC)  # the darkest ground of a light page
_DARK_GROUND: Final[Colour] = (0x2C, 0x3D, 0x35)  # the lightest of a dark one
_STRONGER: Final = 0.25  # nearer to black or white, under the mouse


@frozen
class Shades:
    """As `#rrggbb`."""

    accent: str
    strong: str
    on_accent: str  # a label on either


def light_shades(accent: str) -> Shades:
    return _shades(_read(accent), _BLACK, _LIGHT_GROUND, _WHITE)


def dark_shades(accent: str) -> Shades:
    return _shades(_read(accent), _WHITE, _DARK_GROUND, _BLACK)


def contrast(one: str, other: str) -> float:
    """The ratio of the two, from 1 to 21."""
    return _contrast(_read(one), _read(other))


def _shades(accent: Colour, towards: Colour, ground: Colour, label: Colour) -> Shades:
    found = _legible(accent, towards, ground)
    return Shades(_write(found), _write(_mixed(found, towards, _STRONGER)), _write(label))


def _legible(accent: Colour, towards: Colour, ground: Colour) -> Colour:
    shades = (_mixed(accent, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(one for one in shades if _contrast(one, ground) >= _LEGIBLE)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _read(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _write(colour: Colour) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour)

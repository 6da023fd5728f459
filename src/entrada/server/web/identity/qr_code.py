"""A QR code as an image that stands in the page itself.  ISO/IEC 18004."""

from segno import make

_SCALE = 5
_QUIET_ZONE = 4  # modules: §9.1 asks for no fewer, and readers fail in dark pages without


def qr_code(text: str) -> str:
    """A `data:` address of an SVG, black on white whatever the page's colours: readers want it so."""
    address: str = make(text, error="m", micro=False).svg_data_uri(
        scale=_SCALE, border=_QUIET_ZONE, dark="#000", light="#fff"
    )
    return address

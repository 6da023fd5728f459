"""What somebody is asked to sign in for: an authorization request, or one of our own pages."""

from enum import Flag, auto


class Errand(Flag):
    """Packed as a number: only ever append."""

    AUTHORIZE = auto()  # an application's authorization request
    DEVICE = auto()  # to let a device in; RFC 8628 §3.3
    ADMIN_CONSENT = auto()  # to consent for a whole organization; reference section 28
    ACCOUNT = auto()  # to see one's own account

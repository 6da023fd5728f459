"""What each policy element saw and decided, so that a refusal explains itself.  Design section 10."""

from attrs import frozen

from entrada.core.gateway.document.place import Place


@frozen(kw_only=True)
class Entry:
    """*saw* and *decided* hold no token, key or secret; *would_pass* says what to change, of a refusal alone."""

    section: str
    element: str
    scope: str
    place: Place | None  # None for the steps that no document writes: the operation, the subscription key
    saw: str
    decided: str
    would_pass: str | None = None
    refused: bool = False

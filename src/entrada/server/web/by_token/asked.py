"""One request and its answer, apart from the way they travel: HTTP, or a call within the process."""

from collections.abc import Mapping

from attrs import field, frozen

Json = Mapping[str, object]


@frozen(kw_only=True)
class Asked:
    method: str
    path: str  # after the root of its site, decoded
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)  # names in lower case
    body: bytes = field(default=b"", repr=False)


@frozen(kw_only=True)
class Answer:
    status: int
    body: Mapping[str, object] | str | None = None  # JSON or a text; None: there is none
    headers: Mapping[str, str] = field(factory=dict[str, str])

"""A flow of a client, written once as a generator and driven twice: by `driver.drive` and by `driver.drive_async`.

It yields each call it needs made and is sent the reply; what it returns is its answer.
"""

from collections.abc import Generator, Mapping
from typing import TypeAlias, TypeVar

from attrs import field, frozen

from entrada.core.jose.json_object import parse_object

T = TypeVar("T")


@frozen(kw_only=True)
class Call:
    """One HTTP request; redirects are not followed."""

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)  # posted; None: a GET


@frozen(kw_only=True)
class Reply:
    status: int
    body: bytes = field(repr=False)

    def members(self) -> dict[str, object]:
        """Of the JSON object in the body; raise ValueError for anything else."""
        return parse_object(self.body)


class Unreachable(Exception):
    """Nobody answers, at present.  A transport raises it where the flow yielded; a flow, of an authority that ails."""


Flow: TypeAlias = Generator[Call, Reply, T]

"""A flow of a client, written once as a generator and driven twice: by `driver.drive` and by `driver.drive_async`.

It yields what it needs done and, of a call, is sent the reply; what it returns is its answer.
"""

from collections.abc import Callable, Generator, Mapping
from typing import TypeAlias, TypeVar

from attrs import field, frozen

from entrada.client.errors import Unreachable
from entrada.core.jose.json_object import parse_object

__all__ = ["Call", "Do", "Flow", "Reply", "Step", "Tell", "Unreachable", "Wait", "doing"]

T = TypeVar("T")


@frozen(kw_only=True)
class Call:
    """One HTTP request; redirects are not followed."""

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)  # posted; None: a GET
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    method: str | None = None  # where it is neither
    content: bytes | None = field(default=None, repr=False)  # sent as it is, its type named by a header
    repeatable: bool = False  # may be sent again though the first may have arrived; a GET always may


@frozen(kw_only=True)
class Reply:
    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)  # names in lower case

    def members(self) -> dict[str, object]:
        """Of the JSON object in the body; raise ValueError for anything else."""
        return parse_object(self.body)


@frozen
class Wait:
    """Let that many seconds pass."""

    seconds: float


@frozen(kw_only=True)
class Tell:
    """Words for the person: where to go, and the code to type there."""

    message: str
    url: str | None = None
    user_code: str | None = field(default=None, repr=False)
    waits: float | None = None  # seconds that they have for it


@frozen
class Do:
    """Something that may block: a file, a database.  An asynchronous driver does it in a thread."""

    work: Callable[[], None]


Step: TypeAlias = Call | Wait | Tell | Do
Flow: TypeAlias = Generator[Step, Reply, T]
"""Sent the reply to a Call; to the other steps, one that means nothing."""


def doing(work: Callable[[], T]) -> Flow[T]:
    """The answer of *work*, which may block: `found = yield from doing(lambda: store.load(key))`.

    What it raises is raised where the flow stands.
    """
    answers = list[T]()
    yield Do(lambda: answers.append(work()))
    return answers[0]

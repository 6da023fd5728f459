"""What a policy's step leads to.  `None` is the ordinary one: the next policy."""

from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.failure import Failure


@frozen
class Run:
    """These, before what comes next: the branch that choose has chosen."""

    statements: tuple[Statement, ...]


@frozen(kw_only=True)
class Send:
    """Ask the backend now."""

    timeout: float  # seconds
    fails_on_error_status: bool = False


@frozen
class Finish:
    """Answer with this, and run no further policy."""

    response: Response


Outcome: TypeAlias = Run | Send | Finish | Failure | None

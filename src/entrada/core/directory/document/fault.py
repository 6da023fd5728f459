"""What is wrong with a file, and where."""

from attrs import frozen

from entrada.core.directory.document.tree import Position


@frozen(order=True)
class Fault:
    at: Position
    message: str

    def __str__(self) -> str:
        return f"{self.at.line}:{self.at.column}: {self.message}"


class FaultFound(Exception):
    """Leaves one object unread; its list notes the fault and goes on with the next."""

    def __init__(self, at: Position, message: str, *more: Fault) -> None:
        super().__init__(message)
        self.fault = Fault(at, message)
        self.faults = (self.fault, *more)

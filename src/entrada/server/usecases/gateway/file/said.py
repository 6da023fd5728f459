"""What a file asks for, and where it stands there."""

from attrs import field, frozen

from entrada.core.directory.document.fault import Fault
from entrada.core.directory.document.tree import Position
from entrada.core.gateway.document.fault import Fault as PolicyFault
from entrada.server.usecases.gateway.file.positions import Written
from entrada.server.usecases.gateway.records import Noun, Policy
from entrada.server.usecases.gateway.state import Place, place_of


@frozen(kw_only=True)
class Said:
    """A noun, and where it stands; the text of a policy may stand in a file of its own."""

    noun: Noun
    path: str
    file: str = ""


@frozen
class Asked:
    said: tuple[Said, ...]
    written: Written
    text: str = field(repr=False)
    faults: tuple[Fault, ...] = ()  # in reading it: what they are of is not among *said*
    knows_values: bool = True  # of the named values in policies

    def where(self, said: Said, member: str = "") -> Position:
        return self.written.position(f"{said.path}.{member}" if member else said.path)

    def of(self, place: Place) -> Said | None:
        return next((one for one in self.said if place_of(one.noun) == place), None)

    def in_policy(self, said: Said, fault: PolicyFault) -> Fault:
        """Where the line of a document is in this file, if it is a block of it."""
        at, words = self.where(said), f"{fault.what} Instead: {fault.instead}"
        lines = self.text.splitlines()
        if said.file or lines[at.line - 1][at.column - 1 : at.column] != "|" or not isinstance(said.noun, Policy):
            return Fault(at, f"{said.file or 'the policy'}:{fault.place}: {words}")
        first = said.noun.text.splitlines()[0]
        indent = len(lines[at.line]) - len(first)
        return Fault(Position(at.line + fault.place.line, indent + fault.place.column), words)

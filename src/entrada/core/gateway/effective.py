"""What holds for a request: all scopes' documents, each `<base />` replaced by what is inherited.  Reference 1."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.policies import BASE, SECTIONS, Policies
from entrada.core.gateway.parse import parse

SCOPES: Final = ("global", "product", "api", "operation")  # the widest first
AZURES_GLOBAL: Final = """<policies>
    <inbound />
    <backend>
        <forward-request />
    </backend>
    <outbound />
    <on-error />
</policies>
"""  # what holds for all APIs until somebody writes otherwise
_UNWRITTEN: Final = parse(AZURES_GLOBAL).policies


@frozen
class Scoped:
    """A statement, and whose document it stands in."""

    element: Element
    scope: str

    @property
    def place(self) -> Place:
        return self.element.place


@frozen
class Effective:
    sections: Mapping[str, tuple[Scoped, ...]]  # all four


def effective(documents: Mapping[str, Policies]) -> Effective:
    """*documents* by scope: those that exist, and a product's only where the request came in its context."""
    written: dict[str, Policies] = {"global": _UNWRITTEN, **documents}
    scopes = [scope for scope in SCOPES if scope in written]
    return Effective({section: tuple(_resolved(written, scopes, section)) for section in SECTIONS})


def _resolved(written: Mapping[str, Policies], scopes: Sequence[str], section: str) -> Iterator[Scoped]:
    """From the narrowest of *scopes* up; what has no document is passed over, as if it held only `<base />`."""
    if not scopes:
        return
    wider, scope = scopes[:-1], scopes[-1]
    found = written[scope].section(section)
    for element in found.statements if found else ():
        if element.name == BASE:
            yield from _resolved(written, wider, section)
        else:
            yield Scoped(element, scope)

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


def effective(documents: Mapping[str, Policies], unwritten: Policies = _UNWRITTEN) -> Effective:
    """*documents* by scope: those that exist, and a product's only where the request came in its context.

    *unwritten* is Azure's global document, for what nobody writes.
    """
    scopes = ["", *(scope for scope in SCOPES if scope in documents)]
    written = {"": unwritten, **documents}
    return Effective({section: tuple(_resolved(written, scopes, section)) for section in SECTIONS})


def _resolved(written: Mapping[str, Policies], scopes: Sequence[str], section: str) -> Iterator[Scoped]:
    """From the narrowest of *scopes* up; what is not written is passed over, as if it held only `<base />`.

    Of a document that lacks a section nobody says what Azure makes of it [unverified]: whoever wrote nothing there did
    not mean to switch off what protects all APIs, or the call of the backend.
    """
    wider, scope = scopes[:-1], scopes[-1]
    found = written[scope].section(section)
    if found is None:
        yield from _resolved(written, wider, section)
        return
    for element in found.statements:
        if element.name != BASE:
            yield Scoped(element, scope or SCOPES[0])
        elif scope != SCOPES[0]:  # where it has no effect
            yield from _resolved(written, wider, section)
